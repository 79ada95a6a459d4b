#include "runtime/prove/samples.h"

#include <fmt/format.h>

namespace flow::prove {
namespace {

auto record(const ir::Program& program, const ir::Record& of, int nth) -> Value {
  Value::Record out;
  for (const auto& field : of.fields) {
    if (!program.types[field.type].optional && !field.fallback) out.emplace_back(field.name, sample(program, field.type, nth));
  }
  return out;
}

}  // namespace

auto sample(const ir::Program& program, Id<ir::Type> id, int nth) -> Value {
  using enum ir::Type::Kind;
  if (!id) return {};
  const auto& type = program.types[id];
  switch (type.kind) {
    case String: return fmt::format("one{}", nth == 0 ? "" : fmt::format(" {}", nth + 1));
    case Json: return "one";
    case Int: return nth + 1;
    case Float: return nth + 1.5;
    case Bool: return nth % 2 == 0;
    case Duration: return std::int64_t{1000} * (nth + 1);
    case Date: return fmt::format("2026-03-{:02}", nth % 28 + 1);
    case Time: return fmt::format("09:{:02}", nth % 60);
    case DateTime: return fmt::format("2026-03-{:02}T09:30:00Z", nth % 28 + 1);
    case Money: return fmt::format("{}.50 EUR", nth + 10);
    case Phone: return fmt::format("+155501{:02}", nth % 100);
    case Email: return fmt::format("caller{}@example.com", nth + 1);
    case Enum: {
      const auto& values = program.enums[type.enumeration].values;
      return values.empty() ? Value{} : Value{values[static_cast<std::size_t>(nth) % values.size()]};
    }
    case Record: return record(program, program.records[type.record], nth);
    case List: return Value::List{sample(program, type.element, nth)};
  }
  return {};
}

auto sample_of(const ir::Program& program, const std::vector<ir::Field>& fields, int nth) -> Value {
  Value::Record out;
  for (const auto& field : fields) {
    if (!field.fallback && !program.types[field.type].optional) out.emplace_back(field.name, sample(program, field.type, nth));
  }
  return out;
}

}  // namespace flow::prove
