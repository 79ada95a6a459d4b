// Calls that nobody wrote: how they are searched, told, disturbed and proposed.

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/diag/render.h"
#include "compiler/format/format.h"
#include "compiler/lower/compile.h"
#include "runtime/core/state.h"
#include "runtime/prove/answers.h"
#include "runtime/prove/exploration.h"
#include "runtime/prove/fuzz.h"
#include "runtime/prove/generate.h"
#include "runtime/prove/script_of.h"
#include "runtime/prove/source.h"
#include "runtime/prove/walk.h"
#include "runtime/rehearse/rehearsal.h"
#include "tests/support/places.h"

using namespace flow;

namespace {

auto compiled(const std::string& flow, const std::string& more = {}) -> lower::Compiled {
  const auto path = test::source_dir() + "/" + flow;
  check::LoadOptions options;
  options.read = [&](const std::string& file) {
    auto text = check::read_from_disk(file);
    return text && file == path ? Result<std::string>(*text + "\n" + more) : text;
  };
  auto result = lower::compile(path, options);
  INFO(more << diag::render(result.checked.report, result.checked.sources));
  REQUIRE(result.program);
  return result;
}

auto compiled_text(const std::string& flow) -> lower::Compiled {
  check::LoadOptions options;
  options.read = [&](const std::string& path) -> Result<std::string> {
    if (path.ends_with("page.flow")) return flow;
    std::string lua;
    for (int i = 0; i < 32; ++i) lua += fmt::format("function look{}(query) end\n", i);
    return lua;
  };
  auto result = lower::compile("page.flow", options);
  INFO(diag::render(result.checked.report, result.checked.sources));
  REQUIRE(result.program);
  return result;
}

// Many tools of one kind, or each of its own.
auto desk(int tools, bool alike) -> std::string {
  std::string text = "flow shop { start desk; realtime voice }\nimport std.policies\nrealtime voice { provider simulated }\n";
  std::string names;
  for (int i = 0; i < tools; ++i) {
    text += fmt::format("/// Look in catalogue {}.\ntool look{}(query: string) -> string reads {{ lua \"look.lua\"; policy background {{ timeout {}s }} }}\n", i, i, alike ? 30 : 30 + i);
    names += fmt::format("{}look{}", names.empty() ? "" : ", ", i);
  }
  return text + "agent desk { voice \"marin\"; instructions \"Help.\"; greet first \"Hello.\"; tools " + names + " }\n";
}

auto explored(const lower::Compiled& flow, const prove::Bound& bound) -> prove::Explored {
  const prove::Deeds deeds(*flow.program);
  return prove::explore(*flow.program, deeds, bound);
}

const std::vector<std::string> Flows{"flows/support/support.flow", "examples/02_background_tool/weather.flow", "examples/03_policies/policies.flow", "examples/04_handoffs/handoffs.flow", "examples/05_state/state.flow", "examples/06_forms/returns.flow", "examples/07_transfer/transfer.flow"};

}  // namespace

TEST_CASE("every test of the flows that ship is told as it was written") {
  for (const auto* path : {"flows/support/support.test.flow", "examples/03_policies/policies.test.flow", "examples/04_handoffs/handoffs.test.flow", "examples/06_forms/returns.test.flow",
                           "examples/07_transfer/transfer.test.flow", "flows/appointments/appointments.test.flow"}) {
    const auto original = compiled(path);
    std::string text;
    const auto again_of = [](ir::Test test) {
      test.title += ", again";
      std::erase_if(test.steps, [](const ir::TestStep& s) { return s.kind == ir::TestStep::Kind::Check; });  // an expression has no source any more
      return test;
    };
    for (const auto& test : original.tests.tests) text += prove::source_of(original.tests.program, again_of(test));
    const auto again = compiled(path, text);
    const auto count = original.tests.tests.size();
    REQUIRE(again.tests.tests.size() == 2 * count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& test = again.tests.tests[count + i];
      INFO(test.title);
      CHECK(prove::source_of(again.tests.program, test) == prove::source_of(original.tests.program, again_of(original.tests.tests[i])));
      CHECK(rehearse::rehearse(again.tests.program, test).passed());
    }
  }
}

TEST_CASE("what is told of a test is laid out as the formatter does it") {
  const auto flow = compiled("flows/support/support.test.flow");
  const auto text = prove::source_of(flow.tests.program, flow.tests.tests.front());
  Sources sources;
  diag::Report report;
  CHECK(format::format(sources.add("t.flow", text), report) == text);
}

