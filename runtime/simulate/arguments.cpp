#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "runtime/json/json.h"
#include "runtime/simulate/matching.h"
#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

struct Parameter {
  std::string name;
  const Value* schema = nullptr;
  bool required = false;  // without it the tool cannot be called
  bool listed = false;    // the call must name it, if only to say null
};

// What was said, and what was said and found before.
struct Heard {
  std::string_view said;
  std::vector<Token> words;
  std::vector<std::string> name_stems;  // of the tool: "order" in "order 42" is not the number
  const std::vector<Line>* older = nullptr;
  std::string_view description;         // of the tool
};

auto text_of(const Value& schema, std::string_view key) -> std::string {
  const auto* field = schema.field(key);
  if (field == nullptr) return {};
  if (const auto* text = field->text()) return *text;
  if (const auto* list = field->list()) {  // "type": ["string", "null"]
    for (const auto& entry : *list) {
      if (entry.text() != nullptr && *entry.text() != "null") return *entry.text();
    }
  }
  return {};
}

auto one_of(std::string_view word, std::initializer_list<std::string_view> words) -> bool {
  return std::find(words.begin(), words.end(), word) != words.end();
}

auto is_key_like(const Parameter& parameter) -> bool {
  for (const auto& word : tokens(parameter.name)) {
    if (one_of(lower(word.text), {"id", "number", "no", "code", "postcode", "zip", "ref", "reference", "phone", "pin", "iban"})) return true;
  }
  return text_of(*parameter.schema, "format") == "phone";
}

auto between(const Heard& heard, std::size_t first, std::size_t last) -> std::string {
  return std::string(heard.said.substr(heard.words[first].begin, heard.words[last].end - heard.words[first].begin));
}

auto quoted(std::string_view said) -> std::string {
  const auto open = said.find('"');
  if (open == said.npos) return {};
  const auto close = said.find('"', open + 1);
  return close == said.npos ? std::string{} : std::string(said.substr(open + 1, close - open - 1));
}

// "42", "A1", or what was said in pieces: "SW1A 1AA", "0711 123 456". The one behind a word of the parameter's name wins.
auto key_in(const Heard& heard, const Parameter& parameter) -> std::string {
  if (const auto text = quoted(heard.said); !text.empty()) return text;
  const auto own = tokens(parameter.name);
  std::string found;
  for (std::size_t i = 0; i < heard.words.size(); ++i) {
    if (!heard.words[i].number) continue;
    auto last = i;
    while (last + 1 < heard.words.size() && heard.words[last + 1].number) ++last;
    const bool named = i > 0 && has_word(own, heard.words[i - 1].stem);
    if (found.empty() || named) found = between(heard, i, last);
    if (named) return found;
    i = last;
  }
  return found;
}

auto number_in(const Heard& heard) -> std::optional<double> {
  constexpr auto Names = std::to_array<std::string_view>({"zero", "one", "two", "three", "four", "five", "six", "seven", "eight",
                                                          "nine", "ten", "eleven", "twelve"});
  for (const auto& word : heard.words) {
    const auto low = lower(word.text);
    double value = 0;
    const auto [end, error] = std::from_chars(low.data(), low.data() + low.size(), value);
    if (error == std::errc{} && end == low.data() + low.size()) return value;
    const auto name = std::find(Names.begin(), Names.end(), low);
    if (name != Names.end()) return static_cast<double>(name - Names.begin());
  }
  return {};
}

auto enum_in(const Heard& heard, const Value::List& values) -> const Value* {
  for (const auto& value : values) {
    if (value.text() == nullptr) continue;
    const auto parts = stems(*value.text());
    const auto said = [&](const std::string& stem) { return has_word(heard.words, stem); };
    if (parts.empty() ? lower(heard.said).find(lower(*value.text())) != std::string::npos : std::all_of(parts.begin(), parts.end(), said)) {
      return &value;
    }
  }
  return nullptr;
}

// The value that the tool's own description and examples speak of: callers find other words for "send back".
auto enum_suggested(const Heard& heard, const Value::List& values) -> const Value* {
  const auto described = tokens(heard.description);
  const Value* best = nullptr;
  std::ptrdiff_t most = 0;
  for (const auto& value : values) {
    if (value.text() == nullptr) continue;
    const auto parts = stems(*value.text());
    const auto common = std::count_if(parts.begin(), parts.end(), [&](const auto& stem) { return has_word(described, stem); });
    if (common > most) most = common, best = &value;
    if (best == nullptr && *value.text() == "other") best = &value;
  }
  return best;
}

