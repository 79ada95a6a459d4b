#include <charconv>
#include <limits>

#include "compiler/parse/builder.h"

namespace flow::parse {
namespace {

auto is_there(const antlr4::Token* token) -> bool { return token && token->getStartIndex() != INVALID_INDEX; }

auto operation(std::size_t type) -> ast::Binary::Op {
  using Op = ast::Binary::Op;
  switch (type) {
    case Grammar::OR: return Op::Or;
    case Grammar::EQ: return Op::Eq;
    case Grammar::NE: return Op::Ne;
    case Grammar::LT: return Op::Lt;
    case Grammar::LE: return Op::Le;
    case Grammar::GT: return Op::Gt;
    case Grammar::GE: return Op::Ge;
    case Grammar::IN: return Op::In;
    default: return Op::And;
  }
}

auto milliseconds_of(std::string_view unit) -> double {
  if (unit == "ms") return 1;
  if (unit == "s") return 1'000;
  if (unit == "m") return 60'000;
  if (unit == "h") return 3'600'000;
  return 86'400'000;  // d
}

auto read_double(std::string_view text) -> double {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

auto Builder::span(const Token& token) const -> Span {
  if (!is_there(&token)) return {source_.id(), 0, 0};
  return {source_.id(), static_cast<std::uint32_t>(token.getStartIndex()),
          static_cast<std::uint32_t>(token.getStopIndex())};
}

auto Builder::span(const Node* node) const -> Span {
  if (!node || !is_there(node->start)) return {source_.id(), 0, 0};
  auto at = span(*node->start);
  // A rule that matched nothing ends before it starts.
  if (is_there(node->stop) && node->stop->getStopIndex() >= at.end)
    at.end = static_cast<std::uint32_t>(node->stop->getStopIndex());
  return at;
}

auto Builder::doc(const Node& node) const -> ast::Doc {
  ast::Doc out;
  if (!is_there(node.start) || docs_.empty()) return out;
  const auto line = static_cast<std::uint32_t>(node.start->getLine());
  const auto begins_its_line = [&](std::uint32_t number, std::uint32_t at) {
    return source_.text({source_.id(), source_.line_start(number), at}).find_first_not_of(" \t") == std::string_view::npos;
  };
  // It is about what begins its line, not about what else begins on it, such as a tool's parameters.
  if (!begins_its_line(line, span(*node.start).begin)) return out;
  // Behind something else it begins: what stands above that is about that.
  auto first = line;
  while (first > 1 && docs_.contains(first - 1)) {
    --first;
    if (!begins_its_line(first, docs_.at(first).begin)) break;
  }
  for (auto at = first; at < line; ++at) {
    const auto& comment = docs_.at(at);
    auto text = source_.text(comment).substr(3);  // `///`
    if (text.starts_with(' ')) text.remove_prefix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    out.text += (out.text.empty() ? "" : "\n") + std::string{text};
    out.at = at == first ? comment : Span{comment.file, out.at.begin, comment.end};
  }
  return out;
}

auto Builder::name(Node* node) -> ast::Name {
  if (!node || node->exception || !is_there(node->start)) return {};
  const auto at = span(*node->start);
  return {written(at), at};
}

auto Builder::path(Grammar::PathContext* node) -> ast::Path {
  ast::Path out;
  if (!node) return out;
  out.at = span(node);
  for (auto* each : node->name()) out.parts.push_back(name(each));
  if (node->exception && !out.parts.empty()) out.parts.push_back({});  // broke off after a dot
  return out;
}

auto Builder::expr(Grammar::ExprContext* node) -> ast::Expr {
  if (!node) return {};
  if (node->primary()) return primary(node->primary());
  const auto operands = node->expr();
  if (operands.size() == 1 && node->NOT()) return {ast::Not{expr(operands[0])}, span(node)};
  for (auto* child : node->children) {
    auto* terminal = dynamic_cast<antlr4::tree::TerminalNode*>(child);
    if (terminal && terminal->getSymbol()->getType() != Grammar::NOT) return binary(*node, *terminal->getSymbol());
  }
  return {ast::Missing{}, span(node)};
}

auto Builder::binary(Grammar::ExprContext& node, Token& op) -> ast::Expr {
  const auto operands = node.expr();
  const auto side = [&](std::size_t i) {
    return operands.size() > i ? expr(operands[i]) : ast::Expr{ast::Missing{}, span(&node)};
  };
  ast::Expr out{ast::Binary{operation(op.getType()), span(op), side(0), side(1)}, span(&node)};
  if (!node.NOT()) return out;
  return {ast::Not{std::move(out)}, span(&node)};  // `a not in b`
}

auto Builder::primary(Grammar::PrimaryContext* node) -> ast::Expr {
  if (!node) return {};
  const auto at = span(node);
  if (node->path()) return {path_or_call(*node), at};
  if (node->LPAREN()) {
    const auto inner = node->expr();
    if (inner.empty()) return {ast::Missing{}, at};
    auto out = expr(inner[0]);
    out.at = at;
    return out;
  }
  if (node->LBRACK()) {
    ast::List list;
    for (auto* each : node->expr()) list.items.push_back(expr(each));
    return {std::move(list), at};
  }
  if (auto* words = node->string()) return {text(words), at};
  if (const auto numbers = node->number(); !numbers.empty()) {
    if (!node->RANGE()) return number(numbers[0]);
    return {ast::Range{number(numbers[0]), numbers.size() > 1 ? number(numbers[1]) : ast::Expr{}}, at};
  }
  if (node->exception || !is_there(node->start)) return {ast::Missing{}, at};
  switch (node->start->getType()) {
    case Grammar::PERCENT: return {number(*node->start), at};
    case Grammar::CODE: return {ast::Code{written(at)}, at};
    case Grammar::STAR: return {ast::Star{}, at};
    case Grammar::TRUE: return {ast::Bool{true}, at};
    case Grammar::FALSE: return {ast::Bool{false}, at};
    case Grammar::NONE: return {ast::None{}, at};
    default: return {ast::Missing{}, at};
  }
}

auto Builder::path_or_call(Grammar::PrimaryContext& node) -> ast::Expr::Node {
  auto callee = path(node.path());
  if (node.STAR()) return ast::AllOf{std::move(callee)};
  if (!node.LPAREN()) {
    if (callee.missing() && callee.parts.size() <= 1) return ast::Missing{};
    return callee;
  }
  ast::Call call{std::move(callee), {}};
  for (auto* each : node.argument()) {
    call.args.push_back({each->COLON() ? name(each->name()) : ast::Name{}, expr(each->expr()), span(each)});
  }
  return call;
}

auto Builder::number(Grammar::NumberContext* node) -> ast::Expr {
  if (!node || node->exception || !is_there(node->start)) return {ast::Missing{}, span(node)};
  return {number(*node->start), span(node)};
}

auto Builder::number(Token& token) -> ast::Expr::Node {
  const auto text = written(span(token));
  const auto digits = text.find_first_not_of("-0123456789.");
  const auto figure = text.substr(0, digits);
  const auto too_big = [&]() -> ast::Expr::Node {
    report_.add(span(token), diag::NumberTooBig, diag::Text{text});
    return ast::Missing{};
  };
  switch (token.getType()) {
    case Grammar::FLOAT: return ast::Float{read_double(figure)};
    case Grammar::PERCENT: return ast::Percent{read_double(figure)};
    case Grammar::DURATION: {
      constexpr double LongestMs = 100.0 * 366 * 86'400'000;  // a hundred years: beyond it somebody has mistyped
      const double ms = read_double(figure) * milliseconds_of(std::string_view{text}.substr(digits));
      if (ms > LongestMs || ms < -LongestMs) return too_big();
      return ast::Duration{std::chrono::milliseconds{static_cast<std::int64_t>(ms + (ms < 0 ? -0.5 : 0.5))}};
    }
    default: {
      if (digits != std::string::npos) return ast::Missing{};  // a unit that nobody knows, reported by the lexer
      std::int64_t value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      return error == std::errc{} && end == text.data() + text.size() ? ast::Expr::Node{ast::Int{value}} : too_big();
    }
  }
}

}  // namespace flow::parse
