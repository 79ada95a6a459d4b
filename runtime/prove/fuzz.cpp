#include "runtime/prove/fuzz.h"

#include <algorithm>
#include <set>

#include "runtime/explore/dice.h"
#include "runtime/prove/samples.h"
#include "runtime/prove/script_of.h"
#include "runtime/rehearse/rehearsal.h"

namespace flow::prove {

using namespace core;
using Kind = ir::TestStep::Kind;

namespace {

auto step(Kind kind, std::string words = {}) -> ir::TestStep { return {.kind = kind, .at = {}, .about = {}, .words = std::move(words)}; }

// What may break in: the caller, the connection, and the tools that the test calls.
auto intruders(const ir::Program& program, const ir::Test& test) -> std::vector<ir::TestStep> {
  std::vector<ir::TestStep> out{step(Kind::Says, "Wait a moment."), step(Kind::Coughs), step(Kind::HangsUp), step(Kind::Drops)};
  std::set<std::uint32_t> tools;
  for (const auto& each : test.steps) {
    for (const auto& call : each.calls) {
      if (call.tool && !ir::is_builtin(program.tools[call.tool].body)) tools.insert(call.tool.index);
    }
  }
  for (const auto tool : tools) {
    auto returns = step(Kind::ToolReturns);
    returns.tool = Id<ir::Tool>{tool};
    returns.result = sample(program, program.tools[returns.tool].result);
    out.push_back(std::move(returns));
  }
  return out;
}

// The test with a step that happens at this time, told where the script is by then.
auto with(const ir::Test& test, const rehearse::Played& played, ir::TestStep intruder, Instant at) -> ir::Test {
  std::size_t before = 0;
  for (std::size_t i = 0; i < played.reached.size(); ++i) {
    if (played.reached[i].at <= at && played.reached[i].mark <= at) before = i;
  }
  intruder.after = at - (played.reached.empty() ? Instant{} : played.reached[before].mark);
  auto out = test;
  out.steps.insert(out.steps.begin() + static_cast<std::ptrdiff_t>(before), std::move(intruder));
  return out;
}

}  // namespace

auto fuzz(const ir::Program& program, const ir::Test& test, int pairs, std::uint64_t seed, const std::function<bool(std::uint64_t tried)>& still_wanted) -> Fuzzed {
  Fuzzed out;
  // What a test expects of the undisturbed call says nothing about this one.
  auto bare = test;
  std::erase_if(bare.steps, [](const ir::TestStep& s) { return s.kind >= Kind::Expect; });
  bare.steps.push_back(long_silence());
  const auto played = rehearse::rehearse(program, bare);
  std::vector<Instant> times;
  for (const auto& moment : played.moments) {
    if (moment.at > played.script_over) break;
    const auto at = moment.at + Millis{1};
    if (std::holds_alternative<Event>(moment.what) && (times.empty() || times.back() != at)) times.push_back(at);
  }
  const auto what = intruders(program, bare);
  // False: a law is broken, or nobody wants to know more.
  const auto holds = [&](const ir::Test& tried) {
    if (!still_wanted(out.tried)) return false;
    ++out.tried;
    out.law = broken_law(program, tried);
    if (out.law.empty()) return true;
    out.test = shrunk(program, tried, out.law);
    out.test.title = out.law;
    return false;
  };
  for (const auto at : times) {
    for (const auto& intruder : what) {
      if (!holds(with(bare, played, intruder, at))) return out;
    }
  }
  explore::Dice dice{seed};
  for (int i = 0; i < pairs && !times.empty(); ++i) {
    auto first = times[dice.roll(times.size())], second = times[dice.roll(times.size())];
    if (second < first) std::swap(first, second);
    // The later one first, so that the places of the script are still those that were noted.
    const auto late = with(bare, played, what[dice.roll(what.size())], second);
    if (!holds(with(late, played, what[dice.roll(what.size())], first))) return out;
  }
  return out;
}

}  // namespace flow::prove
