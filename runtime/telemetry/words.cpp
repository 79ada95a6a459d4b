#include "runtime/telemetry/words.h"

#include <fmt/format.h>

namespace flow::telemetry {
namespace {

// The length of the UTF-8 sequence at the start of `text`, or 0 if there is none.
auto sequence_length(std::string_view text) -> std::size_t {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  }
  return length;
}

// U+0080 to U+009F are control characters too: some terminals obey them.
auto is_control(std::string_view sequence) -> bool {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return lead < 0x20 || lead == 0x7F;
  return sequence.size() == 2 && lead == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

}  // namespace

auto printable(std::string_view text) -> std::string {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) out += '?';
    else if (is_control(text.substr(0, length))) out += ' ';
    else out += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

auto duration_words(core::Millis duration) -> std::string {
  const auto ms = duration.count();
  if (ms < 1'000) return fmt::format("{} ms", ms);
  if (ms < 60'000) return fmt::format("{}.{} s", ms / 1'000, ms % 1'000 / 100);
  return fmt::format("{} min {} s", ms / 60'000, ms % 60'000 / 1'000);
}

auto columns(std::string_view text) -> std::size_t {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

auto wrap(std::string_view text, std::size_t width) -> std::vector<std::string> {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const auto space = text.find(' ');
    const auto word = text.substr(0, space);
    auto& line = lines.back();
    if (!word.empty()) {
      if (line.empty()) line = word;
      else if (width == 0 || columns(line) + 1 + columns(word) <= width) line.append(" ").append(word);
      else lines.emplace_back(word);
    }
    text.remove_prefix(space == text.npos ? text.size() : space + 1);
  }
  return lines;
}

}  // namespace flow::telemetry
