#include "runtime/simulate/model.h"

#include <algorithm>
#include <iterator>

#include "runtime/json/json.h"
#include "runtime/simulate/directive.h"
#include "runtime/simulate/filling.h"
#include "runtime/simulate/matching.h"
#include "runtime/simulate/news.h"
#include "runtime/simulate/small_talk.h"
#include "runtime/simulate/telling.h"
#include "runtime/simulate/utterance.h"
#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

using Who = Line::Who;

constexpr std::string_view AskPrefix = "Could you tell me the ";
constexpr std::string_view OfferAgain = "Shall I tell you the result again?";

// More of the caller's turns are not repeated to whoever takes the call over.
constexpr std::size_t SummaryTurns = 3;

// A tool that fits barely is not worth a question for what it needs.
constexpr double AskMin = 2.0;

void append(std::string& text, const std::string& more) {
  if (more.empty()) return;
  if (!text.empty()) text += ' ';
  text += more;
}

auto name_of_call(const std::vector<Line>& context, const std::string& call_id) -> std::string {
  const auto call = std::find_if(context.begin(), context.end(), [&](const Line& line) { return line.who == Who::Call && line.call_id == call_id; });
  return call == context.end() ? std::string{} : call->name;
}

// {"assistant": "billing"}: the answer to a handoff; the one who answers now is somebody else.
auto is_handed_over(const Value& result) -> bool {
  const auto* to = result.field("assistant");
  return to != nullptr && result.record()->size() == 1;
}

// What only repeats an argument of its call is no news to anybody.
auto is_echo(const std::vector<Line>& context, const std::string& call_id, const Value& result) -> bool {
  if (result.text() == nullptr || result.text()->empty()) return false;
  const auto call = std::find_if(context.begin(), context.end(), [&](const Line& line) { return line.who == Who::Call && line.call_id == call_id; });
  if (call == context.end()) return false;
  const auto arguments = json::parse(call->text);
  if (!arguments || arguments->record() == nullptr) return false;
  return std::any_of(arguments->record()->begin(), arguments->record()->end(), [&](const auto& given) { return given.second == result; });
}

// It is the first word that says it.
auto says_yes(std::string_view said) -> bool {
  const auto words = tokens(said);
  if (words.empty()) return false;
  const auto first = lower(words.front().text);
  for (const auto* yes : {"yes", "yeah", "yep", "sure", "please", "okay", "ok", "right", "correct"}) {
    if (first == yes) return true;
  }
  return false;
}

// One answer while it is thought of.
class Turn {
 public:
  Turn(const Question& question, const Script& script, Dice& dice)
      : question_(question), script_(script), dice_(dice), news_(news_of(question.context)),
        directive_(read_directive(question.directive, question.context.empty())) {}

  auto answer() -> Answer {
    if (!directive_.exact.empty()) return {directive_.exact, {}};
    if (!question_.must_call.empty()) return forced();
    if (directive_.summarise) return {summary(), {}};
    if (directive_.reply_first) answer_caller();
    append(answer_.say, directive_.first);
    if (directive_.greet) append(answer_.say, directive_.first.empty() ? greeting(question_.prompt, dice_) : "");
    if (directive_.go_on) append(answer_.say, go_on());
    if (directive_.offer) append(answer_.say, std::string(OfferAgain));
    append(answer_.say, directive_.say);
    tell_results();
    if (directive_.goodbye) append(answer_.say, farewell(dice_));
    else if (!directive_.reply_first && answer_.calls.empty() && (directive_.empty() || news_.caller_spoke)) answer_caller();
    if (answer_.say.empty() && answer_.calls.empty()) answer_.say = nothing_new();
    return std::move(answer_);
  }

 private:
  // Results of tools, and late ones that came as messages. One that is asked for by its number may be older.
  void tell_results() {
    bool told = false;
    for (const auto& line : news_.fresh) {
      if (line.who == Who::Result) tell_result(line);
      if (line.who != Who::System && line.who != Who::Caller) continue;
      if (line.text.starts_with("Form data")) {
        if (const auto status = data_in(line.text)) append(answer_.say, told_of_form(*status)), told = true;
        continue;
      }
      if (const auto data = data_in(line.text)) append(answer_.say, tell(*data)), told = true;
    }
    if (told || !directive_.tell_number) return;
    if (const auto data = last_data(news_.older, *directive_.tell_number)) append(answer_.say, tell(*data));
  }

  void tell_result(const Line& line) {
    if (const auto* scripted = script_.for_result(name_of_call(question_.context, line.call_id))) return follow(*scripted);
    const auto value = result_value(line.text);
    if (name_of_call(question_.context, line.call_id).starts_with("fill_")) return append(answer_.say, told_of_form(value));
    if (is_handed_over(value)) return append(answer_.say, greeting(question_.prompt, dice_));
    if (is_echo(question_.context, line.call_id, value)) return noted();
    const auto note = note_in(value);
    if (auto asked = asks_caller(note ? note->text : line.text); !asked.empty()) return append(answer_.say, asked);
    if (is_pending(value)) {
      if (directive_.say.empty() && directive_.first.empty()) append(answer_.say, please_wait(dice_));
      return;
    }
    if (!note) return append(answer_.say, tell(value));
    if (note->status == "stopped") append(answer_.say, tell(Value(note->text)));
  }

