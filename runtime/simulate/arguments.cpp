#include <algorithm>
#include <array>
#include <charconv>

#include "runtime/json/json.h"
#include "runtime/simulate/matching.h"
#include "runtime/simulate/telling.h"
#include "runtime/simulate/utterance.h"

namespace flow::simulate {
namespace {

struct Parameter {
  std::string name;
  const Value* schema = nullptr;
  bool required = false;  // without it the tool cannot be called
  bool listed = false;    // the call must name it, if only to say null
};

// What was said now and, oldest first, what was said and found before.
struct Source {
  Utterance heard;
  const Tool& tool;
  const std::vector<Line>& older;
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

auto is_key_like(const Parameter& parameter) -> bool {
  constexpr auto Words = std::to_array<std::string_view>({"id", "number", "no", "code", "postcode", "zip", "ref", "reference", "phone", "pin", "iban"});
  for (const auto& word : tokens(parameter.name)) {
    if (std::find(Words.begin(), Words.end(), lower(word.text)) != Words.end()) return true;
  }
  return text_of(*parameter.schema, "format") == "phone";
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

auto in_result(const Line& line, const Parameter& parameter) -> std::string {
  if (line.who != Line::Who::Result && line.who != Line::Who::System) return {};
  const auto value = data_in(line.text);
  return value ? in_value(*value, parameter.name) : std::string{};
}

// "Cancel it" needs the number of three turns ago.
auto key_in_older(const Source& source, const Parameter& parameter) -> std::string {
  for (auto line = source.older.rbegin(); line != source.older.rend(); ++line) {
    const auto note = data_in(line->text);
    const bool of_work = line->who == Line::Who::Result && note && is_pending(*note);  // its number is no number of the caller's
    if (auto found = of_work ? std::string{} : in_result(*line, parameter); !found.empty()) return found;
    if (line->who != Line::Who::Caller) continue;
    if (auto found = key_in(hear(line->text, source.tool), parameter.name); !found.empty()) return found;
  }
  return {};
}

auto number_in_older(const Source& source, const Parameter& parameter) -> std::optional<double> {
  for (auto line = source.older.rbegin(); line != source.older.rend(); ++line) {
    const auto found = in_result(*line, parameter);
    double value = 0;
    if (!found.empty() && std::from_chars(found.data(), found.data() + found.size(), value).ec == std::errc{}) return value;
  }
  return {};
}

auto words_for(const Source& source, const Parameter& parameter) -> std::string {
  const auto& heard = source.heard;
  if (is_key_like(parameter)) {
    auto found = key_in(heard, parameter.name);
    return found.empty() ? key_in_older(source, parameter) : found;
  }
  if (text_of(*parameter.schema, "format") == "email" || lower(parameter.name).find("email") != std::string::npos) return email_in(heard);
  if (auto text = quoted_in(heard); !text.empty()) return text;
  if (auto text = behind_cue(heard, parameter.name); !text.empty()) return text;
  auto text = salient(heard);
  return text.empty() ? std::string(trimmed(heard.said)) : text;
}

// None: it was not said.
auto find_value(const Source& source, const Parameter& parameter) -> std::optional<Value> {
  const auto& heard = source.heard;
  const auto& schema = *parameter.schema;
  const bool named = has_word(heard.words, tokens(parameter.name).empty() ? "" : tokens(parameter.name).back().stem);
  if (const auto* values = schema.field("enum"); values != nullptr && values->list() != nullptr) {
    const auto* value = choice_in(heard, *values->list());
    if (value == nullptr && parameter.required) value = choice_suggested(heard, *values->list());
    return value == nullptr ? std::nullopt : std::optional(*value);
  }
  const auto type = text_of(schema, "type");
  if (type == "boolean") return parameter.required || named ? std::optional<Value>(!says_no(heard)) : std::nullopt;
  if (!parameter.required && !named) return {};
  if (type == "integer" || type == "number") {
    auto number = number_in(heard);
    if (!number && is_key_like(parameter)) number = number_in_older(source, parameter);
    if (!number) return {};
    return type == "integer" ? Value(static_cast<std::int64_t>(*number)) : Value(*number);
  }
  if (type == "object") return Value(Value::Record{});
  auto words = words_for(source, parameter);
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
      if (named && !key_in(hear(answer, tool), parameter.name).empty()) return &tool;
    }
  }
  return nullptr;
}

auto fill(const Tool& tool, std::string_view said, const std::vector<Line>& older) -> Arguments {
  const Source source{hear(said, tool), tool, older};
  Arguments arguments;
  Value::Record record;
  for (const auto& parameter : parameters_of(tool)) {
    if (auto value = find_value(source, parameter)) {
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
