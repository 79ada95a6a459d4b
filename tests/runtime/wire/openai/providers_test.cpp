// What a link says that it can do is what the one list of services says.

#include "compiler/ir/providers.h"

#include <catch2/catch_test_macros.hpp>

#include "runtime/wire/capabilities.h"
#include "runtime/wire/openai/dialect.h"
#include "tests/runtime/wire/openai/link_test.h"

namespace flow::wire::openai {
namespace {

TEST_CASE("a link can do what the list says of its service") {
  for (const auto* name : {"openai", "azure_openai", "azure_voice_live", "gemini", "cascade", "simulated"}) {
    INFO(name);
    const auto* known = ir::provider(name);
    REQUIRE(known);
    const auto can = capabilities_of(name);
    CHECK(known->cancels == can.cancels);
    CHECK(known->truncates == can.truncates);
    CHECK(known->client_items == can.client_items);
    CHECK(known->own_turns == can.own_turns);
    CHECK(known->tags == can.tags);
    CHECK(known->out_of_band == can.out_of_band);
  }
  CHECK(Talk{}.dialect->capabilities() == capabilities_of("openai"));
  CHECK_FALSE(capabilities_of("gemini") == capabilities_of("openai"));
}

}  // namespace
}  // namespace flow::wire::openai
