#include "compiler/lower/lua_signature.h"

#include <algorithm>

namespace flow::lower {
namespace {

struct Token {
  enum class Kind { Name, Other, End };
  Kind kind = Kind::End;
  std::string_view text;
  std::size_t begin = 0;
};

auto starts_name(char c) -> bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
auto in_name(char c) -> bool { return starts_name(c) || (c >= '0' && c <= '9'); }

class Scanner {
 public:
  explicit Scanner(std::string_view source) : source_(source) {
    if (source_.starts_with("#")) at_ = std::min(source_.find('\n'), source_.size());
  }

  auto next() -> Token {
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == '-' && rest().starts_with("--")) {
        skip_comment();
      } else if (c == '"' || c == '\'') {
        return skip_text(c);
      } else if (c == '[' && long_bracket()) {
        return skip_long();
      } else if (starts_name(c)) {
        return take([&] { return in_name(source_[at_]); }, Token::Kind::Name);
      } else if (c >= '0' && c <= '9') {
        return take([&] { return in_name(source_[at_]) || source_[at_] == '.'; }, Token::Kind::Other);
      } else if (rest().starts_with("...")) {
        return other(3);
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else {
        return other(rest().starts_with("==") ? 2 : 1);
      }
    }
    return {};
  }

 private:
  auto rest() const -> std::string_view { return source_.substr(at_); }
  auto take(const auto& more, Token::Kind kind) -> Token {
    const auto begin = at_;
    while (at_ < source_.size() && more()) ++at_;
    return {kind, source_.substr(begin, at_ - begin), begin};
  }
  auto other(std::size_t length) -> Token {
    at_ += length;
    return {Token::Kind::Other, source_.substr(at_ - length, length), at_ - length};
  }

  // The number of `=` of `[==[`, if one begins here.
  auto long_bracket() const -> std::optional<std::size_t> {
    auto end = at_ + 1;
    while (end < source_.size() && source_[end] == '=') ++end;
    if (end >= source_.size() || source_[end] != '[') return std::nullopt;
    return end - at_ - 1;
  }
  auto skip_long() -> Token {
    const auto begin = at_;
    const auto close = "]" + std::string(*long_bracket(), '=') + "]";
    const auto found = source_.find(close, at_);
    at_ = found == source_.npos ? source_.size() : found + close.size();
    return {Token::Kind::Other, "\"\"", begin};
  }
  void skip_comment() {
    at_ += 2;
    if (at_ < source_.size() && source_[at_] == '[' && long_bracket()) {
      skip_long();
    } else {
      at_ = std::min(source_.find('\n', at_), source_.size());
    }
  }
  auto skip_text(char quote) -> Token {
    const auto begin = at_++;
    while (at_ < source_.size() && source_[at_] != quote && source_[at_] != '\n') at_ += source_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, source_.size());
    return {Token::Kind::Other, "\"\"", begin};
  }

  std::string_view source_;
  std::size_t at_ = 0;
};

// Follows blocks, so that it knows what stands inside of a function.
class Finder {
 public:
  explicit Finder(std::string_view source) {
    Scanner scanner{source};
    do tokens_.push_back(scanner.next());
    while (tokens_.back().kind != Token::Kind::End);
  }

  auto all() -> std::vector<LuaFunction> {
    for (; tokens_[at_].kind != Token::Kind::End; ++at_) {
      const auto& token = tokens_[at_];
      if (token.kind == Token::Kind::Name) {
        name(token.text);
      } else if (token.text == "{" || token.text == "(") {
        ++inside_;
      } else if (token.text == "}" || token.text == ")") {
        inside_ = std::max(0, inside_ - 1);
      }
    }
    return std::move(found_);
  }

 private:
  auto is(std::size_t at, std::string_view text) const -> bool { return at < tokens_.size() && tokens_[at].text == text; }

  void name(std::string_view text) {
    if (text == "function") {
      function();
    } else if (text == "if" || text == "do" || text == "repeat") {
      blocks_.push_back(false);
    } else if (text == "end" || text == "until") {
      if (!blocks_.empty()) blocks_.pop_back();
    } else if (is(at_ + 1, "=")) {
      assigned();
    }
  }

  // `function name(a, b)`; the name of a method or a table's field is no global's.
  void function() {
    const bool outside = inside_ == 0 && std::ranges::none_of(blocks_, [](bool is_function) { return is_function; });
    blocks_.push_back(true);
    const auto named = at_ + 1;
    if (!outside || tokens_[named].kind != Token::Kind::Name || !is(named + 1, "(")) return;
    add(named, named + 1, at_ > 0 && is(at_ - 1, "local"));
  }

  // `name = function(a, b)`, or anything else that a global is given.
  void assigned() {
    const bool outside = inside_ == 0 && std::ranges::none_of(blocks_, [](bool is_function) { return is_function; });
    if (!outside || (at_ > 0 && (is(at_ - 1, ".") || is(at_ - 1, ":") || is(at_ - 1, ",")))) return;
    const bool local = at_ > 0 && is(at_ - 1, "local");
    if (is(at_ + 2, "function") && is(at_ + 3, "(")) return add(at_, at_ + 3, local);
    add(at_, tokens_.size(), local);
    found_.back().known = false;
  }

  // `open`: the `(` before the parameters.
  void add(std::size_t named, std::size_t open, bool local) {
    const auto& token = tokens_[named];
    LuaFunction function{.name = std::string(token.text), .local = local};
    function.begin = static_cast<std::uint32_t>(token.begin);
    function.end = static_cast<std::uint32_t>(token.begin + token.text.size());
    for (auto i = open + 1; i < tokens_.size() && !is(i, ")"); ++i) {
      if (!is(i, ",")) function.params.emplace_back(tokens_[i].text);
    }
    found_.push_back(std::move(function));
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<bool> blocks_;  // true: of a function
  int inside_ = 0;            // of brackets
  std::vector<LuaFunction> found_;
};

}  // namespace

auto lua_functions(std::string_view source) -> std::vector<LuaFunction> { return Finder{source}.all(); }

auto takes(const LuaFunction& function, const std::vector<std::string>& params) -> bool {
  if (!function.known) return true;
  auto expected = params;
  if (function.params == expected) return true;
  expected.emplace_back("call");
  return function.params == expected;
}

}  // namespace flow::lower
