#include "runtime/prove/script_of.h"

#include <algorithm>
#include <set>

#include "runtime/rehearse/rehearsal.h"

namespace flow::prove {

using namespace core;
using Kind = ir::TestStep::Kind;

namespace {

constexpr std::string_view LawPrefix = "the runtime broke a law of every call: ";

auto lasting(const ir::TestStep& step) -> Millis {
  if (step.kind == Kind::Says) return step.lasts.value_or(rehearse::time_to_say(step.words));
  return step.kind == Kind::Coughs ? step.lasts.value_or(rehearse::Cough) : Millis{0};
}

}  // namespace

void complete_script(const ir::Program& program, ir::Test& test) {
  std::set<std::uint32_t> called, scripted;
  const auto runs = [&](const ir::Action& action, const auto& self) -> void {
    if (action.kind == ir::Action::Kind::Run) called.insert(action.tool.index);
    for (const auto& inner : action.then) self(inner, self);
    for (const auto& inner : action.otherwise) self(inner, self);
  };
  for (const auto& handler : program.handlers) {
    for (const auto& action : handler.actions) runs(action, runs);
  }
  for (const auto& step : test.steps) {
    for (const auto& call : step.calls) {
      if (call.tool && !ir::is_builtin(program.tools[call.tool].body)) called.insert(call.tool.index);
    }
    if (step.kind >= Kind::ToolReturns && step.kind <= Kind::ToolNever) scripted.insert(step.tool.index);
  }
  for (const auto tool : called) {
    if (scripted.contains(tool)) continue;
    ir::TestStep never{.kind = Kind::ToolNever, .at = {}, .about = {}, .words = {}};
    never.tool = Id<ir::Tool>{tool};
    test.steps.push_back(std::move(never));
  }
}

// Whatever is owed to somebody who waits has come by then.
auto long_silence() -> ir::TestStep {
  ir::TestStep step{.kind = Kind::Waits, .at = {}, .about = {}, .words = {}};
  step.lasts = Millis{7'000};
  return step;
}

auto script_of(const ir::Program& program, const std::vector<Done>& path) -> ir::Test {
  ir::Test test{.title = {}, .at = {}, .steps = {}};
  Instant mark;  // of `after`: the end of the last step without one
  std::vector<bool> told(path.size());
  const auto tell = [&](std::size_t i, std::optional<Millis> after) {
    auto step = path[i].deed->act;
    step.after = after;
    test.steps.push_back(std::move(step));
    told[i] = true;
  };
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (told[i]) continue;
    const auto& done = path[i];
    const auto& act = done.deed->act;
    const auto over = done.at + lasting(act);
    const auto in_between = [&](Instant until) {
      return std::ranges::any_of(path, [&](const Done& other) { return &other > &done && other.at < until; });
    };
    // At rest a step needs no time; so it reads best. Unless something happens while it does.
    if (act.kind == Kind::Says && done.at_rest && !in_between(over)) {
      tell(i, {});
      mark = over;
      if (!done.answered) continue;
    } else if (!done.answered) {
      tell(i, done.at - mark);
      continue;
    }
    // What happens before the model answers stands before its step, the turn last: that is what it answers.
    for (std::size_t j = i + 1; j < path.size(); ++j) {
      if (!told[j] && path[j].at < *done.answered && !path[j].answered) tell(j, path[j].at - mark);
    }
    if (!told[i]) tell(i, done.at - mark);
    test.steps.push_back(*done.deed->model);
    mark = *done.answered;
  }
  test.steps.push_back(long_silence());
  complete_script(program, test);
  return test;
}

auto broken_law(const ir::Program& program, const ir::Test& test) -> std::string {
  for (const auto& failure : rehearse::rehearse(program, test).failures) {
    if (failure.kind == rehearse::Failure::Kind::Law && failure.text.starts_with(LawPrefix)) return failure.text.substr(LawPrefix.size());
  }
  return {};
}

auto breaks(const ir::Program& program, const ir::Test& test, const std::string& law) -> bool { return broken_law(program, test) == law; }

auto shrunk(const ir::Program& program, ir::Test test, const std::string& law) -> ir::Test {
  const auto keep = [&](ir::Test tried) {
    std::erase_if(tried.steps, [](const ir::TestStep& s) { return s.kind == Kind::ToolNever; });
    complete_script(program, tried);
    if (!breaks(program, tried, law)) return false;
    test = std::move(tried);
    return true;
  };
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = test.steps.size(); i-- > 0;) {
      if (i >= test.steps.size() || test.steps[i].kind == Kind::ToolNever) continue;
      auto without = test;
      without.steps.erase(without.steps.begin() + static_cast<std::ptrdiff_t>(i));
      smaller = keep(std::move(without)) || smaller;
    }
    for (std::size_t i = 0; i < test.steps.size(); ++i) {
      while (test.steps[i].calls.size() > 1) {
        auto fewer = test;
        fewer.steps[i].calls.pop_back();
        if (!keep(std::move(fewer))) break;
        smaller = true;
      }
      if (!test.steps[i].after) continue;
      auto untimed = test;
      untimed.steps[i].after.reset();
      if (keep(std::move(untimed))) {
        smaller = true;
        continue;
      }
      for (const auto unit : {Millis{1'000}, Millis{100}, Millis{10}}) {
        const auto round = *test.steps[i].after / unit * unit;
        if (round == *test.steps[i].after) break;
        auto rounded = test;
        rounded.steps[i].after = round;
        if (keep(rounded)) break;
        rounded.steps[i].after = round + unit;
        if (keep(std::move(rounded))) break;
      }
    }
  }
  return test;
}

}  // namespace flow::prove
