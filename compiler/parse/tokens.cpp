#include "compiler/parse/tokens.h"

#include <algorithm>

#include "compiler/parse/lexeme.h"

namespace flow::parse {
namespace {

auto kind_of(std::size_t type) -> Token::Kind {
  if (type == Tok::ID || (type >= Tok::IF && type <= Tok::ONCE)) return Token::Kind::Word;
  if (type >= Tok::DURATION && type <= Tok::BAD_NUMBER) return Token::Kind::Number;
  if (type == Tok::NL) return Token::Kind::LineEnd;
  return Token::Kind::Symbol;
}

// Puts the parts of each text together.
class Joiner {
 public:
  explicit Joiner(FileId file) : file_(file) {}

  void take(const Lexeme& lexeme) {
    if (lexeme.type == Tok::NL) end_line(lexeme);
    if (lexeme.type == Tok::STR_OPEN || lexeme.type == Tok::TEXT_OPEN) {
      if (open_.empty()) text_ = {lexeme.type == Tok::STR_OPEN ? Token::Kind::Text : Token::Kind::TextBlock, {file_, lexeme.begin, lexeme.end}};
      open_.push_back(lexeme.type);
    }
    if (open_.empty()) {
      out_.push_back({kind_of(lexeme.type), {file_, lexeme.begin, lexeme.end}});
      return;
    }
    text_.at.end = std::max(text_.at.end, lexeme.end);
    if (lexeme.type == Tok::STR_CLOSE || lexeme.type == Tok::TEXT_CLOSE) open_.pop_back();
    if (open_.empty()) out_.push_back(text_);
  }

  // A comment inside a text is part of it.
  void take(Token::Kind kind, const Lexeme& lexeme) {
    if (open_.empty()) out_.push_back({kind, {file_, lexeme.begin, lexeme.end}});
  }

  auto tokens() -> std::vector<Token> {
    if (!open_.empty()) out_.push_back(text_);
    return std::move(out_);
  }

 private:
  // A text of one line ends with it.
  void end_line(const Lexeme&) {
    const bool was_open = !open_.empty();
    while (!open_.empty() && open_.back() == Tok::STR_OPEN) open_.pop_back();
    if (was_open && open_.empty()) out_.push_back(text_);
  }

  FileId file_;
  std::vector<Token> out_;
  std::vector<std::size_t> open_;
  Token text_;
};

}  // namespace

auto tokens(const SourceFile& source) -> std::vector<Token> {
  diag::Report unheard;
  auto lexed = lex(source, unheard);
  lexed.tokens.pop_back();  // the end of the file
  const auto before = [](const Lexeme& a, const Lexeme& b) { return a.begin < b.begin; };
  Lexemes remarks;
  std::merge(lexed.docs.begin(), lexed.docs.end(), lexed.comments.begin(), lexed.comments.end(), std::back_inserter(remarks), before);
  Joiner joiner{source.id()};
  auto next = remarks.begin();
  const auto remark = [&] {
    const bool doc = source.text(span(source, *next)).starts_with("///");
    joiner.take(doc ? Token::Kind::Doc : Token::Kind::Comment, *next++);
  };
  for (const auto& lexeme : lexed.tokens) {
    while (next != remarks.end() && next->begin < lexeme.begin) remark();
    joiner.take(lexeme);
  }
  while (next != remarks.end()) remark();
  return joiner.tokens();
}

}  // namespace flow::parse
