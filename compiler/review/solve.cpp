#include "compiler/review/solve.h"

#include <algorithm>
#include <variant>

namespace flow::review {
namespace {

using Op = ast::Binary::Op;
// None, a truth, a number, or a text or value of an enum.
using Constant = std::variant<std::monostate, bool, double, std::string>;

constexpr std::size_t WorldsMax = 512;  // four names of four values, with room; more is not tried

struct Variable {
  std::vector<Constant> values;
  bool may_be_none = false;
  bool is_closed = false;  // there are no other values
  bool is_free = false;    // stands for a part that is not understood: true or false
};

auto literal(const ast::Expr& expr) -> std::optional<Constant> {
  if (const auto* number = expr.as<ast::Int>()) return Constant{static_cast<double>(number->value)};
  if (const auto* number = expr.as<ast::Float>()) return Constant{number->value};
  if (const auto* duration = expr.as<ast::Duration>()) return Constant{static_cast<double>(duration->value.count())};
  if (const auto* truth = expr.as<ast::Bool>()) return Constant{truth->value};
  if (expr.as<ast::None>()) return Constant{};
  if (const auto* text = expr.as<ast::Template>()) {
    if (auto constant = text->constant()) return Constant{*std::move(constant)};
  }
  return std::nullopt;
}

class Solver {
 public:
  Solver(const Place& place, const Names& names, const Subject& subject) : place_(place), names_(names), s_(subject) {}

  void know(const ast::Expr& expr) {
    if (const auto* negated = expr.as<ast::Not>(); negated && negated->operand) return know(*negated->operand);
    if (const auto* binary = expr.as<ast::Binary>(); binary && binary->left && binary->right) {
      if (binary->op == Op::And || binary->op == Op::Or) {
        know(*binary->left);
        return know(*binary->right);
      }
      if (compared(*binary)) return;
    }
    if (const auto* path = expr.as<ast::Path>(); path && !value_of(*path)) {
      variable(*path);
      return;
    }
    if (!literal(expr)) variables_[key(expr)] = {.values = {true, false}, .may_be_none = false, .is_closed = true, .is_free = true};
  }

  // Calls `visit` in every world; false: there are too many.
  template <class Visit>
  auto each_world(const Visit& visit) -> bool {
    std::size_t worlds = 1;
    for (auto& [name, variable] : variables_) {
      fill(variable);
      worlds *= variable.values.size();
      if (worlds > WorldsMax) return false;
    }
    for (std::size_t number = 0; number < worlds; ++number) {
      auto rest = number;
      for (auto& [name, variable] : variables_) {
        world_[name] = &variable.values[rest % variable.values.size()];
        rest /= variable.values.size();
      }
      if (is_consistent()) visit();
    }
    return true;
  }

  auto holds(const ast::Expr& expr) const -> bool {
    if (const auto* negated = expr.as<ast::Not>(); negated && negated->operand) return !holds(*negated->operand);
    const auto* binary = expr.as<ast::Binary>();
    if (binary && binary->left && binary->right) {
      if (binary->op == Op::And) return holds(*binary->left) && holds(*binary->right);
      if (binary->op == Op::Or) return holds(*binary->left) || holds(*binary->right);
      if (world_.contains(key(expr))) return truthy(constant(expr));
      return comparison(*binary);
    }
    return truthy(constant(expr));
  }

 private:
  auto key(const ast::Expr& expr) const -> std::string {
    if (const auto* path = expr.as<ast::Path>()) return path->text();
    return "(" + std::string{s_.checked.sources[expr.at.file].text(expr.at)} + ")";
  }

  // The value of an enum that a path names; nothing if it is a variable.
  auto value_of(const ast::Path& path) const -> std::optional<Constant> {
    if (names_.fields(path, place_).empty() && names_.is_enum_value(path)) return Constant{path.parts[0].text};
    return std::nullopt;
  }

  auto fixed(const ast::Expr& expr) const -> std::optional<Constant> {
    if (const auto* path = expr.as<ast::Path>()) return value_of(*path);
    return literal(expr);
  }

  auto variable(const ast::Path& path) -> Variable& {
    const auto [found, fresh] = variables_.try_emplace(path.text());
    auto& out = found->second;
    if (!fresh) return out;
    const auto fields = names_.fields(path, place_);
    out.may_be_none = fields.size() != path.parts.size();  // not known whole
    for (const auto* field : fields) out.may_be_none = out.may_be_none || field->type.optional;
    // Carried values are not set on every way.
    if (!place_.tool && !names_.state(path, place_)) out.may_be_none = true;
    if (fields.size() != path.parts.size()) return out;
    const auto& type = fields.back()->type;
    if (type.kind != ast::TypeRef::Kind::Named) return out;
    if (type.name.is("bool")) out.values = {true, false};
    out.is_closed = type.name.is("bool");
    if (const auto* enumeration = s_.scope().enumeration(type.name)) {
      out.is_closed = true;
      for (const auto& value : enumeration->values) out.values.emplace_back(value.name.text);
    }
    return out;
  }

