#pragma once
// Expressions and templates, checked and lowered in one walk: what a name means depends on where it stands, and what
// may be none depends on the conditions around it.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/check/args.h"
#include "compiler/lower/context.h"

namespace flow::lower {

// A name that means something in one place only: a parameter, a carried value, `result`.
struct Local {
  std::string name;
  Id<ir::Type> type;
  bool perhaps = false;  // not set on every way that leads here
  Id<ir::Form> form = {};  // it is a form: `request.done`, `request.order`
};
using Locals = std::vector<Local>;

// Paths that are known to be set here, by their text: `caller`, `caller.address`.
using Facts = std::set<std::string>;

struct Typed {
  enum class State {
    Known,
    None,     // the literal `none`
    Wrong,    // reported; nothing more is said about it
  };
  State state = State::Wrong;
  ir::Type type;               // of Known
  Id<ir::Expr> expr;           // unless Wrong
  std::string perhaps = {};    // the path that may be none and makes the whole none; empty: it is always there
};

struct Condition {
  Id<ir::Expr> expr;  // nowhere: reported
  Facts when_true;
  Facts when_false;
};

class Expressions {
 public:
  // `constant`: no names at all, for defaults.
  explicit Expressions(Context& context, Locals locals = {}, bool constant = false)
      : context_(context), locals_(std::move(locals)), constant_(constant) {}

  // A value for a place of type `wanted`: reported if it does not fit or may be none where it must not.
  auto value_for(const ast::Expr& expr, Id<ir::Type> wanted, const Facts& facts = {}) -> std::optional<Id<ir::Expr>>;
  // True or false, or an optional that is set or not.
  auto condition(const ast::Expr& expr, const Facts& facts = {}) -> Condition;

  auto text(const ast::Template& source, const Facts& facts = {}) -> ir::Template;
  auto line(const check::LineArg& source, const Facts& facts = {}) -> ir::Line;

  auto context() -> Context& { return context_; }
  auto locals() const -> const Locals& { return locals_; }

 private:
  // `hint`: the type asked for, which gives bare names of an enum and texts of a shape their meaning.
  auto value(const ast::Expr& expr, const Facts& facts, const ir::Type* hint) -> Typed;
  auto path(const ast::Path& path, const Facts& facts, const ir::Type* hint) -> Typed;
  auto root(const ast::Path& path, const Facts& facts) -> std::optional<Typed>;
  auto of_form(const Local& form, const ast::Path& path, const Facts& facts) -> Typed;
  auto enum_value(const ast::Path& path, const ir::Type* hint) -> std::optional<Typed>;
  void unknown_name(const ast::Path& path, const ir::Type* hint);
  auto member(Typed of, const ast::Path& path, std::size_t part, const Facts& facts) -> Typed;
  auto literal(Value value, ir::Type::Kind kind) -> Typed;
  auto constant_text(const ast::Template& text, const ir::Type* hint) -> Typed;
  auto list(const ast::List& list, const Facts& facts, const ir::Type* hint) -> Typed;
  auto construction(const ast::Call& call, Span at, const Facts& facts) -> Typed;
  auto comparison(const ast::Binary& binary, const Facts& facts) -> Typed;
  auto operands(const ast::Binary& binary, const Facts& facts) -> std::pair<Typed, Typed>;
  auto shown(const Typed& typed) -> std::string;
  auto made(ir::Expr expr, const ir::Type& type) -> Typed;
  auto made_of(const Condition& condition) -> Typed;
  auto is_variable(const ast::Expr& expr) -> bool;
  auto junction(const ast::Binary& binary, const Facts& facts) -> Condition;
  void parts(const std::vector<ast::TemplatePart>& source, const Facts& facts, ir::Template& out);
  auto conditional(const ast::Conditional& source, const Facts& facts) -> ir::TemplatePart;

  Context& context_;
  Locals locals_;
  bool constant_;
};

}  // namespace flow::lower
