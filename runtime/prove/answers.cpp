#include "runtime/prove/answers.h"

#include <algorithm>

#include "compiler/ir/eval.h"
#include "runtime/prove/samples.h"

namespace flow::prove {
namespace {

constexpr int SamplesMax = 4;
constexpr std::string_view Digits = "1234567890";

void literals_of(const ir::Program& program, Id<ir::Expr> id, std::vector<Value>& out) {
  if (!id) return;
  const auto& expr = program.exprs[id];
  if (expr.op == ir::Expr::Op::Literal) out.push_back(expr.literal);
  for (const auto arg : expr.args) literals_of(program, arg, out);
}

// Values of the type on both sides of whatever the condition compares with.
auto candidates(const ir::Program& program, const ir::FormField& field) -> std::vector<Value> {
  std::vector<Value> out;
  for (int nth = 0; nth < SamplesMax; ++nth) out.push_back(sample(program, field.type, nth));
  std::vector<Value> literals;
  literals_of(program, field.check, literals);
  for (const auto& literal : literals) {
    out.push_back(literal);
    if (const auto* whole = std::get_if<std::int64_t>(&literal.data)) out.insert(out.end(), {Value{*whole - 1}, Value{*whole + 1}});
    if (const auto* part = std::get_if<double>(&literal.data)) out.insert(out.end(), {Value{*part - 1}, Value{*part + 1}});
  }
  using enum ir::Type::Kind;
  const auto kind = program.types[field.type].kind;
  if (kind == Time) out.insert(out.end(), {Value{"00:00"}, Value{"12:00"}, Value{"23:59"}});
  if (kind == Date) out.insert(out.end(), {Value{"1999-12-31"}, Value{"2099-12-31"}});
  if (kind == String) out.insert(out.end(), {Value{"1"}, Value{"a longer answer than anybody needs"}});
  std::erase_if(out, [&](const Value& value) { return value.is_none() || !ir::conforms(program, value, field.type); });
  return out;
}

auto typed(const ir::Program& program, const ir::FormField& field) -> std::vector<std::string> {
  std::vector<std::string> out;
  if (field.keys_max == 0) return out;
  std::string keys;
  while (static_cast<int>(keys.size()) < std::max(1, field.keys_min)) keys += Digits[keys.size() % Digits.size()];
  // Who types as many as there may be need not end them.
  if (!ir::fit_value(program, keys, field.type, field.name)) return out;
  out.push_back(keys + field.keys_until);
  if (field.keys_min > 1) out.push_back(keys.substr(0, 1) + field.keys_until);
  return out;
}

}  // namespace

auto answers_of(const ir::Program& program, const ir::Form& form) -> std::vector<FieldAnswers> {
  std::vector<FieldAnswers> out(form.fields.size());
  Value::Record locals;
  for (const auto& field : form.fields) locals.emplace_back(field.name, sample(program, field.type));
  for (std::size_t i = 0; i < form.fields.size(); ++i) {
    const auto& field = form.fields[i];
    for (const auto& value : candidates(program, field)) {
      locals[i].second = value;
      const Value with{locals};
      const bool does = !field.check || ir::evaluate(program, field.check, {.locals = &with}).truthy();
      auto& slot = !does ? out[i].bad : out[i].good.is_none() ? out[i].good : out[i].other;
      if (slot.is_none() && value != out[i].good) slot = value;
    }
    if (out[i].good.is_none()) out[i].good = sample(program, field.type);
    locals[i].second = out[i].good;
    out[i].keys = typed(program, field);
  }
  return out;
}

auto is_read_back(const ir::Program& program, const ir::Form& form) -> bool { return form.confirm || (form.submit && program.tools[form.submit].confirm); }

auto what_is_learned(const ir::Program& program) -> Value {
  Value::Record out;
  for (const auto& field : program.state) {
    if (!field.extract.empty()) out.emplace_back(field.name, sample(program, field.type));
  }
  return out;
}

}  // namespace flow::prove
