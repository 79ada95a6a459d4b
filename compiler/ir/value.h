#pragma once
// A value of the language at run time: what state holds, tools take and give, and expressions compute.
// Plain data, JSON-shaped; records keep their fields' order, so that equal programs print equal text.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace flow {

struct Value {
  using List = std::vector<Value>;
  using Record = std::vector<std::pair<std::string, Value>>;
  // Durations are whole milliseconds, enum values their names, dates and times ISO 8601 text.
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Record> data;

  Value() = default;
  Value(bool b) : data(b) {}
  Value(int i) : data(std::int64_t{i}) {}
  Value(std::int64_t i) : data(i) {}
  Value(double d) : data(d) {}
  Value(const char* s) : data(std::string(s)) {}
  Value(std::string s) : data(std::move(s)) {}
  Value(std::string_view s) : data(std::string(s)) {}
  Value(List list) : data(std::move(list)) {}
  Value(Record record) : data(std::move(record)) {}

  auto is_none() const -> bool { return data.index() == 0; }
  auto text() const -> const std::string* { return std::get_if<std::string>(&data); }
  auto list() const -> const List* { return std::get_if<List>(&data); }
  auto record() const -> const Record* { return std::get_if<Record>(&data); }
  // The field of a record, or null.
  auto field(std::string_view name) const -> const Value*;
  // None, false, empty text and empty lists count as not set; everything else is true in a condition.
  auto truthy() const -> bool;

  auto operator==(const Value&) const -> bool = default;
};

// Compact JSON; text is escaped, none is `null`. A number that is not finite is `null`.
auto to_json(const Value& value) -> std::string;
// As a template's hole says it: text as it is, records and lists as JSON, none as nothing.
auto to_spoken(const Value& value) -> std::string;

}  // namespace flow
