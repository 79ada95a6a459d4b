#include "compiler/check/shape.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>

#include "compiler/base/check.h"

namespace flow::check {
namespace {

struct Node {
  enum class Kind { Word, Value, If, Else, Action, Block, Sequence, Either, Optional, List };
  Kind kind = Kind::Sequence;
  std::string_view text;  // of Word and Value
  bool not_yet = false;
  std::vector<Node> inner;
};

// ── The notation ─────────────────────────────────────────────────────────────────────────────────────────────

class ShapeReader {
 public:
  explicit ShapeReader(std::string_view text) : text_(text) {}
  auto read() -> Node { return either(); }

 private:
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  auto take(std::string_view sign) -> bool {
    skip();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  auto ends() -> bool {
    skip();
    return at_ >= text_.size() || text_[at_] == '|' || text_[at_] == ']' || text_[at_] == ')';
  }

  auto either() -> Node {
    Node out{Node::Kind::Either, {}, false, {}};
    do out.inner.push_back(sequence());
    while (take("|"));
    if (out.inner.size() > 1) return out;
    Node only = std::move(out.inner.front());
    return only;
  }

  auto sequence() -> Node {
    Node out{Node::Kind::Sequence, {}, false, {}};
    while (!ends()) {
      auto item = one();
      if (take(", ...")) item = Node{Node::Kind::List, {}, false, {std::move(item)}};
      out.inner.push_back(std::move(item));
    }
    return out;
  }

  auto one() -> Node {
    if (take("[")) return closed(Node{Node::Kind::Optional, {}, false, {either()}}, "]");
    if (take("(")) return closed(either(), ")");
    if (take("{...}")) return {Node::Kind::Block, {}, false, {}};
    if (take("if EXPR")) return {Node::Kind::If, {}, false, {}};
    if (take("else ACTION")) return {Node::Kind::Else, {}, false, {}};
    if (take("ACTION")) return {Node::Kind::Action, {}, false, {}};
    const auto begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_')) ++at_;
    const auto word = text_.substr(begin, at_ - begin);
    FLOW_ASSERT(!word.empty(), std::string{text_});  // a fault in clauses.def
    const bool is_value = std::isupper(static_cast<unsigned char>(word[0])) != 0;
    return {is_value ? Node::Kind::Value : Node::Kind::Word, word, take("~"), {}};
  }

  auto closed(Node node, std::string_view sign) -> Node {
    const bool found = take(sign);
    FLOW_ASSERT(found, std::string{text_});
    return node;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// ── Kinds of values ──────────────────────────────────────────────────────────────────────────────────────────

auto calls(const ast::Expr& e, std::string_view name) -> bool {
  const auto* call = e.as<ast::Call>();
  if (!call || call->callee.text() != name || call->args.size() != 1) return false;
  const auto* text = call->args[0].value.as<ast::Template>();
  return text && text->constant();
}
auto is_text(const ast::Expr& e) -> bool {
  const auto* text = e.as<ast::Template>();
  return text && text->constant().has_value();
}
template <class T>
auto is(const ast::Expr& e) -> bool {
  return e.as<T>() != nullptr;
}
auto is_name(const ast::Expr& e) -> bool { return !e.word().empty(); }
template <class T>
auto is_range(const ast::Expr& e) -> bool {
  const auto* range = e.as<ast::Range>();
  return range && range->low && range->high && range->low->as<T>() && range->high->as<T>();
}
auto is_tools(const ast::Expr& e) -> bool {
  const auto* excluded = e.as<ast::Not>();
  const auto& inner = excluded && excluded->operand ? *excluded->operand : e;
  return is<ast::Path>(inner) || is<ast::AllOf>(inner);
}

struct ValueKind {
  std::string_view name;
  std::string_view shown;
  bool (*fits)(const ast::Expr&);
};
constexpr std::array Kinds{
    ValueKind{"TEXT", "a text such as \"hello\"", is_text},
    ValueKind{"TEMPLATE", "a text such as \"hello\"", is<ast::Template>},
    ValueKind{"INT", "a whole number such as `3`", is<ast::Int>},
    ValueKind{"NUMBER", "a number such as `1.5`",
              [](const ast::Expr& e) { return is<ast::Int>(e) || is<ast::Float>(e); }},
    ValueKind{"PERCENT", "a share such as `80%`", is<ast::Percent>},
    ValueKind{"DURATION", "a duration such as `30s`", is<ast::Duration>},
    ValueKind{"DURATIONS", "two durations such as `1s..8s`", is_range<ast::Duration>},
    ValueKind{"INTS", "two numbers such as `4..6`", is_range<ast::Int>},
    ValueKind{"NAME", "a name", is_name},
    ValueKind{"PARAMETER", "the name of a parameter", is_name},
    ValueKind{"PATH", "a name", is<ast::Path>},
    ValueKind{"CALL", "a call such as `lookup(id: \"A1\")`", is<ast::Call>},
    ValueKind{"EXPR", "a value", [](const ast::Expr&) { return true; }},
    ValueKind{"SECRET", "a secret such as `secret(\"API_KEY\")`",
              [](const ast::Expr& e) { return calls(e, "secret"); }},
    ValueKind{"ENV", "`env(\"NAME\")`", [](const ast::Expr& e) { return calls(e, "env"); }},
    ValueKind{"FILE", "a file such as `file(\"prompt.md\")`", [](const ast::Expr& e) { return calls(e, "file"); }},
    ValueKind{"PHONE", "`phone(\"+15550100\")`", [](const ast::Expr& e) { return calls(e, "phone"); }},
    ValueKind{"SIP", "`sip(\"sip:desk@example.com\")`", [](const ast::Expr& e) { return calls(e, "sip"); }},
    ValueKind{"QUEUE", "`queue(\"claims\")`", [](const ast::Expr& e) { return calls(e, "queue"); }},
    ValueKind{"TRANSFER", "the name of a transfer", is<ast::Path>},
    ValueKind{"VALUE", "a text, `env(\"NAME\")` or `secret(\"NAME\")`",
              [](const ast::Expr& e) { return is_text(e) || calls(e, "env") || calls(e, "secret"); }},
    ValueKind{"AGENT", "the name of an agent", is<ast::Path>},
    ValueKind{"TARGET", "the name of an agent or a transfer", is<ast::Path>},
    ValueKind{"TOOL", "the name of a tool", is<ast::Path>},
    ValueKind{"DEED", "the name of a tool or an agent", is<ast::Path>},
    ValueKind{"TOOLS", "the name of a tool", is_tools},
    ValueKind{"POLICY", "the name of a policy", is<ast::Path>},
    ValueKind{"REALTIME", "the name of a `realtime` connection", is<ast::Path>},
    ValueKind{"SERVICE", "the name of a service", is<ast::Path>},
};

auto kind_of(std::string_view name) -> const ValueKind& {
  const auto found = std::find_if(Kinds.begin(), Kinds.end(), [&](const ValueKind& kind) { return kind.name == name; });
  FLOW_ASSERT(found != Kinds.end(), std::string{name});
  return *found;
}

auto reference(std::string_view kind, const ast::Expr& e) -> std::vector<Reference> {
  using K = Reference::Kind;
  constexpr std::array<std::pair<std::string_view, K>, 8> Map{{{"AGENT", K::Agent},
                                                               {"TARGET", K::Target},
                                                               {"TOOL", K::Tool},
                                                               {"TOOLS", K::Tool},
                                                               {"DEED", K::Deed},
                                                               {"POLICY", K::Policy},
                                                               {"REALTIME", K::Realtime},
                                                               {"SERVICE", K::Service}}};
  const auto found = std::find_if(Map.begin(), Map.end(), [&](const auto& pair) { return pair.first == kind; });
  if (found == Map.end()) return {};
  const auto* excluded = e.as<ast::Not>();
  const auto& inner = excluded && excluded->operand ? *excluded->operand : e;
  if (const auto* path = inner.as<ast::Path>()) return {{found->second, *path}};
  return {};  // a group such as `calendar.*` names no single tool
}

auto is_word(const ast::Expr& e, std::string_view word) -> bool {
  if (e.word() == word) return true;
  return word == "none" && e.as<ast::None>() != nullptr;
}

// ── Matching ─────────────────────────────────────────────────────────────────────────────────────────────────

// Tries every way through the shape, the first that fits all values wins. Shapes are a few words, so this is quick.
class Matcher {
 public:
  Matcher(const std::vector<ShapeValue>& values, ShapeMatch& out) : values_(values), out_(out) {}

  using Next = std::function<bool(std::size_t)>;

  auto match(const Node& node, std::size_t at, const Next& next) -> bool {
    switch (node.kind) {
      case Node::Kind::Sequence: return sequence(node, 0, at, next);
      case Node::Kind::Either:
        return std::any_of(node.inner.begin(), node.inner.end(),
                           [&](const Node& each) { return match(each, at, next); });
      case Node::Kind::Optional: return match(node.inner[0], at, next) || next(at);
      case Node::Kind::List:
        return match(node.inner[0], at, [&](std::size_t after) { return list(node, after, next); });
      case Node::Kind::Word: return word(node, at, next);
      case Node::Kind::Value: return node.text == "LINE" ? line(at, next) : value(node, at, next);
      case Node::Kind::If: return whole(ShapeValue::Kind::If, "if", "`if` and a condition", at, next);
      case Node::Kind::Else: return whole(ShapeValue::Kind::Else, "else", "`else` and an action", at, next);
      case Node::Kind::Action: return whole(ShapeValue::Kind::Action, "ACTION", "an action", at, next);
      case Node::Kind::Block: return whole(ShapeValue::Kind::Block, "{", "a block `{ }`", at, next);
    }
    return false;
  }

  auto end(std::size_t at) -> bool {
    if (at == values_.size()) return true;
    missed(at, "the end of the line");
    return false;
  }

 private:
  auto sequence(const Node& node, std::size_t index, std::size_t at, const Next& next) -> bool {
    if (index == node.inner.size()) return next(at);
    return match(node.inner[index], at, [&](std::size_t after) { return sequence(node, index + 1, after, next); });
  }

  auto list(const Node& node, std::size_t at, const Next& next) -> bool {
    if (expr(at) && values_[at].arg->after_comma) {
      if (match(node.inner[0], at, [&](std::size_t after) { return list(node, after, next); })) return true;
    } else if (expr(at) && rest_fits(node.inner[0], at)) {
      comma_at_ = at;
    }
    return next(at);
  }

  // Whether all values from here on could be of the list, so that it is probably a comma that was forgotten.
  auto rest_fits(const Node& item, std::size_t at) const -> bool {
    if (item.kind != Node::Kind::Value || item.text == "LINE") return false;
    for (; at < values_.size() && expr(at); ++at) {
      if (!kind_of(item.text).fits(*expr(at))) return false;
    }
    return true;
  }

  auto word(const Node& node, std::size_t at, const Next& next) -> bool {
    const auto* value = expr(at);
    if (!value || !is_word(*value, node.text)) {
      missed(at, "`" + std::string{node.text} + "`");
      if (at == out_.at) out_.words.push_back(node.text);
      return false;
    }
    return accept(node, *value, at, next);
  }

  auto value(const Node& node, std::size_t at, const Next& next) -> bool {
    const auto& kind = kind_of(node.text);
    const auto* found = expr(at);
    if (!found || !kind.fits(*found)) {
      missed(at, std::string{kind.shown});
      if (at == out_.at) out_.kinds.push_back(kind.name);
      return false;
    }
    return accept(node, *found, at, next);
  }

  auto accept(const Node& node, const ast::Expr& value, std::size_t at, const Next& next) -> bool {
    const auto references = out_.references.size();
    const auto not_yet = out_.not_yet.size();
    for (auto& each : reference(node.text, value)) out_.references.push_back(std::move(each));
    if (node.not_yet) out_.not_yet.push_back(&value);
    if (next(at + 1)) return true;
    out_.references.resize(references, Reference{});
    out_.not_yet.resize(not_yet);
    return false;
  }

  // `protected` and `model` may stand before the text.
  auto line(std::size_t at, const Next& next) -> bool {
    auto after = at;
    for (const auto* prefix : {"protected", "model"}) {
      if (const auto* value = expr(after); value && is_word(*value, prefix)) ++after;
    }
    const auto* text = expr(after);
    if (text && text->as<ast::Template>()) return next(after + 1);
    missed(after, "a text such as \"hello\"");
    if (after == out_.at) out_.kinds.push_back(after == at ? "LINE" : "TEMPLATE");
    return false;
  }

  auto whole(ShapeValue::Kind kind, std::string_view name, const char* shown, std::size_t at, const Next& next) -> bool {
    if (at < values_.size() && values_[at].kind == kind) return next(at + 1);
    missed(at, shown);
    if (at == out_.at) out_.kinds.push_back(name);
    return false;
  }

  auto expr(std::size_t at) const -> const ast::Expr* {
    return at < values_.size() && values_[at].kind == ShapeValue::Kind::Arg ? &values_[at].arg->value : nullptr;
  }

  void missed(std::size_t at, std::string what) {
    if (at < out_.at) return;
    if (at > out_.at) {
      out_.at = at;
      out_.expected.clear();
      out_.words.clear();
      out_.kinds.clear();
    }
    out_.comma = comma_at_ == at;
    if (std::find(out_.expected.begin(), out_.expected.end(), what) == out_.expected.end())
      out_.expected.push_back(std::move(what));
  }

  const std::vector<ShapeValue>& values_;
  ShapeMatch& out_;
  std::size_t comma_at_ = static_cast<std::size_t>(-1);
};

}  // namespace

auto match_shape(std::string_view shape, const std::vector<ShapeValue>& values) -> ShapeMatch {
  ShapeMatch out;
  const auto node = ShapeReader{shape}.read();
  Matcher matcher{values, out};
  out.ok = matcher.match(node, 0, [&](std::size_t at) { return matcher.end(at); });
  return out;
}

auto shown_shape(std::string_view shape) -> std::string {
  std::string out;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape.substr(i).starts_with("..."))
      out += "…", i += 2;
    else if (shape[i] != '~')
      out += shape[i];
  }
  return out;
}

}  // namespace flow::check
