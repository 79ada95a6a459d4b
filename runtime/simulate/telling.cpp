#include "runtime/simulate/telling.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "runtime/json/json.h"
#include "runtime/simulate/matching.h"
#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

constexpr std::size_t FieldsMax = 5;  // more than a listener can hold is left out
constexpr std::size_t EntriesMax = 3;
constexpr std::size_t WordsMax = 400;  // letters of a plain text

auto capitalised(std::string text) -> std::string {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

auto sentence(std::string text) -> std::string {
  text = capitalised(std::string(trimmed(text)));
  if (!text.empty() && std::string_view(".!?").find(text.back()) == std::string_view::npos) text += '.';
  return text;
}

auto joined(const std::vector<std::string>& parts) -> std::string {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 < parts.size() ? ", " : parts.size() > 2 ? ", and " : " and ";
    text += parts[i];
  }
  return text;
}

auto is_key(std::string_view name) -> bool {
  const auto low = lower(name);
  return low == "id" || low.ends_with("_id") || low == "number" || low == "name" || low == "title";
}

// "eta_days": 2 is "2 days"; the unit is left out of the name.
auto unit_of(std::string& name, const Value& value) -> std::string {
  const bool number = std::holds_alternative<std::int64_t>(value.data) || std::holds_alternative<double>(value.data);
  if (!number) return {};
  constexpr auto Units = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"days", " days"}, {"hours", " hours"}, {"minutes", " minutes"}, {"seconds", " seconds"}, {"weeks", " weeks"}, {"percent", " percent"},
      {"km", " kilometres"}, {"kg", " kilos"}, {"eur", " euros"}, {"usd", " dollars"}, {"gbp", " pounds"}, {"c", " degrees"}, {"celsius", " degrees"}});
  for (const auto& [suffix, unit] : Units) {
    if (name == suffix) return std::string(unit);
    if (name.size() > suffix.size() + 1 && name.ends_with(suffix) && name[name.size() - suffix.size() - 1] == '_') {
      name.resize(name.size() - suffix.size() - 1);
      return std::string(unit);
    }
  }
  return {};
}

auto entry(const Value& value) -> std::string;

auto list_of(const Value::List& list) -> std::string {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < std::min(list.size(), EntriesMax); ++i) parts.push_back(entry(list[i]));
  if (list.size() > EntriesMax) parts.push_back(std::to_string(list.size() - EntriesMax) + " more");
  return parts.empty() ? "nothing" : joined(parts);
}

auto plain(const Value& value) -> std::string {
  if (const auto* list = value.list()) return list_of(*list);
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "yes" : "no";
  auto text = to_spoken(value);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

auto field_text(std::string name, const Value& value) -> std::string {
  const auto unit = unit_of(name, value);
  const auto* list = value.list();
  const bool plural = name.ends_with("s") && !name.ends_with("us") && !name.ends_with("ss");
  const bool many = list != nullptr && (list->size() > 1 || plural);
  const auto words = value.record() != nullptr ? entry(value) : plain(value);
  if (list == nullptr && (name == "status" || name == "state")) return "it is " + words;
  if (list == nullptr && name.size() > 4 && name.ends_with("ed")) return "it was " + spoken_name(name) + " " + words;
  return "the " + spoken_name(name) + (many ? " are " : " is ") + words + unit;
}

struct Parts {
  std::string key;                  // what the record is called
  std::vector<std::string> fields;
};

auto parts_of(const Value::Record& record) -> Parts {
  Parts parts;
  for (const auto& [name, value] : record) {
    if (value.is_none()) continue;
    if (parts.key.empty() && is_key(name) && value.record() == nullptr && value.list() == nullptr) {
      const auto kind = lower(name).ends_with("_id") ? spoken_name(name.substr(0, name.size() - 3)) + " " : std::string{};
      parts.key = kind + plain(value);
    } else if (parts.fields.size() < FieldsMax) {
      parts.fields.push_back(field_text(name, value));
    }
  }
  return parts;
}

// One entry of a list: "A1: the items are boots and laces, and it is shipped".
auto entry(const Value& value) -> std::string {
  const auto* record = value.record();
  if (record == nullptr) return plain(value);
  auto parts = parts_of(*record);
  if (parts.fields.size() > 3) parts.fields.resize(3);
  if (parts.key.empty()) return joined(parts.fields);
  return parts.fields.empty() ? parts.key : parts.key + ": " + joined(parts.fields);
}

auto record_text(const Value::Record& record) -> std::string {
  auto parts = parts_of(record);
  if (parts.key.empty() && parts.fields.empty()) return "There is nothing more to say about it.";
  if (parts.fields.empty()) return sentence("it is " + parts.key);
  return sentence((parts.key.empty() ? "" : "for " + parts.key + ", ") + joined(parts.fields));
}

auto list_text(const Value::List& list) -> std::string {
  if (list.empty()) return "I found nothing.";
  if (list.size() == 1) {
    if (const auto* record = list[0].record()) return "I found one. " + record_text(*record);
    return sentence("I found " + plain(list[0]));
  }
  const bool records = list[0].record() != nullptr;
  if (!records) return sentence("I found " + list_of(list));
  std::string text = "I found " + std::to_string(list.size()) + ".";
  for (std::size_t i = 0; i < std::min(list.size(), EntriesMax); ++i) text += " " + sentence(entry(list[i]));
  if (list.size() > EntriesMax) text += " And " + std::to_string(list.size() - EntriesMax) + " more.";
  return text;
}

auto failure_in(const Value& result) -> const Value* {
  const auto* error = result.field("error");
  return error == nullptr || error->is_none() || error->data == Value(false).data ? nullptr : error;
}

auto shares_word(const std::vector<Token>& asked, std::string_view text) -> bool {
  const auto known = stems(text);
  return std::any_of(known.begin(), known.end(), [&](const auto& stem) { return has_word(asked, stem); });
}

}  // namespace

