#include "compiler/base/markup.h"

#include <algorithm>

namespace flow {
namespace {

// The bytes of the character that `text` begins with; none: it begins with something else.
auto sequence(std::string_view text) -> std::string_view {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const std::size_t length = byte(0) < 0x80 ? 1 : byte(0) < 0xC2 ? 0 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : byte(0) < 0xF5 ? 4 : 0;
  if (length == 0 || length > text.size()) return {};
  char32_t point = length == 1 ? byte(0) : byte(0) & (0xFFU >> (length + 1));
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return {};
    point = point << 6 | (byte(at) & 0x3FU);
  }
  const std::size_t shortest = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  const bool is_one = length == shortest && !surrogate && point != 0xFFFE && point != 0xFFFF && point <= 0x10FFFF;
  return is_one ? text.substr(0, length) : std::string_view{};
}

// The bytes that belong to what is no character: the first, and those that go on with it.
auto broken(std::string_view text) -> std::size_t {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t claimed = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 1;
  std::size_t length = 1;
  while (length < std::min(claimed, text.size()) && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) ++length;
  return length;
}

}  // namespace

auto escaped(std::string_view text) -> std::string {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto one = sequence(text);
    if (one.empty()) {
      out += '?';
      text.remove_prefix(broken(text));
      continue;
    }
    switch (const char c = one[0]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        if (one.size() == 1 && (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) && c != '\n' && c != '\t') out += ' ';
        else out += one;
    }
    text.remove_prefix(one.size());
  }
  return out;
}

}  // namespace flow
