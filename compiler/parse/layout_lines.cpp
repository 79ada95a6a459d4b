#include <algorithm>
#include <array>
#include <optional>

#include "compiler/parse/layout.h"

namespace flow::parse {
namespace {

constexpr auto EndOfFile = antlr4::Token::EOF;

auto is_word(std::size_t type) -> bool { return type == Tok::ID || (type >= Tok::FLOW && type <= Tok::ONCE); }

// A word that begins a declaration, at the very start of a line, with a name or a block after it.
auto begins_declaration(const Lexemes& tokens, std::size_t i, const SourceFile& source) -> bool {
  constexpr std::array Words{Tok::FLOW,     Tok::IMPORT,  Tok::ENUM,   Tok::TYPE, Tok::STATE,
                             Tok::REALTIME, Tok::SERVICE, Tok::POLICY, Tok::TOOL, Tok::AGENT,
                             Tok::TRANSFER, Tok::CHANNEL, Tok::RULE,   Tok::LOCALE, Tok::TEST};
  const auto& token = tokens[i];
  if (std::find(Words.begin(), Words.end(), token.type) == Words.end()) return false;
  if (i == 0 || tokens[i - 1].type != Tok::NL || source.line_start(token.line) != token.begin) return false;
  const auto next = tokens[i + 1].type;
  return is_word(next) || next == Tok::LBRACE || next == Tok::STR_OPEN;
}

class BraceCloser {
 public:
  BraceCloser(const Lexemes& tokens, const SourceFile& source, diag::Report& report)
      : tokens_(tokens), source_(source), report_(report) {}

  // Nothing, if a brace is open at the end: then a second run, which closes before declarations, finds out where.
  auto run(bool at_declarations) -> std::optional<Lexemes> {
    Lexemes out;
    out.reserve(tokens_.size());
    std::vector<Lexeme> open;
    const auto close_all = [&](const Lexeme& before) {
      if (before.type != EndOfFile || !text_swallowed_the_end())
        report_.add(span(source_, open.back()), diag::NeverClosed);
      for (; !open.empty(); open.pop_back()) out.push_back({Tok::RBRACE, before.begin, before.begin, before.line});
    };
    std::vector<Lexeme> strays;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const auto& token = tokens_[i];
      if (at_declarations && !open.empty() && begins_declaration(tokens_, i, source_)) close_all(token);
      if (token.type == Tok::LBRACE) open.push_back(token);
      if (token.type == Tok::RBRACE) {
        if (open.empty()) {
          strays.push_back(token);
          continue;
        }
        open.pop_back();
      }
      if (token.type == EndOfFile && !open.empty()) {
        if (!at_declarations) return std::nullopt;
        close_all(token);
      }
      out.push_back(token);
    }
    for (const auto& stray : strays)
      report_.add(span(source_, stray), diag::ClosesNothing).fix(span(source_, stray), "");
    return out;
  }

 private:
  // A text block without end has taken the rest of the file, and every `}` in it.
  auto text_swallowed_the_end() const -> bool {
    return std::any_of(report_.all().begin(), report_.all().end(), [&](const diag::Diagnostic& d) {
      return d.code == diag::OpenTextBlock.code && d.at.file == source_.id();
    });
  }

  const Lexemes& tokens_;
  const SourceFile& source_;
  diag::Report& report_;
};

// Decides about one line end at a time, when it is known what comes after it.
class LineEnder {
 public:
  auto run(const Lexemes& tokens) -> Lexemes {
    out_.reserve(tokens.size());
    for (const auto& token : tokens) take(token);
    return std::move(out_);
  }

