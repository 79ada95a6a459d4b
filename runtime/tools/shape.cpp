#include "runtime/tools/shape.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace flow::tools {
namespace {

auto as_whole(const Value& value) -> Value {
  const auto* real = std::get_if<double>(&value.data);
  if (!real || std::trunc(*real) != *real || std::abs(*real) > 9e15) return value;  // beyond, doubles skip whole numbers
  return static_cast<std::int64_t>(*real);
}

// Declared fields first and in their order, then what else there is.
auto as_record(const ir::Program& program, Value::Record given, const ir::Record& declared) -> Value {
  Value::Record fields;
  for (const auto& field : declared.fields) {
    const auto found = std::ranges::find(given, field.name, &Value::Record::value_type::first);
    if (found != given.end()) {
      fields.emplace_back(field.name, shape(program, std::move(found->second), field.type));
      given.erase(found);
    } else if (program.types[field.type].optional) {
      fields.emplace_back(field.name, Value{});
    }
  }
  for (auto& rest : given) fields.push_back(std::move(rest));
  return fields;
}

}  // namespace

auto shape(const ir::Program& program, Value value, Id<ir::Type> id) -> Value {
  using enum ir::Type::Kind;
  const auto& type = program.types[id];
  auto* fields = std::get_if<Value::Record>(&value.data);
  switch (type.kind) {
    case Int:
    case Duration: return as_whole(value);
    case Record:
      if (fields) return as_record(program, std::move(*fields), program.records[type.record]);
      return value;
    case List:
      if (fields && fields->empty()) return Value::List{};
      if (auto* list = std::get_if<Value::List>(&value.data)) {
        for (auto& each : *list) each = shape(program, std::move(each), type.element);
      }
      return value;
    default: return value;
  }
}

auto type_text(const ir::Program& program, Id<ir::Type> id) -> std::string {
  using enum ir::Type::Kind;
  constexpr std::array Names{"string", "int", "float", "bool", "duration", "date", "time", "datetime", "money", "phone", "email", "json"};
  const auto& type = program.types[id];
  std::string text;
  switch (type.kind) {
    case Enum: text = program.enums[type.enumeration].name; break;
    case Record: text = program.records[type.record].name; break;
    case List: text = "[" + type_text(program, type.element) + "]"; break;
    default: text = Names.at(static_cast<std::size_t>(type.kind));
  }
  return type.optional ? text + "?" : text;
}

}  // namespace flow::tools
