#pragma once
// Names, expressions and templates as they stand in the source. Plain values; a part that is not there stands in the
// tree as missing, was reported by the parser, and no later stage says anything about it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/ast/boxed.h"
#include "compiler/base/span.h"

namespace flow::ast {

struct Name {
  std::string text;
  Span at;
  auto missing() const -> bool { return text.empty(); }
};

// `call.from`, `std.policies`, or one name alone.
struct Path {
  std::vector<Name> parts;
  Span at;
  auto missing() const -> bool { return parts.empty() || parts.back().missing(); }
  auto text() const -> std::string;  // with its dots
  auto simple() const -> bool { return parts.size() == 1; }
  auto is(const char* word) const -> bool { return simple() && parts[0].text == word; }
};

struct Expr;
struct TemplatePart;

// `"…"` or `"""…"""`: escapes are resolved and common indentation is removed; adjacent characters are one part.
struct Template {
  std::vector<TemplatePart> parts;
  Span at;  // with the quotes
  bool block = false;
  // The text if nothing is inserted into it.
  auto constant() const -> std::optional<std::string>;
};

struct Argument;

// What an expression is. `Percent`, `Range`, `AllOf`, `Star` and `Code` have a meaning only as arguments of clauses.
struct Missing {};
struct Int {
  std::int64_t value = 0;
};
struct Float {
  double value = 0;
};
struct Percent {
  double value = 0;
};  // 80 of `80%`
struct Duration {
  std::chrono::milliseconds value{0};
};
struct Bool {
  bool value = false;
};
struct None {};
struct List {
  std::vector<Expr> items;
};
struct Call {
  Path callee;
  std::vector<Argument> args;
};  // a call `f(a, name: b)` or a record `Order(id: "A1")`
struct Not {
  Boxed<Expr> operand;
};
struct Binary {
  enum class Op { And, Or, Eq, Ne, Lt, Le, Gt, Ge, In };
  Op op = Op::And;
  Span op_at;
  Boxed<Expr> left;
  Boxed<Expr> right;
};
struct Range {
  Boxed<Expr> low;
  Boxed<Expr> high;
};  // `10s..60s`, `4..6`
struct AllOf {
  Path group;
};               // `calendar.*`
struct Star {};  // `*`
struct Code {
  std::string text;
};  // `5xx`

struct Expr {
  using Node = std::variant<Missing, Int, Float, Percent, Duration, Bool, None, Template, Path, List, Call, Not, Binary,
                            Range, AllOf, Star, Code>;
  Node node;
  Span at;

  template <class T>
  auto as() const -> const T* {
    return std::get_if<T>(&node);
  }
  auto missing() const -> bool { return std::holds_alternative<Missing>(node); }
  // The word if this is one name alone, such as `interrupt`; else empty.
  auto word() const -> std::string_view;
};

// Of a call. Its name is missing when it is given by place.
struct Argument {
  Name name;
  Expr value;
  Span at;
};

// One part of a template.
struct Chars {
  std::string text;
};
struct Hole {
  Expr value;
};
struct Conditional {
  Expr condition;
  std::vector<TemplatePart> then;
  std::vector<TemplatePart> otherwise;
};
struct TemplatePart {
  std::variant<Chars, Hole, Conditional> node;
  Span at;
};

// A value of a clause; values are divided by spaces or commas.
struct Arg {
  Expr value;
  bool after_comma = false;
};

}  // namespace flow::ast
