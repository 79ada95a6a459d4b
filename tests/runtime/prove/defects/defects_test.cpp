// A core with a fault is found out by the exploration of the flows that ship, and the test that it prints tells the
// faulty core from the sound one.

#include "tests/runtime/prove/defects/awake.h"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <set>

#include "compiler/diag/render.h"
#include "compiler/lower/compile.h"
#include "runtime/prove/exploration.h"
#include "runtime/prove/fuzz.h"
#include "runtime/prove/script_of.h"
#include "runtime/prove/source.h"
#include "runtime/rehearse/rehearsal.h"
#include "tests/support/places.h"

using namespace flow;

namespace {

struct Row {
  std::string name, what;
  bool applies = false;
};
const std::vector<Row> Defects{
#include "defects.inc"
};

struct Awake {
  explicit Awake(std::string_view name) { defects::awake = name; }
  ~Awake() { defects::awake = {}; }
};

const std::vector<std::string> Flows{"flows/support/support.flow", "examples/03_policies/policies.flow", "examples/04_handoffs/handoffs.flow", "examples/06_forms/returns.flow", "examples/07_transfer/transfer.flow",
                                     "flows/appointments/appointments.flow", "flows/plans/plans.flow"};

// The flow with another test in it.
auto compiled(const std::string& flow, const std::string& test = {}) -> lower::Compiled {
  const auto path = test::source_dir() + "/" + flow;
  check::LoadOptions options;
  options.read = [&](const std::string& file) {
    auto text = check::read_from_disk(file);
    return text && file == path ? Result<std::string>(*text + "\n" + test) : text;
  };
  auto result = lower::compile(path, options);
  INFO(test << diag::render(result.checked.report, result.checked.sources));
  REQUIRE(result.program);
  return result;
}

struct Found {
  std::string flow, law, test;
};

// Most show at once, in one flow or another; the rest is looked for as closely as `flowc check` does.
auto found(const Row& defect) -> std::optional<Found> {
  const Awake awake(defect.name);
  for (const auto moments : {std::uint64_t{8'000}, prove::Bound{}.moments}) {
    for (const auto& flow : Flows) {
      const auto result = compiled(flow);
      const prove::Deeds deeds(*result.program);
      const auto explored = prove::explore(*result.program, deeds, {.moments = moments});
      for (const auto& broken : explored.broken) {
        const auto test = prove::told(*result.program, broken.path, broken.law);
        if (test) return Found{flow, broken.law, prove::source_of(*result.program, *test)};
        UNSCOPED_INFO("not told as a test: " << broken.law);
      }
    }
  }
  return std::nullopt;
}

auto passes(const Found& found) -> std::vector<std::string> {
  const auto result = compiled(found.flow, found.test);
  std::vector<std::string> failures;
  for (const auto& failure : rehearse::rehearse(result.tests.program, result.tests.tests.back()).failures) failures.push_back(failure.text);
  return failures;
}

const std::set<std::string> Reported{"batched_handoff", "handoff_after_progress", "interrupted_result", "call_left_open", "silent_arrival"};

}  // namespace

TEST_CASE("every fault of the list is still one that the core could have") {
  for (const auto& defect : Defects) {
    INFO(defect.name << ": " << defect.what);
    CHECK(defect.applies);
  }
}

TEST_CASE("an exploration of the flows that ship finds nothing wrong with the core") {
  for (const auto& flow : Flows) {
    const auto result = compiled(flow);
    const prove::Deeds deeds(*result.program);
    const auto explored = prove::explore(*result.program, deeds);
    for (const auto& broken : explored.broken) UNSCOPED_INFO(broken.law << "\n" << prove::source_of(*result.program, prove::script_of(*result.program, broken.path)));
    CHECK(explored.broken.empty());
    CHECK(explored.agents_reached == explored.agents);
    CHECK(explored.deeds >= (result.program->forms.empty() ? 2 : 1));
  }
}

// Three more are in the list that need not be seen: to ask while a response runs cannot happen while the mouth is not free,
// to cut a result short for itself loses no more than a few words, and to join a result in that way takes more deeds.
const std::set<std::string> Unseen{"two_creates", "cuts_itself", "joined_twice"};

TEST_CASE("every fault is found, and the test that is printed fails with it and passes without") {
  std::size_t count = 0;
  for (const auto& defect : Defects) {
    INFO(defect.name << ": " << defect.what);
    const auto call = found(defect);
    if (!call) {
      CHECK((Unseen.contains(defect.name) && !Reported.contains(defect.name)));
      continue;
    }
    ++count;
    INFO(call->test);
    if (std::getenv("FLOW_SHOW")) fmt::print("{}: {}\n{}\n", defect.name, call->flow, call->test);
    {
      const Awake awake(defect.name);
      CHECK(passes(*call).size() == 1);
    }
    CHECK(passes(*call) == std::vector<std::string>{});
  }
  CHECK(count + Unseen.size() >= Defects.size());
}

TEST_CASE("a fault is found by disturbing the tests of a flow, and not without it") {
  const auto result = compiled("flows/support/support.test.flow");
  const auto disturbed = [&] {
    for (const auto& test : result.tests.tests) {
      if (test.title != "a result that arrives while the caller speaks waits for them") continue;
      return prove::fuzz(result.tests.program, test, 0, 1, [](std::uint64_t) { return true; });
    }
    return prove::Fuzzed{};
  };
  CHECK(disturbed().law == "");
  const Awake awake("interrupted_result");
  const auto found = disturbed();
  INFO(prove::source_of(result.tests.program, found.test));
  CHECK(found.law != "");
  CHECK(prove::breaks(result.tests.program, found.test, found.law));
}
