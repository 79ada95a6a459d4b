#include "compiler/ir/text_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace flow::ir {
namespace {

auto is_word(char c) -> bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }
auto is_digit(char c) -> bool { return c >= '0' && c <= '9'; }
auto prints(char c) -> bool { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }

// Reads the tokens of one line.
class LineReader {
 public:
  LineReader(std::string_view line, int number, std::vector<TextError>& errors) : line_(line), number_(number), errors_(errors) {}

  auto tokens() -> std::optional<std::vector<Token>> {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < line_.size() && line_[at_] == ' ') ++at_;
      if (at_ == line_.size() || line_.substr(at_).starts_with("//")) return tokens;
      auto next = token();
      if (!next) return std::nullopt;
      tokens.push_back(*std::move(next));
    }
  }

 private:
  auto token() -> std::optional<Token> {
    start_ = at_;
    const char c = line_[at_];
    if (c == '"') return text();
    if (c == '#') return id();
    if (is_digit(c) || (c == '-' && at_ + 1 < line_.size() && is_digit(line_[at_ + 1]))) return number();
    if (is_word(c)) return word();
    if (std::string_view{"[]{}:,|"}.find(c) == std::string_view::npos) return fail("a name, a number, `#` or a quoted text goes here");
    ++at_;
    return made(Token::Kind::Mark);
  }

  auto made(Token::Kind kind) const -> Token {
    return {.kind = kind, .text = std::string(line_.substr(start_, at_ - start_)), .column = static_cast<int>(start_) + 1};
  }
  auto fail(std::string text) -> std::nullopt_t {
    errors_.push_back({number_, static_cast<int>(at_) + 1, std::move(text)});
    return std::nullopt;
  }

  auto word() -> Token {
    while (at_ < line_.size() && is_word(line_[at_])) ++at_;
    return made(Token::Kind::Word);
  }

  auto id() -> std::optional<Token> {
    const auto* end = line_.data() + line_.size();
    std::uint32_t index = 0;
    const auto [next, error] = std::from_chars(line_.data() + at_ + 1, end, index);
    if (error != std::errc{} || index == UINT32_MAX) return fail("`#` goes before a row's number");
    at_ = static_cast<std::size_t>(next - line_.data());
    auto token = made(Token::Kind::Id);
    token.id = index;
    return token;
  }

  auto number() -> std::optional<Token> {
    while (at_ < line_.size() && (is_word(line_[at_]) || line_[at_] == '.' || line_[at_] == '+')) ++at_;
    auto token = made(Token::Kind::Whole);
    std::string_view digits = token.text;
    if (digits.ends_with("ms")) {
      token.kind = Token::Kind::Time;
      digits.remove_suffix(2);
    }
    const auto* end = digits.data() + digits.size();
    if (const auto [next, error] = std::from_chars(digits.data(), end, token.whole); error == std::errc{} && next == end) return token;
    const auto [next, error] = std::from_chars(digits.data(), end, token.real);
    if (error == std::errc{} && next == end && std::isfinite(token.real) && token.kind == Token::Kind::Whole) {
      token.kind = Token::Kind::Real;
      return token;
    }
    at_ = start_;
    return fail("this is no number");
  }

  auto text() -> std::optional<Token> {
    std::string content;
    for (++at_; at_ < line_.size() && line_[at_] != '"'; ++at_) {
      if (line_[at_] != '\\') {
        content += line_[at_];
      } else if (const auto c = escaped()) {
        content += *c;
      } else {
        return std::nullopt;
      }
    }
    if (at_ == line_.size()) return fail("the text is not closed with `\"`");
    ++at_;
    auto token = made(Token::Kind::Text);
    token.text = std::move(content);
    return token;
  }

  auto escaped() -> std::optional<char> {
    ++at_;
    const char c = at_ < line_.size() ? line_[at_] : '\0';
    switch (c) {
      case '"':
      case '\\': return c;
      case 'n': return '\n';
      case 'r': return '\r';
      case 't': return '\t';
      case 'x': return hexadecimal();
      default: return fail("after `\\` goes one of \" \\ n r t x");
    }
  }

  auto hexadecimal() -> std::optional<char> {
    unsigned byte = 0;
    const auto* first = line_.data() + at_ + 1;
    if (line_.size() - at_ < 3) return fail("`\\x` goes before two hexadecimal digits");
    const auto [next, error] = std::from_chars(first, first + 2, byte, 16);
    if (error != std::errc{} || next != first + 2) return fail("`\\x` goes before two hexadecimal digits");
    at_ += 2;
    return static_cast<char>(byte);
  }

  std::string_view line_;
  int number_;
  std::vector<TextError>& errors_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

// Builds the tree. `path_[d]` is the last node at depth d; pointers stay good, as only the last list grows.
class TreeReader {
 public:
  explicit TreeReader(std::vector<TextError>& errors) : errors_(errors) {}

  void line(std::string_view line, int number) {
    const auto indent = std::min(line.find_first_not_of(' '), line.size());
    if (indent == line.size()) return;
    if (line[indent] == '|') return raw(line.substr(indent + 1), number, indent);
    block_ = nullptr;
    auto tokens = LineReader{line, number, errors_}.tokens();
    if (tokens && !tokens->empty()) add(*std::move(tokens), number, indent);
  }

  std::vector<Node> roots;

 private:
  void fail(int number, std::size_t indent, std::string text) {
    errors_.push_back({number, static_cast<int>(indent) + 1, std::move(text)});
  }

  void raw(std::string_view content, int number, std::size_t indent) {
    if (!block_) return fail(number, indent, "a line that begins with `|` goes below one that ends with `|`");
    if (block_started_) block_->text += '\n';
    block_->text += content;
    block_started_ = true;
  }

  void add(std::vector<Token> tokens, int number, std::size_t indent) {
    const auto depth = indent / 2;
    if (indent % 2 != 0 || depth > path_.size()) return fail(number, indent, "two spaces more than the line above are the most");
    if (depth >= NestingMax) return fail(number, indent, "nested too deep");
    if (tokens.front().kind != Token::Kind::Word) return fail(number, indent, "a line begins with a name");
    auto& siblings = depth == 0 ? roots : path_[depth - 1]->children;
    auto& node = siblings.emplace_back(Node{.name = tokens.front().text, .line = number, .column = static_cast<int>(indent) + 1});
    node.tokens.assign(std::make_move_iterator(tokens.begin() + 1), std::make_move_iterator(tokens.end()));
    path_.resize(depth);
    path_.push_back(&node);
    if (node.tokens.empty() || node.tokens.back().kind != Token::Kind::Mark || node.tokens.back().text != "|") return;
    block_ = &node.tokens.back();
    block_->kind = Token::Kind::Text;
    block_->text.clear();
    block_started_ = false;
  }

  std::vector<TextError>& errors_;
  std::vector<Node*> path_;
  Token* block_ = nullptr;
  bool block_started_ = false;
};

}  // namespace

auto read_lines(std::string_view text, std::vector<TextError>& errors) -> std::vector<Node> {
  TreeReader tree{errors};
  for (int number = 1; !text.empty() && errors.size() < ErrorsMax; ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    tree.line(text.substr(0, end), number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(tree.roots);
}

auto quoted(std::string_view text) -> std::string {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (prints(c)) {
          out += c;
        } else {
          out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
    }
  }
  return out + '"';
}

auto is_plain_block(std::string_view text) -> bool {
  return text.find('\n') != text.npos && std::ranges::all_of(text, [](char c) { return prints(c) || c == '\n' || c == '\t'; });
}

}  // namespace flow::ir
