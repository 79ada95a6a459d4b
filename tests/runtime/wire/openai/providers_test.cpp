// What the compiler believes of this service is what its dialect says of a link.

#include "compiler/ir/providers.h"

#include <catch2/catch_test_macros.hpp>

#include "runtime/wire/openai/dialect.h"
#include "tests/runtime/wire/openai/link_test.h"

namespace flow::wire::openai {
namespace {

TEST_CASE("the compiler's record of the service agrees with what the dialect says it can do") {
  const auto* known = ir::provider("openai");
  REQUIRE(known);
  const auto can = Talk{}.dialect->capabilities();
  CHECK(known->cancels == can.cancels);
  CHECK(known->truncates == can.truncates);
  CHECK(known->client_items == can.client_items);
}

}  // namespace
}  // namespace flow::wire::openai
