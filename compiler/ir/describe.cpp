#include "compiler/ir/describe.h"

#include <fmt/format.h>

#include "compiler/ir/words.h"

namespace flow::ir {
namespace {

constexpr std::size_t LengthMax = 160;

auto operator_text(Expr::Op op) -> std::string_view {
  switch (op) {
    case Expr::Op::Eq: return "==";
    case Expr::Op::Ne: return "!=";
    case Expr::Op::Lt: return "<";
    case Expr::Op::Le: return "<=";
    case Expr::Op::Gt: return ">";
    case Expr::Op::Ge: return ">=";
    default: return to_word(op);
  }
}

auto is_operator(Expr::Op op) -> bool { return op >= Expr::Op::And; }

struct Description {
  const Program& program;
  std::string out = {};

  void expr(Id<Expr> id) {
    if (out.size() > LengthMax) return;
    const auto& e = program.exprs[id];
    switch (e.op) {
      case Expr::Op::Literal: out += e.literal.is_none() ? "none" : to_json(e.literal); break;
      case Expr::Op::State: out += program.state[e.state].name; break;
      case Expr::Op::Form: out += program.forms[e.form].name; break;
      case Expr::Op::Local: out += e.name; break;
      case Expr::Op::Call: out += "call." + e.name; break;
      case Expr::Op::Field: operand(e.args[0]), out += "." + e.name; break;
      case Expr::Op::List: out += "[", sequence(e), out += "]"; break;
      case Expr::Op::Record: out += "(", sequence(e), out += ")"; break;
      case Expr::Op::Not: out += "not ", operand(e.args[0]); break;
      default: operand(e.args[0]), out += fmt::format(" {} ", operator_text(e.op)), operand(e.args[1]); break;
    }
  }

  void operand(Id<Expr> id) {
    const bool composed = is_operator(program.exprs[id].op);
    if (composed) out += '(';
    expr(id);
    if (composed) out += ')';
  }

  void sequence(const Expr& e) {
    for (std::size_t i = 0; i < e.args.size(); ++i) {
      if (i > 0) out += ", ";
      if (i < e.names.size()) out += e.names[i] + ": ";
      expr(e.args[i]);
    }
  }
};

// Cut between characters, never inside one.
auto shortened(std::string text) -> std::string {
  if (text.size() <= LengthMax) return text;
  auto end = LengthMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text + "…";
}

}  // namespace

auto describe(const Program& program, Id<Type> id) -> std::string {
  const auto& type = program.types[id];
  std::string text{to_word(type.kind)};
  if (type.kind == Type::Kind::Enum) text = program.enums[type.enumeration].name;
  if (type.kind == Type::Kind::Record) text = program.records[type.record].name;
  if (type.kind == Type::Kind::List) text = "[" + describe(program, type.element) + "]";
  return shortened(text + (type.optional ? "?" : ""));
}

auto describe(const Program& program, Id<Expr> id) -> std::string {
  Description description{program};
  description.expr(id);
  return shortened(std::move(description.out));
}

auto describe(Millis time) -> std::string {
  static constexpr std::pair<std::int64_t, const char*> Units[] = {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}};
  const auto ms = time.count();
  for (const auto& [size, name] : Units) {
    if (ms != 0 && ms % size == 0) return fmt::format("{}{}", ms / size, name);
  }
  if (ms > 1'000 && ms % 100 == 0) return fmt::format("{}.{}s", ms / 1'000, ms / 100 % 10);
  return fmt::format("{}ms", ms);
}

auto describe(const EventPattern& event) -> std::string {
  std::string out{to_word(event.kind)};
  if (event.after > Millis::zero()) out += " " + describe(event.after);
  for (const auto& value : event.values) out += (&value == &event.values.front() ? " " : ", ") + to_json(Value{value});
  if (event.count > 1) out += fmt::format(" count {}", event.count);
  return out;
}

}  // namespace flow::ir