auto email_in(const Heard& heard) -> std::string {
  const auto found = std::find_if(heard.words.begin(), heard.words.end(), [](const Token& word) { return word.text.find('@') != std::string::npos; });
  return found == heard.words.end() ? std::string{} : found->text;
}

// What follows "from" for an origin, "to" for a destination, "name is" for a name; up to the next such word.
auto behind_cue(const Heard& heard, const std::string& parameter) -> std::string {
  const auto name = lower(parameter);
  std::string_view cue;
  if (one_of(name, {"from", "origin", "source", "start"})) cue = "from";
  else if (one_of(name, {"to", "destination", "target", "recipient"})) cue = "to";
  else if (one_of(name, {"city", "place", "location", "town", "country"})) cue = "in";
  else if (one_of(name, {"name", "customer_name", "full_name"})) cue = "is";
  else return {};
  for (std::size_t i = 0; i + 1 < heard.words.size(); ++i) {
    if (lower(heard.words[i].text) != cue || heard.words[i + 1].stop) continue;
    auto last = i + 1;
    while (last + 1 < heard.words.size() && !heard.words[last + 1].stop) ++last;
    return between(heard, i + 1, last);
  }
  return {};
}

auto is_errand(const Token& word) -> bool {
  return one_of(word.stem, {"find", "look", "lookup", "check", "search", "transfer", "status", "hear", "speak", "talk", "help"});
}

// The part of an utterance that says what it is about: behind the tool's own words if there is something, else all
// from the first to the last word that says something.
auto salient(const Heard& heard) -> std::string {
  const auto& words = heard.words;
  const auto own = [&](const Token& word) { return std::find(heard.name_stems.begin(), heard.name_stems.end(), word.stem) != heard.name_stems.end(); };
  const auto telling = [&](std::size_t i) { return !words[i].stop && !own(words[i]) && !is_errand(words[i]); };
  std::size_t begin = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (own(words[i])) begin = i + 1;
  }
  for (const auto from : {begin, std::size_t{0}}) {
    std::size_t first = words.size(), last = 0;
    for (auto i = from; i < words.size(); ++i) {
      if (!telling(i)) continue;
      first = std::min(first, i);
      last = i;
    }
    if (first < words.size()) return between(heard, first, last);
  }
  return {};
}

auto in_value(const Value& value, const std::string& name) -> std::string {
  if (const auto* record = value.record()) {
    for (const auto& [key, field] : *record) {
      const bool same = key == name || (key == "id" && name.size() > 3 && name.ends_with("_id"));
      if (same && (field.text() != nullptr || std::holds_alternative<std::int64_t>(field.data))) return to_spoken(field);
      if (auto found = in_value(field, name); !found.empty()) return found;
    }
  }
  if (const auto* list = value.list()) {
    for (const auto& entry : *list) {
      if (auto found = in_value(entry, name); !found.empty()) return found;
    }
  }
  return {};
}

auto hear(std::string_view said, const Tool& tool, const std::vector<Line>& older) -> Heard {
  return {said, tokens(said), stems(tool.name), &older, tool.description};
}

auto in_result(const Line& line, const Parameter& parameter) -> std::string {
  if (line.who != Line::Who::Result && line.who != Line::Who::System) return {};
  const auto begin = line.text.find_first_of("[{");
  if (begin == std::string::npos) return {};
  const auto value = json::parse(std::string_view(line.text).substr(begin));
  return value ? in_value(*value, parameter.name) : std::string{};
}

// "Cancel it" needs the number of three turns ago.
auto key_in_older(const Heard& heard, const Parameter& parameter) -> std::string {
  for (auto line = heard.older->rbegin(); line != heard.older->rend(); ++line) {
    if (auto found = in_result(*line, parameter); !found.empty()) return found;
    if (line->who != Line::Who::Caller) continue;
    const Heard before{line->text, tokens(line->text), heard.name_stems, heard.older, heard.description};
    if (auto found = key_in(before, parameter); !found.empty()) return found;
  }
  return {};
}

auto number_in_older(const Heard& heard, const Parameter& parameter) -> std::optional<double> {
  for (auto line = heard.older->rbegin(); line != heard.older->rend(); ++line) {
    const auto found = in_result(*line, parameter);
    double value = 0;
    if (!found.empty() && std::from_chars(found.data(), found.data() + found.size(), value).ec == std::errc{}) return value;
  }
  return {};
}

auto words_for(const Heard& heard, const Parameter& parameter) -> std::string {
  if (is_key_like(parameter)) {
    auto found = key_in(heard, parameter);
    return found.empty() ? key_in_older(heard, parameter) : found;
  }
  if (text_of(*parameter.schema, "format") == "email" || lower(parameter.name).find("email") != std::string::npos) return email_in(heard);
  if (auto text = quoted(heard.said); !text.empty()) return text;
  if (auto text = behind_cue(heard, parameter.name); !text.empty()) return text;
  auto text = salient(heard);
  return text.empty() ? std::string(trimmed(heard.said)) : text;
}

