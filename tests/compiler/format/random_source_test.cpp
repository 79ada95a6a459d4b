// What the list of clauses says may be written, may be written; and every layout of it is one program.

#include "tests/support/random_source.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

#include "compiler/check/clauses.h"
#include "compiler/diag/render.h"
#include "tests/support/compile.h"
#include "tests/support/layout.h"

using namespace flow;

namespace {

constexpr std::uint64_t Seeds = 600;

// Of messages that say "this is not how it is written".
auto is_about_writing(std::string_view code) -> bool {
  static const std::set<std::string_view> Shapes{"F0701", "F0702", "F0703", "F0705", "F0706", "F0707", "F0710", "F0711"};
  return code.starts_with("F01") || code.starts_with("F02") || Shapes.contains(code);
}

}  // namespace

TEST_CASE("whatever the list of clauses shows is accepted as it is shown") {
  for (std::uint64_t seed = 1; seed <= Seeds; ++seed) {
    const auto text = test::random_source(seed);
    const auto checked = test::compile("random.flow", {{"random.flow", text}, {"other.flow", ""}});
    const auto wrong = std::ranges::any_of(checked.report.all(), [](const auto& each) { return is_about_writing(each.code); });
    INFO("seed " << seed << "\n" << text << "\n" << diag::render(checked.report, checked.sources));
    REQUIRE_FALSE(wrong);
  }
}

TEST_CASE("six hundred flows that say everything come to mention every clause there is") {
  std::string all;
  for (std::uint64_t seed = 1; seed <= Seeds; ++seed) all += test::random_source(seed);
  for (const auto& info : check::clauses::all()) {
    INFO(check::describe(info.where) << ": " << info.name);
    CHECK(all.find(info.name) != all.npos);
  }
}

TEST_CASE("laying out a flow that says anything changes nothing of it, nor does doing it twice") {
  int laid_out = 0;
  for (std::uint64_t seed = 1; seed <= Seeds; ++seed) {
    auto text = test::random_source(seed);
    if (seed % 2 == 0) text = test::scattered(text, seed);
    const auto out = test::format_and_look("random.flow", text);
    INFO("seed " << seed << "\n" << text << "\nbecame\n" << out.text);
    REQUIRE(out.broken.value_or("") == "");
    laid_out += !out.text.empty();
  }
  CHECK(laid_out > 400);
}
