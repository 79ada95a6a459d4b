#include "runtime/prove/script_of.h"

#include <algorithm>
#include <set>

#include "runtime/rehearse/rehearsal.h"

namespace flow::prove {

using namespace core;
using Kind = ir::TestStep::Kind;

namespace {

constexpr Millis Silence{7'000};           // in which whatever is owed to anybody must come ...
constexpr Millis LongestSilence{180'000};  // ... even to somebody who waits for another to take their call
constexpr std::string_view LawPrefix = "the runtime broke a law of every call: ";

auto lasting(const ir::TestStep& step) -> Millis {
  if (step.kind == Kind::Says) return step.lasts.value_or(rehearse::time_to_say(step.words));
  return step.kind == Kind::Coughs ? step.lasts.value_or(rehearse::Cough) : Millis{0};
}

// And whom the call goes to when they do not answer.
void follow_ways_out(const ir::Program& program, std::set<Id<ir::Transfer>>& transfers) {
  for (auto todo = std::vector(transfers.begin(), transfers.end()); !todo.empty();) {
    const auto& fails = program.transfers[todo.back()].fails;
    todo.pop_back();
    for (const auto& action : fails.actions) {
      const auto& target = action.target;
      if (action.kind == ir::Action::Kind::Handoff && target.kind == ir::Target::Kind::Transfer && transfers.insert(target.transfer).second) todo.push_back(target.transfer);
    }
  }
}

auto is_never(const ir::TestStep& step) -> bool { return step.kind == Kind::ToolNever || step.kind == Kind::TransferNever; }

}  // namespace

void complete_script(const ir::Program& program, ir::Test& test) {
  std::set<Id<ir::Tool>> tools;
  std::set<Id<ir::Transfer>> transfers;
  const auto played = rehearse::rehearse(program, test);
  for (const auto& moment : played.moments) {
    const auto* effect = std::get_if<Effect>(&moment.what);
    if (moment.at > played.script_over || !effect) continue;
    if (const auto* started = std::get_if<StartTool>(effect)) tools.insert(started->tool);
    if (const auto* ordered = std::get_if<TransferCall>(effect)) transfers.insert(ordered->to);
  }
  follow_ways_out(program, transfers);
  for (const auto& step : test.steps) {
    if (step.kind >= Kind::ToolReturns && step.kind <= Kind::ToolNever) tools.erase(step.tool);
    if (step.kind >= Kind::TransferRings && step.kind <= Kind::TransferNever) transfers.erase(step.transfer);
  }
  for (const auto tool : tools) {
    ir::TestStep never{.kind = Kind::ToolNever, .at = {}, .about = {}, .words = {}};
    never.tool = tool;
    test.steps.push_back(std::move(never));
  }
  for (const auto transfer : transfers) {
    ir::TestStep never{.kind = Kind::TransferNever, .at = {}, .about = {}, .words = {}};
    never.transfer = transfer;
    test.steps.push_back(std::move(never));
  }
}

// Whatever is owed to somebody who waits has come by then.
auto long_silence() -> ir::TestStep {
  ir::TestStep step{.kind = Kind::Waits, .at = {}, .about = {}, .words = {}};
  step.lasts = Silence;
  return step;
}

auto script_of(const ir::Program& program, const std::vector<Done>& path) -> ir::Test {
  ir::Test test{.title = {}, .at = {}, .steps = {}};
  Instant mark;  // of `after`: the end of the last step without one
  std::vector<bool> told(path.size());
  const auto tell = [&](std::size_t i, std::optional<Millis> after) {
    const auto& done = path[i];
    auto step = done.deed->act;
    step.after = done.ordered ? std::optional{done.at - *done.ordered} : after;
    if (done.deed->before) test.steps.push_back(*done.deed->before);
    test.steps.push_back(std::move(step));
    told[i] = true;
  };
  const auto is_beginning = [](const Done& done) { return done.deed->act.kind == Kind::Refuses || done.deed->act.kind == Kind::Earlier; };
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (told[i]) continue;
    const auto& done = path[i];
    const auto& act = done.deed->act;
    const auto over = done.at + lasting(act);
    const auto in_between = [&](Instant until) {
      return std::ranges::any_of(path, [&](const Done& other) { return &other > &done && other.at < until; });
    };
    // At rest a step needs no time; so it reads best. Unless something happens while it does.
    const bool needs_no_time = (act.kind == Kind::Says || act.kind == Kind::Types) && done.at_rest;
    if (is_beginning(done) || (needs_no_time && !in_between(over))) {
      tell(i, {});
      if (is_beginning(done)) continue;
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
    std::erase_if(tried.steps, is_never);
    complete_script(program, tried);
    if (!breaks(program, tried, law)) return false;
    test = std::move(tried);
    return true;
  };
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = test.steps.size(); i-- > 0;) {
      if (i >= test.steps.size() || is_never(test.steps[i])) continue;
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

auto told(const ir::Program& program, const std::vector<Done>& path, const std::string& law) -> std::optional<ir::Test> {
  for (const auto silence : {Silence, LongestSilence}) {
    auto test = script_of(program, path);
    const auto last = std::ranges::find_if(test.steps, [](const ir::TestStep& step) { return step.kind == Kind::Waits; });
    if (last != test.steps.end()) last->lasts = silence;
    if (!breaks(program, test, law)) continue;
    test = shrunk(program, std::move(test), law);
    test.title = law;
    return test;
  }
  return std::nullopt;
}

}  // namespace flow::prove
