#include "runtime/simulate/filling.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "runtime/json/json.h"
#include "runtime/simulate/matching.h"
#include "runtime/simulate/telling.h"
#include "runtime/simulate/utterance.h"

namespace flow::simulate {
namespace {

using Who = Line::Who;

constexpr std::string_view Prefix = "fill_";

// With so many words that mean something a number among them is not the whole answer.
constexpr std::ptrdiff_t SentenceMin = 4;

struct Parameter {
  std::string name;
  std::string type;  // of its schema, without null
  std::string about;
  const Value::List* choices = nullptr;
};

auto text_of(const Value& value) -> std::string { return value.text() ? *value.text() : std::string{}; }

auto parameters_of(const Tool& form) -> std::vector<Parameter> {
  std::vector<Parameter> out;
  const auto* properties = form.parameters.field("properties");
  if (!properties || !properties->record()) return out;
  for (const auto& [name, schema] : *properties->record()) {
    Parameter row{name, {}, {}, nullptr};
    if (const auto* type = schema.field("type")) row.type = type->list() && !type->list()->empty() ? text_of(type->list()->front()) : text_of(*type);
    if (const auto* about = schema.field("description")) row.about = lower(text_of(*about));
    if (const auto* choices = schema.field("enum")) row.choices = choices->list();
    out.push_back(std::move(row));
  }
  return out;
}

auto is_about(const Parameter& p, std::string_view what) -> bool { return p.about.find(what) != std::string::npos; }

auto number_word(std::string_view word) -> int {
  static constexpr std::array<std::string_view, 13> Names{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"};
  const auto low = lower(word);
  const auto named = std::ranges::find(Names, low);
  if (named != Names.end()) return static_cast<int>(named - Names.begin());
  int number = -1;
  const auto [end, error] = std::from_chars(low.data(), low.data() + low.size(), number);
  return error == std::errc{} && end == low.data() + low.size() ? number : -1;
}

auto two(int number) -> std::string { return (number < 10 ? "0" : "") + std::to_string(number); }

// The digits of a number that was said in pieces.
auto digits_in(const Utterance& heard) -> std::string {
  std::string digits;
  for (const auto& word : heard.words) {
    if (!std::ranges::all_of(word.text, [](char c) { return (c >= '0' && c <= '9') || c == '+' || c == '-'; })) continue;
    for (const char c : word.text) {
      if (c != '-') digits += c;
    }
  }
  const auto plus = heard.said.find('+');
  return plus != heard.said.npos && !digits.starts_with('+') ? "+" + digits : digits;
}

auto date_in(const Utterance& heard) -> std::string {
  const auto said = heard.said;
  for (std::size_t i = 0; i + 10 <= said.size(); ++i) {
    const auto part = said.substr(i, 10);
    const auto fits = [&](std::size_t at) { return part[at] >= '0' && part[at] <= '9'; };
    if (part[4] == '-' && part[7] == '-' && fits(0) && fits(1) && fits(2) && fits(3) && fits(5) && fits(6) && fits(8) && fits(9)) return std::string(part);
  }
  static constexpr std::array<std::string_view, 12> Months{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"};
  int month = 0, day = 0, year = 0;
  for (const auto& word : heard.words) {
    const auto low = lower(word.text);
    const auto named = std::ranges::find(Months, low);
    if (named != Months.end()) month = static_cast<int>(named - Months.begin()) + 1;
    int number = 0;
    const auto [end, error] = std::from_chars(low.data(), low.data() + low.size(), number);
    if (error != std::errc{}) continue;
    if (number >= 1900) year = number;
    else if (number >= 1 && number <= 31) day = number;  // also "3rd"
  }
  return month && day && year ? std::to_string(year) + "-" + two(month) + "-" + two(day) : std::string{};
}

auto behind_name(const Utterance& heard, const Parameter& p) -> std::string {
  const auto own = tokens(p.name);
  for (std::size_t i = 0; i + 1 < heard.words.size(); ++i) {
    if (!has_word(own, heard.words[i].stem)) continue;
    auto first = i + 1;
    while (first + 1 < heard.words.size() && (heard.words[first].stop || lower(heard.words[first].text) == "number")) ++first;
    if (heard.words[first].number) return heard.words[first].text;
  }
  return {};
}

// What is said of one field. A field that nobody asked for is only filled by what can be nothing else.
auto value_in(const Utterance& heard, const Parameter& p, bool asked) -> std::optional<Value> {
  if (p.choices) {
    const auto* choice = choice_in(heard, *p.choices);
    return choice && choice->text() ? std::optional(*choice) : std::nullopt;
  }
  const auto named = [&] {
    const auto own = tokens(p.name);
    return std::ranges::any_of(own, [&](const Token& word) { return has_word(heard.words, word.stem); });
  };
  const auto some = [](std::string text) { return text.empty() ? std::nullopt : std::optional<Value>(std::move(text)); };
  if (p.type == "boolean") return asked || named() ? std::optional<Value>(!says_no(heard)) : std::nullopt;
  if (p.type == "integer" || p.type == "number") {
    if (!asked && !named()) return {};
    const auto number = number_in(heard);
    if (!number) return {};
    return p.type == "integer" ? Value(static_cast<std::int64_t>(*number)) : Value(*number);
  }
  if (p.type != "string") return {};
  if (is_about(p, "a time of day")) {
    auto at = time_in(heard.said);
    if (!at.empty() || !asked) return some(std::move(at));
    const auto hour = number_in(heard);  // "Ten", when it was asked for
    return hour && *hour >= 1 && *hour < 24 ? some(two(static_cast<int>(*hour)) + ":00") : std::nullopt;
  }
  if (is_about(p, "a date")) return some(date_in(heard));
  if (is_about(p, "e-mail")) return some(email_in(heard));
  if (is_about(p, "a phone number")) {
    auto digits = digits_in(heard);
    return digits.size() >= 5 ? some(std::move(digits)) : std::nullopt;
  }
  if (auto key = behind_name(heard, p); !key.empty()) return key;
  if (auto text = behind_cue(heard, p.name); !text.empty() && text.find('@') == text.npos) return text;
  return {};
}

// The answer to a question that any words answer. A question is none.
auto words_in(const Utterance& heard, const Parameter& p) -> std::optional<Value> {
  const bool takes_words = p.type == "string" && !p.choices && !is_about(p, "a time of day") && !is_about(p, "a date") && !is_about(p, "e-mail") && !is_about(p, "a phone number");
  if (!takes_words || heard.said.find('?') != heard.said.npos) return {};
  const auto telling = std::ranges::count_if(heard.words, [](const Token& word) { return !word.stop; });
  if (auto key = key_in(heard, p.name); !key.empty() && telling < SentenceMin) return key;
  auto text = salient(heard);
  return text.empty() ? std::string(trimmed(heard.said)) : text;
}

// The status that a form's function last answered, or that came as a message.
auto last_status(const Tool& form, const std::vector<Line>& context) -> std::optional<Value> {
  for (auto line = context.rbegin(); line != context.rend(); ++line) {
    if (line->who == Who::System && line->text.starts_with("Form data")) {
      if (auto value = data_in(line->text)) return value;
    }
    if (line->who != Who::Result) continue;
    const auto call = std::ranges::find_if(context, [&](const Line& each) { return each.who == Who::Call && each.call_id == line->call_id; });
    if (call == context.end() || call->name != form.name) continue;
    if (auto value = json::parse(line->text)) return std::move(*value);
  }
  return std::nullopt;
}

// What the agent asked last, if it asked anything when it last spoke.
auto last_question(const std::vector<Line>& context) -> std::string {
  const auto said = std::find_if(context.rbegin(), context.rend(), [](const Line& line) { return line.who == Who::Agent; });
  const auto end = said == context.rend() ? std::string::npos : said->text.rfind('?');
  if (end == std::string::npos || end == 0) return {};
  const auto before = said->text.find_last_of(".!?", end - 1);
  const auto begin = before == std::string::npos ? 0 : before + 1;
  return said->text.substr(begin, end - begin);
}

// The words in quotation marks.
auto quoted(std::string_view text) -> std::string {
  const auto open = text.find('"');
  const auto close = open == text.npos ? open : text.find('"', open + 1);
  return close == text.npos ? std::string{} : std::string(text.substr(open + 1, close - open - 1));
}

auto field_text(const Value& status, std::string_view name) -> std::string {
  const auto* value = status.field(name);
  return value ? text_of(*value) : std::string{};
}

}  // namespace

auto is_form(const Tool& tool) -> bool { return tool.name.starts_with(Prefix); }

auto time_in(std::string_view said) -> std::string {
  const auto words = tokens(said);
  const auto low = lower(said);
  const auto after_noon = low.find("pm") != low.npos || low.find("p.m.") != low.npos || low.find("afternoon") != low.npos || low.find("evening") != low.npos;
  const auto with_half = [&](int hour) { return after_noon && hour < 12 ? hour + 12 : hour; };
  for (std::size_t colon = low.find(':'); colon != low.npos; colon = low.find(':', colon + 1)) {
    const auto is_digit = [&](std::size_t i) { return i < low.size() && low[i] >= '0' && low[i] <= '9'; };
    if (colon == 0 || !is_digit(colon - 1) || !is_digit(colon + 1) || !is_digit(colon + 2)) continue;
    const auto begin = colon >= 2 && is_digit(colon - 2) ? colon - 2 : colon - 1;
    const auto hour = number_word(std::string_view(low).substr(begin, colon - begin));
    if (hour >= 0 && hour < 24) return two(with_half(hour)) + ":" + low.substr(colon + 1, 2);
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto text = lower(words[i].text);
    const bool glued = text.ends_with("am") || text.ends_with("pm");  // "10am"
    if (glued) text.resize(text.size() - 2);
    const auto hour = number_word(text);
    if (hour < 1 || hour > 24) continue;
    const auto before = i > 0 ? lower(words[i - 1].text) : std::string{};
    const auto two_before = i > 1 ? lower(words[i - 2].text) : std::string{};
    const auto after = i + 1 < words.size() ? lower(words[i + 1].text) : std::string{};
    if (before == "past") return two(with_half(hour)) + (two_before == "half" ? ":30" : ":15");
    if (before == "to" && two_before == "quarter") return two(with_half(hour) - 1) + ":45";
    if (glued || before == "at" || before == "around" || after == "o'clock" || after == "o" || after == "am" || after == "pm" || after == "in") return two(with_half(hour) % 24) + ":00";
  }
  return low.find("noon") != low.npos && low.find("afternoon") == low.npos ? "12:00" : "";
}

auto progress_of(const Tool& form, const std::vector<Line>& context) -> Progress {
  Progress out;
  const auto status = last_status(form, context);
  if (status) {
    out.begun = true;
    out.wants_yes = field_text(*status, "status") == "needs_confirmation";
    const auto* missing = status->field("missing");
    if (missing && missing->list() && !missing->list()->empty()) out.asked = text_of(missing->list()->front());
  }
  if (!out.asked.empty() || out.wants_yes) return out;
  const auto parameters = parameters_of(form);
  // Nothing is filled in yet, but the agent may have asked for something: "I'll take it down. What happened?"
  const auto question = status ? std::vector<std::string>{} : stems(last_question(context));
  for (const auto& p : parameters) {
    const auto about = tokens(p.about);
    if (std::ranges::none_of(question, [&](const std::string& stem) { return has_word(about, stem); })) continue;
    return {.begun = true, .wants_yes = false, .asked = p.name};
  }
  if (!parameters.empty()) out.asked = parameters.front().name;
  return out;
}

auto answers_in(const Tool& form, std::string_view said, const Progress& progress, bool yes) -> std::optional<std::string> {
  const auto heard = hear(said, form);
  // A bare "yes" or "no" answers no other question than the one that was asked.
  const auto asked = [&](const Parameter& p) { return progress.begun && !progress.wants_yes && p.name == progress.asked; };
  const auto parameters = parameters_of(form);
  Value::Record record;
  bool any = false;
  for (const auto& p : parameters) {
    const bool agreed = p.name == "confirmed" && yes && progress.wants_yes;
    const auto value = p.name == "confirmed" ? (agreed ? std::optional<Value>(true) : std::nullopt) : value_in(heard, p, asked(p));
    any = any || value;
    record.emplace_back(p.name, value.value_or(Value{}));
  }
  // Words that were the answer to something else are not the answer to this.
  for (std::size_t i = 0; i < parameters.size() && !any; ++i) {
    if (auto words = asked(parameters[i]) ? words_in(heard, parameters[i]) : std::nullopt) {
      record[i].second = *std::move(words);
      any = true;
      break;
    }
  }
  return any ? std::optional(to_json(Value(std::move(record)))) : std::nullopt;
}

auto told_of_form(const Value& status) -> std::string {
  const auto word = field_text(status, "status");
  const auto note = field_text(status, "note");
  std::string out;
  const auto append = [&](const std::string& more) { out += (out.empty() || more.empty() ? "" : " ") + more; };
  if (word == "done") {
    append("That is done.");
    const auto* result = status.field("result");
    if (result && !result->is_none()) append(tell(*result));
    return out;
  }
  if (const auto* refused = status.field("refused"); refused && refused->list()) append("I'm sorry, that does not work.");
  if (auto question = quoted(note); !question.empty()) {
    append(question);
  } else if (const auto* missing = status.field("missing"); missing && missing->list() && !missing->list()->empty()) {
    append("Could you tell me the " + spoken_name(text_of(missing->list()->front())) + ", please?");
  } else if (word == "submitting" || word == "checking") {
    append("One moment, please.");
  } else if (word == "not_submitted" || word == "unknown") {
    append("I'm sorry, that cannot be done just now.");
  }
  return out;
}

}  // namespace flow::simulate