 private:
  void take(const Lexeme& token) {
    count_brackets(token);
    const bool inside = brackets_ > 0 || texts_ > 0;
    if (token.type == Tok::NL || (token.type == Tok::SEMI && !inside)) {
      if (inside) return;
      if (!pending_ || token.type == Tok::SEMI) pending_ = token;
      return;
    }
    if (pending_ && ends_something(*pending_, token))
      out_.push_back({Tok::NL, pending_->begin, pending_->end, pending_->line});
    else if (!pending_ && !out_.empty() && out_.back().type == Tok::RBRACE && !goes_on(token.type)) {
      out_.push_back({Tok::NL, token.begin, token.begin, token.line});
    }
    pending_.reset();
    out_.push_back(token);
  }

  void count_brackets(const Lexeme& token) {
    switch (token.type) {
      case Tok::LPAREN:
      case Tok::LBRACK: ++brackets_; break;
      case Tok::RPAREN:
      case Tok::RBRACK: brackets_ = std::max(0, brackets_ - 1); break;
      case Tok::LBRACE:
      case Tok::RBRACE: brackets_ = 0; break;  // there are none inside ( ) and [ ]: one was forgotten
      case Tok::STR_OPEN:
      case Tok::TEXT_OPEN: ++texts_; break;
      case Tok::STR_CLOSE:
      case Tok::TEXT_CLOSE: --texts_; break;
      default: break;
    }
  }

  static auto goes_on(std::size_t type) -> bool {
    return type == Tok::RBRACE || type == Tok::ELSE || type == EndOfFile;
  }

  auto ends_something(const Lexeme& end, const Lexeme& next) const -> bool {
    if (out_.empty() || goes_on(next.type)) return false;
    const auto last = out_.back().type;
    if (last == Tok::LBRACE) return false;
    // `a,` and `agent a` are not finished; a `;` would finish them.
    return end.type == Tok::SEMI || (last != Tok::COMMA && next.type != Tok::LBRACE);
  }

  Lexemes out_;
  std::optional<Lexeme> pending_;
  int brackets_ = 0;
  int texts_ = 0;
};

}  // namespace

auto close_braces(Lexemes tokens, const SourceFile& source, diag::Report& report) -> Lexemes {
  BraceCloser closer{tokens, source, report};
  if (auto balanced = closer.run(false)) return std::move(*balanced);
  return *closer.run(true);
}

auto end_lines(Lexemes tokens) -> Lexemes { return LineEnder{}.run(tokens); }

auto shallow_enough(const Lexemes& tokens, const SourceFile& source, diag::Report& report) -> bool {
  int depth = 0;
  std::vector<int> operators{0};  // of the line that is being read, one for each open `{`
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto& token = tokens[i];
    switch (token.type) {
      case Tok::LBRACE:
        operators.push_back(0);
        ++depth;
        break;
      case Tok::RBRACE:
        if (operators.size() > 1) operators.pop_back();
        --depth;
        break;
      case Tok::LPAREN:
      case Tok::LBRACK:
      case Tok::STR_OPEN:
      case Tok::TEXT_OPEN: ++depth; break;
      case Tok::RPAREN:
      case Tok::RBRACK:
      case Tok::STR_CLOSE:
      case Tok::TEXT_CLOSE: depth = std::max(0, depth - 1); break;
      case Tok::NL: operators.back() = 0; break;
      case Tok::IF:
        if (i > 0 && tokens[i - 1].type == Tok::INTER) ++depth;
        break;  // `{if`
      case Tok::SLASH:
        if (i > 0 && tokens[i - 1].type == Tok::INTER) --depth;
        break;  // `{/if`
      default: break;
    }
    const bool is_operator = token.type == Tok::AND || token.type == Tok::OR || token.type == Tok::NOT ||
                             token.type == Tok::IN || token.type == Tok::ELSE ||
                             (token.type >= Tok::EQ && token.type <= Tok::GT);
    if (is_operator) ++operators.back();
    if (depth <= NestingMax && operators.back() <= OperatorsMax) continue;
    if (depth > NestingMax)
      report.add(span(source, token), diag::TooDeep, diag::Count{NestingMax});
    else
      report.add(span(source, token), diag::TooLong, diag::Count{OperatorsMax});
    return false;
  }
  return true;
}

}  // namespace flow::parse
