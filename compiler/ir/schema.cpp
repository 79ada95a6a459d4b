#include "compiler/ir/schema.h"

#include "compiler/ir/eval.h"

namespace flow::ir {
namespace {

struct Shape {
  const char* type;
  const char* hint = "";  // what the model is told, if the type's name does not say it
};

auto shape(Type::Kind kind) -> Shape {
  using enum Type::Kind;
  switch (kind) {
    case Int: return {"integer"};
    case Float: return {"number"};
    case Bool: return {"boolean"};
    case Duration: return {"integer", "in milliseconds"};
    case Date: return {"string", "a date, YYYY-MM-DD"};
    case Time: return {"string", "a time of day, HH:MM"};
    case DateTime: return {"string", "date and time, ISO 8601"};
    case Money: return {"string", "an amount with its currency, such as 12.50 EUR"};
    case Phone: return {"string", "a phone number with its country code"};
    case Email: return {"string", "an e-mail address"};
    default: return {"string"};
  }
}

auto texts(const std::vector<std::string>& values) -> Value::List { return {values.begin(), values.end()}; }

struct SchemaMaker {
  const Program& program;

  auto object(const std::vector<Field>& fields) const -> Value::Record {
    Value::Record properties;
    Value::List required;
    for (const auto& field : fields) {
      properties.emplace_back(field.name, property(field));
      required.emplace_back(field.name);
    }
    return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}, {"additionalProperties", false}};
  }

  auto property(const Field& field) const -> Value {
    const auto& declared = program.types[field.type];
    auto schema = of(declared, declared.optional || field.fallback);
    auto text = field.doc;
    const auto add = [&](const std::string& more) { text += (text.empty() || more.empty() ? "" : "; ") + more; };
    add(shape(declared.kind).hint);
    if (field.fallback) add("null for the default, " + to_spoken(evaluate(program, field.fallback, {})));
    if (!text.empty()) schema.emplace_back("description", text);
    return schema;
  }

  auto of(const Type& type, bool nullable) const -> Value::Record {
    using enum Type::Kind;
    // Any JSON value at all: no schema says it more strictly.
    if (type.kind == Json) return {};
    auto schema = some(type);
    if (!nullable) return schema;
    schema.front().second = Value::List{schema.front().second, "null"};
    for (auto& [name, value] : schema) {
      if (name == "enum") std::get<Value::List>(value.data).emplace_back();
    }
    return schema;
  }

  // Its first entry is always `type`.
  auto some(const Type& type) const -> Value::Record {
    using enum Type::Kind;
    if (type.kind == Enum) return {{"type", "string"}, {"enum", texts(program.enums[type.enumeration].values)}};
    if (type.kind == Record) return object(program.records[type.record].fields);
    if (type.kind != List) return {{"type", shape(type.kind).type}};
    const auto& element = program.types[type.element];
    return {{"type", "array"}, {"items", of(element, element.optional)}};
  }
};

}  // namespace

auto parameters_schema(const Program& program, const std::vector<Field>& fields) -> std::string {
  return to_json(SchemaMaker{program}.object(fields));
}

}  // namespace flow::ir
