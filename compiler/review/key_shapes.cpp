#include "compiler/review/key_shapes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace flow::review {
namespace {

// How keys of well-known services begin, how long the rest is at least, and whose they are. All of them are published
// by the services, so that keys can be found before somebody else does.
struct Shape {
  std::string_view begin;
  std::size_t rest_min;
  std::string_view whose;
};
constexpr std::array Shapes{
    Shape{"sk-", 20, "an OpenAI key"},         Shape{"AKIA", 16, "an AWS key"},           Shape{"ASIA", 16, "an AWS key"},
    Shape{"AIza", 30, "a Google key"},         Shape{"ghp_", 30, "a GitHub token"},       Shape{"github_pat_", 30, "a GitHub token"},
    Shape{"glpat-", 18, "a GitLab token"},     Shape{"xoxb-", 20, "a Slack token"},       Shape{"xoxp-", 20, "a Slack token"},
    Shape{"sk_live_", 16, "a Stripe key"},     Shape{"rk_live_", 16, "a Stripe key"},     Shape{"SG.", 40, "a SendGrid key"},
    Shape{"eyJ", 40, "a signed token (JWT)"},  Shape{"hf_", 30, "a Hugging Face token"},
};

auto is_key_letter(char c) -> bool { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.'; }

// Bits a letter: 4.7 for letters drawn at random, near 4 for words run together.
auto entropy(std::string_view word) -> double {
  std::array<int, 256> counts{};
  for (const char c : word) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const int count : counts) {
    if (count == 0) continue;
    const double share = count / static_cast<double>(word.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

// Long, without a break, of all kinds of letters and without order: nobody says that to a caller. Words, names of
// files, dashed identifiers and long numbers each lack one of these.
auto is_random(std::string_view word) -> bool {
  constexpr std::size_t LengthMin = 32;
  constexpr double EntropyMin = 4.2;
  if (word.size() < LengthMin || entropy(word) < EntropyMin) return false;
  const auto some = [&](auto kind) { return std::ranges::count_if(word, [&](char c) { return kind(static_cast<unsigned char>(c)) != 0; }); };
  constexpr std::ptrdiff_t EachMin = 3;
  return some([](int c) { return std::isupper(c); }) >= EachMin && some([](int c) { return std::islower(c); }) >= EachMin &&
         some([](int c) { return std::isdigit(c); }) >= EachMin;
}

}  // namespace

auto key_in(std::string_view text) -> std::optional<std::string> {
  if (text.find("-----BEGIN ") != text.npos && text.find("PRIVATE KEY-----") != text.npos) return "a private key";
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && is_key_letter(text[end])) ++end;
    const auto word = text.substr(at, end - at);
    for (const auto& shape : Shapes) {
      const bool has_digit = std::ranges::any_of(word, [](unsigned char c) { return std::isdigit(c) != 0; });
      if (word.starts_with(shape.begin) && word.size() >= shape.begin.size() + shape.rest_min && has_digit) return std::string(shape.whose);
    }
    if (is_random(word)) return "a key or a password";
    at = end + 1;
  }
  return std::nullopt;
}

}  // namespace flow::review