auto says_no(const Heard& heard) -> bool {
  return std::any_of(heard.words.begin(), heard.words.end(), [](const Token& word) { return one_of(lower(word.text), {"no", "not", "don", "never", "without"}); });
}

// None: it was not said.
auto find_value(const Heard& heard, const Parameter& parameter) -> std::optional<Value> {
  const auto& schema = *parameter.schema;
  const bool named = has_word(heard.words, tokens(parameter.name).empty() ? "" : tokens(parameter.name).back().stem);
  if (const auto* values = schema.field("enum"); values != nullptr && values->list() != nullptr) {
    const auto* value = enum_in(heard, *values->list());
    if (value == nullptr && parameter.required) value = enum_suggested(heard, *values->list());
    return value == nullptr ? std::nullopt : std::optional(*value);
  }
  const auto type = text_of(schema, "type");
  if (type == "boolean") return parameter.required || named ? std::optional<Value>(!says_no(heard)) : std::nullopt;
  if (!parameter.required && !named) return {};
  if (type == "integer" || type == "number") {
    auto number = number_in(heard);
    if (!number && is_key_like(parameter)) number = number_in_older(heard, parameter);
    if (!number) return {};
    return type == "integer" ? Value(static_cast<std::int64_t>(*number)) : Value(*number);
  }
  if (type == "object") return Value(Value::Record{});
  auto words = words_for(heard, parameter);
  if (words.empty()) return {};
  if (type == "array") return Value(Value::List{Value(std::move(words))});
  return Value(std::move(words));
}

// Strict schemas list every parameter as required and let null stand for "not given".
auto may_be_null(const Value& schema) -> bool {
  const auto* types = schema.field("type");
  const auto* values = schema.field("enum");
  const auto has = [](const Value* list, const Value& wanted) {
    return list != nullptr && list->list() != nullptr && std::find(list->list()->begin(), list->list()->end(), wanted) != list->list()->end();
  };
  return has(types, Value("null")) || has(values, Value());
}

auto parameters_of(const Tool& tool) -> std::vector<Parameter> {
  std::vector<Parameter> found;
  const auto* properties = tool.parameters.field("properties");
  if (properties == nullptr || properties->record() == nullptr) return found;
  const auto* required = tool.parameters.field("required");
  for (const auto& [name, schema] : *properties->record()) {
    const auto* names = required == nullptr ? nullptr : required->list();
    const auto listed = names != nullptr && std::find(names->begin(), names->end(), Value(name)) != names->end();
    found.push_back({.name = name, .schema = &schema, .required = listed && !may_be_null(schema), .listed = listed});
  }
  return found;
}

}  // namespace

auto spoken_name(std::string_view name) -> std::string {
  std::string text;
  for (const auto& word : tokens(name)) {
    if (!text.empty()) text += ' ';
    const auto low = lower(word.text);
    text += low == "id" && !text.empty() ? "number" : low;
  }
  return text;
}

auto tool_asked_for(const std::vector<Tool>& tools, std::string_view question, std::string_view answer) -> const Tool* {
  if (question.find('?') == question.npos) return nullptr;
  const auto asked = tokens(question);
  for (const auto& tool : tools) {
    for (const auto& parameter : parameters_of(tool)) {
      if (!parameter.required || !is_key_like(parameter)) continue;
      const auto names = tokens(parameter.name);
      const bool named = std::any_of(names.begin(), names.end(), [&](const Token& name) { return has_word(asked, name.stem); });
      if (named && !key_in(hear(answer, tool, {}), parameter).empty()) return &tool;
    }
  }
  return nullptr;
}

auto fill(const Tool& tool, std::string_view said, const std::vector<Line>& older) -> Arguments {
  const auto heard = hear(said, tool, older);
  Arguments arguments;
  Value::Record record;
  for (const auto& parameter : parameters_of(tool)) {
    if (auto value = find_value(heard, parameter)) {
      record.emplace_back(parameter.name, std::move(*value));
    } else if (const auto* fallback = parameter.schema->field("default"); fallback != nullptr && parameter.required) {
      record.emplace_back(parameter.name, *fallback);
    } else if (parameter.required && arguments.missing.empty()) {
      arguments.missing = spoken_name(parameter.name);
    } else if (parameter.listed && !parameter.required) {
      record.emplace_back(parameter.name, Value());
    }
  }
  arguments.json = to_json(Value(std::move(record)));
  return arguments;
}

}  // namespace flow::simulate
