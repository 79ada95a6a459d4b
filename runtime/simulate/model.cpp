#include "runtime/simulate/model.h"

#include <algorithm>

#include "runtime/json/json.h"
#include "runtime/simulate/directive.h"
#include "runtime/simulate/matching.h"
#include "runtime/simulate/small_talk.h"
#include "runtime/simulate/telling.h"
#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

using Who = Line::Who;

// What came since the agent last said or called something, and what was before.
struct News {
  std::vector<Line> older;
  std::vector<Line> fresh;
  std::string said;        // the caller's fresh words, joined
  bool caller_spoke = false;
  std::string last_spoken; // the agent's last words
};

auto news_of(const std::vector<Line>& context) -> News {
  News news;
  auto split = context.size();
  while (split > 0 && context[split - 1].who != Who::Agent && context[split - 1].who != Who::Call) --split;
  news.older.assign(context.begin(), context.begin() + static_cast<std::ptrdiff_t>(split));
  news.fresh.assign(context.begin() + static_cast<std::ptrdiff_t>(split), context.end());
  for (const auto& line : news.fresh) {
    if (line.who != Who::Caller || data_in(line.text)) continue;
    if (!news.said.empty() && !line.text.empty()) news.said += ' ';
    news.said += line.text;
    news.caller_spoke = true;
  }
  for (const auto& line : news.older) {
    if (line.who == Who::Agent) news.last_spoken = line.text;
  }
  return news;
}

auto name_of_call(const std::vector<Line>& context, const std::string& call_id) -> std::string {
  for (const auto& line : context) {
    if (line.who == Who::Call && line.call_id == call_id) return line.name;
  }
  return {};
}

void append(std::string& text, const std::string& more) {
  if (more.empty()) return;
  if (!text.empty()) text += ' ';
  text += more;
}

// {"assistant": "billing"}: the answer to a handoff; the one who answers now is somebody else.
auto is_handed_over(const Value& result) -> bool {
  const auto* to = result.field("assistant");
  return to != nullptr && result.record()->size() == 1;
}

auto result_value(const std::string& output) -> Value {
  if (auto value = json::parse(output)) return std::move(*value);
  return Value(output);
}

// What the agent asked for when it lacked an argument, so that the answer is understood as one.
auto ask_for(const std::string& missing) -> std::string { return "Could you tell me the " + missing + ", please?"; }

class Turn {
 public:
  Turn(const Question& question, const Script& script, Dice& dice)
      : question_(question), script_(script), dice_(dice), news_(news_of(question.context)) {}

  auto answer() -> Answer {
    const auto directive = read_directive(question_.directive, question_.context.empty());
    if (!directive.exact.empty()) return {directive.exact, {}};
    if (!question_.must_call.empty()) return forced();
    Answer result;
    result.say = directive.first;
    if (directive.greet) append(result.say, directive.first.empty() ? greeting(question_.prompt, dice_) : "");
    if (directive.go_on) append(result.say, go_on());
    append(result.say, directive.say);
    const bool ordered = !directive.empty();
    tell_results(result);
    if (directive.goodbye) append(result.say, farewell(dice_));
    else if (result.calls.empty() && (!ordered || news_.caller_spoke)) answer_caller(result, ordered);
    if (result.say.empty() && result.calls.empty()) result.say = nothing_new();
    return result;
  }

 private:
  // Results of tools, and late ones that came as messages.
  void tell_results(Answer& result) {
    for (const auto& line : news_.fresh) {
      if (line.who == Who::Result) tell_result(line, result);
      if (line.who != Who::System && line.who != Who::Caller) continue;
      if (const auto data = data_in(line.text)) append(result.say, tell(*data));
    }
  }

  void tell_result(const Line& line, Answer& result) {
    if (const auto* scripted = script_.for_result(name_of_call(question_.context, line.call_id))) return follow(*scripted, result);
    const auto value = result_value(line.text);
    if (is_handed_over(value)) append(result.say, greeting(question_.prompt, dice_));
    else if (is_pending(value)) append(result.say, please_wait(dice_));
    else append(result.say, tell(value));
  }

  void follow(const Scripted& scripted, Answer& result) const {
    append(result.say, scripted.say);
    for (const auto& step : scripted.calls) result.calls.push_back({step.name, step.arguments});
  }

  void answer_caller(Answer& result, bool ordered) {
    if (!news_.caller_spoke) return;
    if (const auto* scripted = script_.for_words(news_.said)) return follow(*scripted, result);
    if (call_tool(result)) return;
    if (ordered) return;
    for (auto line = news_.older.rbegin(); line != news_.older.rend(); ++line) {
      if (line->who != Who::Result && line->who != Who::System) continue;
      const auto data = data_in(line->text);
      if (auto text = data ? tell_about(*data, news_.said) : std::string{}; !text.empty()) return append(result.say, text);
    }
    if (result.say.empty()) result.say = small_talk(news_.said, question_.prompt, news_.last_spoken, dice_);
  }

  auto call_tool(Answer& result) -> bool {
    auto said = news_.said;
    auto fit = best_fit(question_.tools, said);
    if ((fit.tool == nullptr || fit.score < FitMin) && news_.last_spoken.starts_with("Could you tell me the ")) {
      said = earlier_wish() + ' ' + said;  // the answer to our question belongs to the wish before it
      fit = best_fit(question_.tools, said);
    }
    if (fit.tool == nullptr || fit.score < FitMin) return false;
    auto arguments = fill(*fit.tool, said, news_.older);
    if (arguments.missing.empty()) result.calls.push_back({fit.tool->name, std::move(arguments.json)});
    else append(result.say, ask_for(arguments.missing));
    return true;
  }

  auto earlier_wish() const -> std::string {
    const auto found = std::find_if(news_.older.rbegin(), news_.older.rend(), [](const Line& line) { return line.who == Who::Caller; });
    return found == news_.older.rend() ? std::string{} : found->text;
  }

  auto forced() const -> Answer {
    const auto named = std::find_if(question_.tools.begin(), question_.tools.end(), [&](const Tool& t) { return t.name == question_.must_call; });
    const auto* tool = named != question_.tools.end() ? &*named : best_fit(question_.tools, news_.said).tool;
    if (tool == nullptr) return {"I have no way to do that.", {}};
    return {{}, {{tool->name, fill(*tool, news_.said, news_.older).json}}};
  }

  auto go_on() const -> std::string {
    return news_.last_spoken.empty() ? std::string{} : "As I was saying: " + news_.last_spoken;
  }

  auto nothing_new() -> std::string {
    if (!news_.fresh.empty() && news_.fresh.back().who == Who::Silence) return "Are you still there?";
    if (!news_.last_spoken.empty()) return anything_else(dice_);
    return greeting(question_.prompt, dice_);
  }

  const Question& question_;
  const Script& script_;
  Dice& dice_;
  News news_;
};

}  // namespace

auto Model::answer(const Question& question) -> Answer { return Turn(question, script_, dice_).answer(); }

}  // namespace flow::simulate
