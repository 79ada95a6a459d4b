#include <algorithm>

#include "compiler/parse/builder.h"

// A text is taken apart first; then, in a text block, the common indentation is removed from the raw characters; then
// escapes are resolved, so that a written `\n` never counts as a line.

namespace flow::parse {
namespace {

using Parts = std::vector<ast::TemplatePart>;

// Calls `visit` for every run of characters in the order of the source.
template <class Visit>
void each_chars(Parts& parts, const Visit& visit) {
  for (auto& part : parts) {
    if (auto* chars = std::get_if<ast::Chars>(&part.node)) visit(chars->text, part.at);
    if (auto* condition = std::get_if<ast::Conditional>(&part.node)) {
      each_chars(condition->then, visit);
      each_chars(condition->otherwise, visit);
    }
  }
}

auto is_blank(char c) -> bool { return c == ' ' || c == '\t'; }

// The least indentation of the lines after the first; a line of blanks alone counts only if something is inserted in
// it.
auto common_indent(const std::string& source_after_open) -> std::size_t {
  std::size_t least = std::string::npos;
  for (std::size_t at = source_after_open.find('\n'); at != std::string::npos;
       at = source_after_open.find('\n', at + 1)) {
    std::size_t end = at + 1;
    while (end < source_after_open.size() && is_blank(source_after_open[end])) ++end;
    const bool blank =
        end < source_after_open.size() && (source_after_open[end] == '\n' || source_after_open[end] == '\r');
    if (!blank) least = std::min(least, end - at - 1);
  }
  return least == std::string::npos ? 0 : least;
}

auto without_indent(const std::string& text, std::size_t indent) -> std::string {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
    out += text[at];
    if (text[at] != '\n') continue;
    for (std::size_t n = 0; n < indent && at + 1 < text.size() && is_blank(text[at + 1]); ++n) ++at;
  }
  return out;
}

// The common indentation goes, and so do the line ends beside the quotes.
void remove_indent(ast::Template& text, std::string inner) {
  if (inner.ends_with("\"\"\"")) inner.replace(inner.size() - 3, 3, "x");  // the last line counts, blank or not
  const auto indent = common_indent(inner);
  each_chars(text.parts, [&](std::string& chars, Span) { chars = without_indent(chars, indent); });
  if (text.parts.empty()) return;
  if (auto* first = std::get_if<ast::Chars>(&text.parts.front().node)) {
    const auto begin = first->text.find_first_not_of(" \t");
    if (begin != std::string::npos && first->text[begin] == '\n') first->text.erase(0, begin + 1);
  }
  if (auto* last = std::get_if<ast::Chars>(&text.parts.back().node)) {
    const auto end = last->text.find_last_not_of(" \t");
    if (end != std::string::npos && last->text[end] == '\n') last->text.erase(end);
  }
}

}  // namespace

auto Builder::text(Grammar::StringContext* node) -> ast::Template {
  ast::Template out;
  if (!node) return out;
  out.at = span(node);
  out.block = node->TEXT_OPEN() != nullptr;
  out.parts = parts(node->part());
  if (out.block) remove_indent(out, written({out.at.file, out.at.begin + 3, std::max(out.at.begin + 3, out.at.end)}));
  unescape(out.parts);
  std::erase_if(out.parts, [](const ast::TemplatePart& part) {
    const auto* chars = std::get_if<ast::Chars>(&part.node);
    return chars && chars->text.empty();
  });
  return out;
}

// Characters that stand side by side (the lexer cuts at quotes and backslashes) become one part.
auto Builder::parts(const std::vector<Grammar::PartContext*>& nodes) -> Parts {
  Parts out;
  for (auto* node : nodes) {
    const auto at = span(node);
    if (node->CHARS()) {
      auto* before = out.empty() ? nullptr : std::get_if<ast::Chars>(&out.back().node);
      if (before) {
        before->text += written(at);
        out.back().at.end = at.end;
      } else {
        out.push_back({ast::Chars{written(at)}, at});
      }
    } else if (auto* inner = node->conditional()) {
      out.push_back({conditional(*inner), at});
    } else if (auto* hole = node->hole()) {
      out.push_back({ast::Hole{expr(hole->expr())}, at});
    }
  }
  return out;
}

auto Builder::conditional(Grammar::ConditionalContext& node) -> ast::Conditional {
  ast::Conditional out{.condition = expr(node.expr()), .then = {}, .otherwise = {}};
  const auto else_at = node.ELSE() ? node.ELSE()->getSymbol()->getStartIndex() : INVALID_INDEX;
  std::vector<Grammar::PartContext*> then, otherwise;
  for (auto* part : node.part()) (part->start->getStartIndex() < else_at ? then : otherwise).push_back(part);
  out.then = parts(then);
  out.otherwise = parts(otherwise);
  return out;
}

auto Builder::constant(Grammar::StringContext* node) -> std::string {
  const auto words = text(node);
  if (auto fixed = words.constant()) return *fixed;
  report_.add(words.at, diag::ConstantText);
  return {};
}

void Builder::unescape(Parts& all) {
  each_chars(all, [&](std::string& chars, Span at) {
    std::string out;
    for (std::size_t i = 0; i < chars.size(); ++i) {
      if (chars[i] != '\\' || i + 1 == chars.size()) {
        out += chars[i];
        continue;
      }
      switch (const char c = chars[++i]) {
        case 'n': out += '\n'; break;
        case 't': out += '\t'; break;
        case '"':
        case '\\':
        case '{':
        case '}': out += c; break;
        default: {
          // The place is that of the first such escape in the source: indentation may have moved this one.
          std::string escape = chars.substr(i - 1, 1 + (static_cast<unsigned char>(c) < 0x80 ? 1 : 0));
          const auto found = source_.text(at).find(escape);
          const auto begin = at.begin + static_cast<std::uint32_t>(found == std::string_view::npos ? 0 : found);
          report_
              .add({at.file, begin, begin + static_cast<std::uint32_t>(escape.size())}, diag::UnknownEscape,
                   diag::Text{escape})
              .fix({at.file, begin, begin}, "\\");
          out += c;
        }
      }
    }
    chars = std::move(out);
  });
}

}  // namespace flow::parse
