#include "compiler/lsp/place.h"

#include <algorithm>

#include "compiler/parse/split.h"

namespace flow::lsp {
namespace {

using check::Where;
using Kind = Place::Kind;
using Token = parse::Token;

struct Level {
  Kind kind = Kind::File;
  Where where = Where::Nowhere;
  std::size_t begin = 0;  // the first token of the statement that is being read here
};

auto where_of(std::string_view word) -> Where {
  constexpr std::pair<std::string_view, Where> Blocks[] = {{"flow", Where::Flow},       {"realtime", Where::Realtime}, {"service", Where::Service}, {"policy", Where::Policy},
                                                           {"tool", Where::Tool},       {"agent", Where::Agent},       {"handoff", Where::Handoff}, {"transfer", Where::Transfer},
                                                           {"channel", Where::Channel}, {"rule", Where::Rule},         {"test", Where::Test}};
  const auto found = std::ranges::find(Blocks, word, [](const auto& pair) { return pair.first; });
  return found == std::end(Blocks) ? Where::Nowhere : found->second;
}

// The piece of a file in which a byte stands: before it nothing matters.
auto piece_begin(const SourceFile& source, std::uint32_t byte) -> std::uint32_t {
  const auto begins = parse::split(source.text());
  return *(std::ranges::upper_bound(begins, byte) - 1);
}

class Reader {
 public:
  Reader(std::string_view text, std::vector<Token> tokens) : text_(text), tokens_(std::move(tokens)) {
    levels_.push_back({});
    for (std::size_t i = 0; i < tokens_.size(); ++i) take(i);
  }

  auto level() const -> const Level& { return levels_.back(); }
  auto words() const -> std::vector<std::string_view> {
    std::vector<std::string_view> out;
    for (auto i = level().begin; i < tokens_.size(); ++i) {
      if (!is_blank(tokens_[i])) out.push_back(word(i));
    }
    return out;
  }
  auto statement() const -> std::string {
    if (level().begin >= tokens_.size()) return {};
    return std::string{text_.substr(tokens_[level().begin].at.begin, tokens_.back().at.end - tokens_[level().begin].at.begin)};
  }
  auto first_words() const -> std::pair<std::string_view, std::string_view> { return declaration_; }
  auto brackets() const -> int { return brackets_; }

 private:
  auto word(std::size_t i) const -> std::string_view { return text_.substr(tokens_[i].at.begin, tokens_[i].at.end - tokens_[i].at.begin); }
  static auto is_blank(const Token& token) -> bool { return token.kind == Token::Kind::LineEnd || token.kind == Token::Kind::Comment || token.kind == Token::Kind::Doc; }

  void take(std::size_t i) {
    const auto& token = tokens_[i];
    auto& here = levels_.back();
    const auto text = token.kind == Token::Kind::Symbol ? word(i) : std::string_view{};
    if (text == "(" || text == "[") ++brackets_;
    if (text == ")" || text == "]") brackets_ = std::max(0, brackets_ - 1);
    if (text == "{") return open(i);
    if (text == "}") return close(i);
    const bool comma_before = i > 0 && word(i - 1) == ",";
    if (brackets_ == 0 && (text == ";" || (token.kind == Token::Kind::LineEnd && !comma_before && !unfinished(here)))) here.begin = i + 1;
    // Fields of one line are divided by commas.
    if (brackets_ == 0 && text == "," && (here.kind == Kind::Fields || here.kind == Kind::Values)) here.begin = i + 1;
  }

  // `agent a` at a line's end: its block may follow.
  auto unfinished(const Level& here) const -> bool { return here.kind == Kind::File && here.begin < tokens_.size() && declares(word(here.begin)) && word(here.begin) != "import"; }
  static auto declares(std::string_view text) -> bool { return where_of(text) != Where::Nowhere || text == "type" || text == "enum" || text == "state"; }

  void open(std::size_t i) {
    brackets_ = 0;
    const auto& here = levels_.back();
    auto begin = here.begin;
    while (begin < i && is_blank(tokens_[begin])) ++begin;
    const auto first = begin < i ? word(begin) : std::string_view{};
    if (here.kind == Kind::File) declaration_ = {first, begin + 1 < i ? word(begin + 1) : std::string_view{}};
    levels_.push_back(inside(here, first, i));
    levels_.back().begin = i + 1;
  }
  void close(std::size_t i) {
    brackets_ = 0;
    if (levels_.size() > 1) levels_.pop_back();
    levels_.back().begin = i + 1;
  }

  auto inside(const Level& here, std::string_view first, std::size_t i) const -> Level {
    const auto before = i > 0 ? word(i - 1) : std::string_view{};
    if (first == "on" || first == "if" || first == "else" || before == "else" || before == "fails" || here.kind == Kind::Actions) return {Kind::Actions, Where::Action};
    if (here.kind == Kind::File && first == "type") return {Kind::Fields, Where::Nowhere};
    if (here.kind == Kind::File && first == "state") return {Kind::Fields, Where::State};
    if (here.kind == Kind::File && first == "enum") return {Kind::Values, Where::Nowhere};
    if (first == "form") return {Kind::Block, Where::Form};
    if (here.kind == Kind::File || first == "handoff") return {Kind::Block, where_of(first)};
    const auto* info = check::clauses::find(here.where, first);
    return {Kind::Block, info ? info->block : Where::Nowhere};
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::vector<Level> levels_;
  std::pair<std::string_view, std::string_view> declaration_;
  int brackets_ = 0;
};

auto is_part(char c) -> bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

}  // namespace

auto place_of(const SourceFile& source, std::uint32_t byte) -> Place {
  const std::string_view text = source.text();
  byte = std::min(byte, static_cast<std::uint32_t>(text.size()));
  auto begun = byte;
  while (begun > 0 && is_part(text[begun - 1])) --begun;
  const auto piece = piece_begin(source, byte);
  Place out{.begun = {source.id(), begun, byte}};
  const auto before = text.substr(piece, begun - piece);
  const auto inside = parse::inside(before, static_cast<std::uint32_t>(before.size()));
  // The tokens of the piece up to the word, as a file of their own; their places are then those of `before`.
  const SourceFile part{source.id(), {}, std::string{before}};
  const Reader reader{before, parse::tokens(part)};
  std::tie(out.declaration, out.name) = reader.first_words();
  out.where = reader.level().where;
  if (inside == parse::Inside::Text || inside == parse::Inside::Comment) {
    out.kind = Kind::Text;
  } else if (inside == parse::Inside::Hole) {
    out.kind = Kind::Hole;
    out.statement = std::string{before.substr(before.rfind('{') + 1)};
  } else {
    out.words = reader.words();
    out.statement = reader.statement();
    out.kind = reader.level().kind;
    if (out.kind == Kind::File && !out.words.empty()) {
      out.declaration = out.words.front();
      out.name = out.words.size() > 1 ? out.words[1] : std::string_view{};
      out.kind = reader.brackets() > 0 ? Kind::Fields : Kind::Header;
    }
  }
  return out;
}

}  // namespace flow::lsp
