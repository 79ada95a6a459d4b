#include <fmt/format.h>

#include "compiler/parse/lexeme.h"

namespace flow::parse {
namespace {

// ANTLR counts characters, we count bytes. Text of ASCII alone needs no table.
class ByteOf {
 public:
  explicit ByteOf(std::string_view text, std::uint32_t offset) : offset_(offset) {
    if (count_characters(text) == text.size()) return;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) starts_.push_back(static_cast<std::uint32_t>(at));
    }
    starts_.push_back(static_cast<std::uint32_t>(text.size()));
  }
  auto operator()(std::size_t character) const -> std::uint32_t {
    if (starts_.empty()) return offset_ + static_cast<std::uint32_t>(character);
    return offset_ + (character < starts_.size() ? starts_[character] : starts_.back());
  }

 private:
  std::uint32_t offset_;
  std::vector<std::uint32_t> starts_;
};

// What somebody who knows other languages probably meant.
auto meant(std::string_view stray) -> std::string_view {
  if (stray == "&&") return "and";
  if (stray == "||") return "or";
  if (stray == "!") return "not ";
  if (stray == "'" || stray == "`") return "\"";
  if (stray == "#") return "//";
  if (stray == ":=") return "=";
  return {};
}

}  // namespace

void report_stray(const SourceFile& source, Span at, diag::Report& report) {
  if (source.text(at).starts_with('#')) at.end = at.begin + 1;
  const auto text = source.text(at);
  const bool visible = !text.empty() && static_cast<unsigned char>(text[0]) > 0x20;
  const auto shown = visible ? fmt::format("`{}`", text)
                             : fmt::format("U+{:04X}", text.empty() ? 0u : static_cast<unsigned char>(text[0]));
  auto added = report.add(at, diag::StrayCharacter, diag::Text{shown});
  if (const auto instead = meant(text); !instead.empty()) added.fix(at, std::string{instead});
}

auto lex(const SourceFile& source, diag::Report& report) -> Lexed {
  std::string_view text = source.text();
  const std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const std::uint32_t skipped = text.starts_with(byte_order_mark) ? 3 : 0;
  text.remove_prefix(skipped);
  const ByteOf byte{text, skipped};

  antlr4::ANTLRInputStream input{text.data(), text.size()};
  flow_grammar::FlowLexer lexer{&input};
  lexer.removeErrorListeners();

  Lexed out;
  out.tokens.reserve(text.size() / 4 + 1);
  for (;;) {
    const auto token = lexer.nextToken();
    const auto type = token->getType();
    const auto line = static_cast<std::uint32_t>(token->getLine());
    if (type == antlr4::Token::EOF) {
      const auto end = static_cast<std::uint32_t>(source.text().size());
      out.tokens.push_back({type, end, end, line});
      return out;
    }
    const Lexeme lexeme{type, byte(token->getStartIndex()), byte(token->getStopIndex() + 1), line};
    if (token->getChannel() == flow_grammar::FlowLexer::DOCS)
      out.docs.push_back(lexeme);
    else if (token->getChannel() == antlr4::Token::HIDDEN_CHANNEL)
      out.comments.push_back(lexeme);
    else if (token->getChannel() == antlr4::Token::DEFAULT_CHANNEL)
      out.tokens.push_back(lexeme);

    if (type == Tok::BAD_NUMBER) {
      report.add(span(source, lexeme), diag::UnknownUnit, diag::Text{std::string{source.text(span(source, lexeme))}});
      out.tokens.back().type = Tok::INT;  // stands where a number was meant
    }
  }
}

}  // namespace flow::parse