auto tell(const Value& result) -> std::string {
  if (const auto* error = failure_in(result)) {
    const auto* message = error->field("message");
    return "I'm sorry, that did not work. " + sentence(plain(message == nullptr ? *error : *message));
  }
  if (result.is_none()) return "I found nothing.";
  if (const auto* record = result.record()) {
    const auto* inner = record->size() == 1 ? &record->front().second : nullptr;  // {"result": …}, {"orders": […]}
    if (inner != nullptr && (inner->list() != nullptr || inner->record() != nullptr)) return tell(*inner);
    return record_text(*record);
  }
  if (const auto* list = result.list()) return list_text(*list);
  if (const auto* flag = std::get_if<bool>(&result.data)) return *flag ? "Yes, that is so." : "No, that is not so.";
  if (const auto* text = result.text()) {
    if (trimmed(*text).empty()) return "That is done.";
    return text->size() <= WordsMax ? sentence(*text) : sentence(text->substr(0, text->find_first_of(" .", WordsMax - 80)));
  }
  return sentence("the answer is " + plain(result));
}

auto data_in(std::string_view text) -> std::optional<Value> {
  constexpr std::string_view Mark = "result: ";
  if (const auto at = lower(text).rfind(Mark); at != std::string::npos) {
    auto rest = trimmed(text.substr(at + Mark.size()));
    if (auto value = json::parse(rest)) return std::move(*value);
    if (!rest.empty() && rest.front() != '{' && rest.front() != '[') return Value(rest);
  }
  for (auto begin = text.find_first_of("[{"); begin != text.npos; begin = text.find_first_of("[{", begin + 1)) {
    const auto end = text.find_last_of("]}");
    if (end == text.npos || end < begin) break;
    if (auto value = json::parse(text.substr(begin, end - begin + 1))) return std::move(*value);
  }
  return {};
}

auto is_pending(const Value& result) -> bool {
  const auto waits = [](std::string_view text) {
    constexpr auto Words = std::to_array<std::string_view>({"pending", "running", "started", "accepted", "in_progress", "in progress", "queued", "working"});
    return std::find(Words.begin(), Words.end(), lower(text)) != Words.end();
  };
  for (const auto* name : {"status", "state"}) {
    const auto* field = result.field(name);
    if (field != nullptr && field->text() != nullptr && waits(*field->text())) return true;
  }
  return result.text() != nullptr && waits(*result.text());
}

auto tell_about(const Value& result, std::string_view asked) -> std::string {
  const auto words = tokens(asked);
  if (const auto* list = result.list()) {
    for (const auto& part : *list) {
      if (auto text = tell_about(part, asked); !text.empty()) return text;
    }
  }
  const auto* record = result.record();
  if (record == nullptr) return {};
  for (const auto& [name, value] : *record) {
    if (value.record() != nullptr || (value.list() != nullptr && !value.list()->empty() && value.list()->front().record() != nullptr)) {
      if (auto text = tell_about(value, asked); !text.empty()) return text;
    } else if (shares_word(words, name) && !is_key(name)) {
      return sentence(field_text(name, value));
    } else if (shares_word(words, plain(value))) {
      return record_text(*record);
    }
  }
  return {};
}

}  // namespace flow::simulate
