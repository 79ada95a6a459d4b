#include "compiler/ir/tokens.h"

#include <cctype>

namespace flow::ir {

auto tokens_about(std::string_view text) -> std::size_t {
  constexpr std::size_t LettersOfToken = 3;
  constexpr std::size_t DigitsOfToken = 3;
  std::size_t tokens = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto run = [&](auto belongs) {
      const auto begin = at;
      while (at < text.size() && belongs(static_cast<unsigned char>(text[at]))) ++at;
      return at - begin;
    };
    const auto is_letter = [](unsigned char c) { return c < 0x80 && std::isalpha(c) != 0; };
    const auto is_digit = [](unsigned char c) { return c >= '0' && c <= '9'; };
    if (const auto letters = run(is_letter)) {
      tokens += (letters + LettersOfToken - 1) / LettersOfToken;
    } else if (const auto digits = run(is_digit)) {
      tokens += (digits + DigitsOfToken - 1) / DigitsOfToken;
    } else if (const auto blanks = run([](unsigned char c) { return c == ' ' || c == '\n' || c == '\t'; })) {
      tokens += blanks > 1 ? 1 : 0;
    } else {
      const auto byte = static_cast<unsigned char>(text[at++]);
      tokens += (byte & 0xC0) == 0x80 ? 0 : 1;  // a character once, by its first byte
    }
  }
  return tokens;
}

auto tokens_about(const Template& text) -> std::size_t {
  std::size_t tokens = 0;
  for (const auto& part : text) {
    if (part.kind == TemplatePart::Kind::Hole) tokens += HoleTokens;
    tokens += tokens_about(part.text) + tokens_about(part.then) + tokens_about(part.otherwise);
  }
  return tokens;
}

}  // namespace flow::ir