  // What the caller said was noted; the same words may ask for more than that.
  void noted() {
    std::vector<Tool> others;
    std::copy_if(question_.tools.begin(), question_.tools.end(), std::back_inserter(others), [&](const Tool& each) { return !was_called(each.name); });
    const auto said = earlier_wish();
    const auto fit = best_fit(others, said);
    if (fit.tool == nullptr || fit.score < FitMin || is_form(*fit.tool)) return append(answer_.say, small_talk(said, question_.prompt, news_.last_spoken, dice_));
    auto arguments = fill(*fit.tool, said, news_.older);
    if (arguments.missing.empty()) answer_.calls.push_back({fit.tool->name, std::move(arguments.json)});
    else append(answer_.say, std::string(AskPrefix) + arguments.missing + ", please?");
  }

  // Since the caller has spoken.
  auto was_called(const std::string& tool) const -> bool {
    for (auto line = question_.context.rbegin(); line != question_.context.rend() && line->who != Who::Caller; ++line) {
      if (line->who == Who::Call && line->name == tool) return true;
    }
    return false;
  }

  void follow(const Scripted& scripted) {
    append(answer_.say, scripted.say);
    for (const auto& step : scripted.calls) answer_.calls.push_back({step.name, step.arguments});
  }

  void answer_caller() {
    if (!news_.caller_spoke) return;
    if (const auto* scripted = script_.for_words(news_.said)) return follow(*scripted);
    if (fill_form()) return;
    if (says_yes(news_.said) && agree()) return;
    if (call_tool() || answer_question_of_ours()) return;
    if (auto text = known(); !text.empty()) return append(answer_.say, text);
    if (directive_.empty() || directive_.reply_first) append(answer_.say, small_talk(news_.said, question_.prompt, news_.last_spoken, dice_));
  }

  // A form that has begun takes whatever answers it; one that has not begins with a wish that fits no tool better.
  auto fill_form() -> bool {
    for (const auto& tool : question_.tools) {
      if (!is_form(tool)) continue;
      const auto progress = progress_of(tool, question_.context);
      const auto fit = best_fit(question_.tools, news_.said);
      const bool other = fit.tool != nullptr && fit.tool != &tool && fit.score >= FitMin;
      const bool meant = fit.tool == &tool && fit.score >= FitMin;
      auto answers = answers_in(tool, news_.said, progress, says_yes(news_.said));
      if (other && (!progress.begun || !answers)) continue;
      if (!answers && progress.wants_yes && says_no(hear(news_.said, tool))) return append(answer_.say, "What should I change?"), true;
      if (!answers && meant) answers = "{}";
      if (!answers) continue;
      answer_.calls.push_back({tool.name, *std::move(answers)});
      return true;
    }
    return false;
  }

  // "Yes" to what was offered or asked to be confirmed.
  auto agree() -> bool {
    if (news_.last_spoken.ends_with(OfferAgain)) {
      const auto data = last_data(question_.context, 0);
      if (data) append(answer_.say, tell(*data));
      return data.has_value();
    }
    auto call = call_to_repeat(news_);
    if (!call) return false;
    answer_.calls.push_back(std::move(*call));
    return true;
  }

  // What the caller asks about may stand in an earlier result, or in the instructions.
  auto known() const -> std::string {
    for (auto line = news_.older.rbegin(); line != news_.older.rend(); ++line) {
      if (line->who != Who::Result && line->who != Who::System) continue;
      const auto data = data_in(line->text);
      if (!data || is_pending(*data) || note_in(*data)) continue;
      if (auto text = tell_about(*data, news_.said); !text.empty()) return text;
    }
    return known_from(question_.prompt, news_.said);
  }

  auto call_tool() -> bool {
    auto said = news_.said;
    auto fit = best_fit(question_.tools, said);
    if (fit.score < FitMin && news_.last_spoken.starts_with(AskPrefix)) {
      said = earlier_wish() + ' ' + said;  // the answer to our question belongs to the wish before it
      fit = best_fit(question_.tools, said);
    }
    if (fit.tool == nullptr || fit.score < FitMin) return false;
    auto arguments = fill(*fit.tool, said, news_.older);
    if (!arguments.missing.empty() && fit.score < AskMin) return false;
    if (arguments.missing.empty()) answer_.calls.push_back({fit.tool->name, std::move(arguments.json)});
    else append(answer_.say, std::string(AskPrefix) + arguments.missing + ", please?");
    return true;
  }

  // "What is your postcode?" "10115." The words of the tool are in the question.
  auto answer_question_of_ours() -> bool {
    const auto* tool = tool_asked_for(question_.tools, news_.last_spoken, news_.said);
    if (tool == nullptr) return false;
    auto arguments = fill(*tool, news_.said, {});
    if (!arguments.missing.empty()) return false;
    answer_.calls.push_back({tool->name, std::move(arguments.json)});
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

  // For whoever takes the call over: the caller's last words, as they were said.
  auto summary() const -> std::string {
    std::vector<std::string_view> said;
    for (const auto& line : question_.context) {
      if (line.who == Who::Caller && !line.text.empty()) said.push_back(line.text);
    }
    if (said.empty()) return "The caller has said nothing yet.";
    std::string text = "The caller said:";
    for (auto i = said.size() - std::min(said.size(), SummaryTurns); i < said.size(); ++i) append(text, std::string(said[i]));
    return text;
  }

  auto go_on() const -> std::string {
    const auto last = std::find_if(question_.context.rbegin(), question_.context.rend(), [](const Line& line) { return line.who == Who::Agent; });
    if (last == question_.context.rend()) return {};
    return last->rest.empty() ? "As I was saying: " + last->text : last->rest;
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
  Directive directive_;
  Answer answer_;
};

}  // namespace

auto Model::answer(const Question& question) -> Answer { return Turn(question, script_, dice_).answer(); }

}  // namespace flow::simulate