  // A name compared with constants: they are what makes a difference.
  auto compared(const ast::Binary& binary) -> bool {
    const auto* left = binary.left->as<ast::Path>();
    const auto* right = binary.right->as<ast::Path>();
    if (left && value_of(*left)) left = nullptr;
    if (right && value_of(*right)) right = nullptr;
    if (const auto* list = binary.right->as<ast::List>(); list && left && binary.op == Op::In) {
      for (const auto& item : list->items) {
        if (!fixed(item)) return false;
      }
      for (const auto& item : list->items) add(variable(*left), *fixed(item));
      return true;
    }
    if (bool(left) == bool(right) || binary.op == Op::In) return false;
    const auto constant = fixed(left ? *binary.right : *binary.left);
    if (!constant) return false;
    // Texts have no neighbours to try: `at < "17:00"` may hold or not.
    const bool ordered = binary.op == Op::Lt || binary.op == Op::Le || binary.op == Op::Gt || binary.op == Op::Ge;
    if (ordered && !std::holds_alternative<double>(*constant)) return false;
    add(variable(left ? *left : *right), *constant);
    return true;
  }

  static void add(Variable& variable, const Constant& constant) {
    const auto put = [&](Constant value) {
      if (std::ranges::find(variable.values, value) == variable.values.end()) variable.values.push_back(std::move(value));
    };
    if (const auto* number = std::get_if<double>(&constant)) {
      put(*number - 1);
      put(*number);
      put(*number + 1);
    } else if (std::holds_alternative<std::string>(constant)) {
      put(constant);
    }
  }

  static void fill(Variable& variable) {
    if (variable.is_free) return;
    const auto is_number = [](const Constant& value) { return std::holds_alternative<double>(value); };
    // Numbers have their neighbours; of texts there is always another one.
    if (!variable.is_closed && std::ranges::none_of(variable.values, is_number)) variable.values.emplace_back(std::string{"…"});
    if (variable.may_be_none) variable.values.emplace_back(std::monostate{});
  }

  // What is below something that is none is none.
  auto is_consistent() const -> bool {
    for (const auto& [name, value] : world_) {
      if (std::holds_alternative<std::monostate>(*value)) continue;
      for (auto dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1)) {
        const auto above = world_.find(name.substr(0, dot));
        if (above != world_.end() && std::holds_alternative<std::monostate>(*above->second)) return false;
      }
    }
    return true;
  }

  auto constant(const ast::Expr& expr) const -> Constant {
    if (const auto known = fixed(expr)) return *known;
    const auto found = world_.find(key(expr));
    return found == world_.end() ? Constant{true} : *found->second;
  }

  static auto truthy(const Constant& value) -> bool {
    if (const auto* truth = std::get_if<bool>(&value)) return *truth;
    if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
    return !std::holds_alternative<std::monostate>(value);
  }

  // Nothing: not understood, and a variable of its own.
  auto comparison(const ast::Binary& binary) const -> bool {
    const auto left = constant(*binary.left);
    if (const auto* list = binary.right->as<ast::List>(); list && binary.op == Op::In) {
      return std::ranges::any_of(list->items, [&](const ast::Expr& item) { return constant(item) == left; });
    }
    const auto right = constant(*binary.right);
    const auto* a = std::get_if<double>(&left);
    const auto* b = std::get_if<double>(&right);
    switch (binary.op) {
      case Op::Eq: return left == right;
      case Op::Ne: return left != right;
      case Op::Lt: return a && b && *a < *b;
      case Op::Le: return a && b && *a <= *b;
      case Op::Gt: return a && b && *a > *b;
      case Op::Ge: return a && b && *a >= *b;
      default: return true;
    }
  }

  const Place& place_;
  const Names& names_;
  const Subject& s_;
  std::map<std::string, Variable> variables_;
  std::map<std::string, const Constant*> world_;
};

}  // namespace

auto possible(const ast::Expr& condition, const Given& given, const Place& place, const Names& names, const Subject& subject) -> Answer {
  Solver solver{place, names, subject};
  solver.know(condition);
  for (const auto& [known, held] : given) solver.know(*known);
  Answer out{.can_hold = false, .can_fail = false};
  bool any = false;
  const bool searched = solver.each_world([&] {
    if (!std::ranges::all_of(given, [&](const auto& each) { return solver.holds(*each.first) == each.second; })) return;
    any = true;
    (solver.holds(condition) ? out.can_hold : out.can_fail) = true;
  });
  return searched && any ? out : Answer{};
}

}  // namespace flow::review