TEST_CASE("the same flow is explored in the same way every time") {
  const auto flow = compiled("examples/04_handoffs/handoffs.flow");
  const prove::Bound bound{.deeds = 3, .moments = 5'000};
  const auto first = explored(flow, bound), second = explored(flow, bound);
  CHECK(first.moments == second.moments);
  CHECK(first.steps == second.steps);
  CHECK(first.deeds == second.deeds);
}

TEST_CASE("a small bound is exhausted, and says so; a large one is not begun twice") {
  const auto flow = compiled("examples/01_hello/hello.flow");
  const auto all = explored(flow, {.deeds = 2, .moments = 100'000});
  CHECK(all.complete);
  CHECK(all.deeds == 2);
  const auto some = explored(flow, {.deeds = 2, .moments = 50});
  CHECK_FALSE(some.complete);
  CHECK(some.moments <= 50);
}

TEST_CASE("twenty tools that are alike cost no more than three") {
  const prove::Bound bound{.deeds = 2, .moments = 1'000'000};
  const auto few = explored(compiled_text(desk(3, true)), bound);
  const auto many = explored(compiled_text(desk(20, true)), bound);
  CHECK(many.tools == 20);
  CHECK(many.tool_kinds == 1);
  CHECK(many.complete);
  CHECK(many.moments == few.moments);
  CHECK(explored(compiled_text(desk(20, false)), {.deeds = 1, .moments = 1'000'000}).tool_kinds == 20);
}

TEST_CASE("an exploration fills forms, has them read back, submits them, and goes on from each") {
  const auto flow = compiled("examples/06_forms/returns.flow");
  const prove::Deeds deeds(*flow.program);
  std::set<core::FormState::Stage> stages;
  prove::walk(*flow.program, deeds, 60, [&](const prove::Branch& call) {
    stages.insert(call.stage().state().forms.front().stage);
    return true;
  });
  using Stage = core::FormState::Stage;
  CHECK(stages.contains(Stage::Open));
  CHECK(stages.contains(Stage::ReadBack));
  CHECK(stages.contains(Stage::Done));
  CHECK(prove::explore(*flow.program, deeds, {.deeds = 1, .moments = 100'000}).agents_reached == 2);
}

TEST_CASE("answers to a form do, and do not, what its condition says") {
  const auto flow = compiled("flows/appointments/appointments.flow");
  const auto& form = flow.program->forms[Id<ir::Form>{0}];
  const auto answers = prove::answers_of(*flow.program, form);
  const auto at = static_cast<std::size_t>(std::ranges::find(form.fields, "at", &ir::FormField::name) - form.fields.begin());
  CHECK(*answers[at].good.text() >= "09:00");
  CHECK(*answers[at].good.text() < "17:00");
  CHECK((*answers[at].bad.text() < "09:00" || *answers[at].bad.text() >= "17:00"));
  const auto phone = static_cast<std::size_t>(std::ranges::find(form.fields, "phone", &ir::FormField::name) - form.fields.begin());
  CHECK(answers[phone].keys == std::vector<std::string>{"1234567#", "1#"});
}

TEST_CASE("the flows that ship break no law, disturbed or not") {
  for (const auto* path : {"flows/support/support.test.flow", "examples/03_policies/policies.test.flow", "examples/04_handoffs/handoffs.test.flow"}) {
    const auto flow = compiled(path);
    auto left = 6;
    for (const auto& test : flow.tests.tests) {
      if (left-- == 0) break;
      const auto fuzzed = prove::fuzz(flow.tests.program, test, 20, 1, [](std::uint64_t) { return true; });
      INFO(path << ": " << test.title << "\n" << prove::source_of(flow.tests.program, fuzzed.test));
      CHECK(fuzzed.law == "");
      CHECK(fuzzed.tried > 100);
    }
  }
}

TEST_CASE("a fuzzing can be stopped, and its seed chooses its pairs") {
  const auto flow = compiled("examples/04_handoffs/handoffs.test.flow");
  const auto& test = flow.tests.tests.front();
  CHECK(prove::fuzz(flow.tests.program, test, 0, 1, [](std::uint64_t tried) { return tried < 10; }).tried == 10);
}

TEST_CASE("for what no test is in, tests are proposed that parse, pass and are in it") {
  for (const auto& path : Flows) {
    INFO(path);
    const auto flow = compiled(path);
    const auto wanted = rehearse::coverable(*flow.program);
    const auto proposed = prove::generate(*flow.program, wanted, {});
    std::string text;
    for (const auto& test : proposed.tests) text += prove::source_of(*flow.program, test);
    INFO(text);
    for (const auto& open : proposed.open) UNSCOPED_INFO("nothing found for " << open);
    const auto again = compiled(path, text);
    rehearse::Covered covered;
    for (const auto& test : again.tests.tests) {
      const auto played = rehearse::rehearse(again.tests.program, test);
      for (const auto& failure : played.failures) UNSCOPED_INFO(test.title << ": " << failure.text);
      CHECK(played.passed());
      covered.add(played.covered);
    }
    CHECK(covered.agents == wanted.agents);
    CHECK(covered.handoffs == wanted.handoffs);
    const auto left = wanted.handlers.size() + wanted.cells.size() - std::min(wanted.handlers.size(), covered.handlers.size()) - std::min(wanted.cells.size(), covered.cells.size());
    CHECK(left <= proposed.open.size());
  }
}

TEST_CASE("what is covered already is not proposed again") {
  const auto flow = compiled("examples/04_handoffs/handoffs.flow");
  const auto wanted = rehearse::coverable(*flow.program);
  const auto first = prove::generate(*flow.program, wanted, {});
  CHECK(prove::generate(*flow.program, wanted, first.covered).tests.empty());
}
