#include "lsp/frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace flow::lsp {
namespace {

auto same_word(std::string_view a, std::string_view b) -> bool {
  return std::ranges::equal(a, b, [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y)); });
}

auto length_in(std::string_view header) -> std::optional<std::size_t> {
  while (!header.empty()) {
    const auto end = std::min(header.find("\r\n"), header.size());
    const auto line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const auto colon = line.find(':');
    if (colon == line.npos || !same_word(line.substr(0, colon), "Content-Length")) continue;
    auto digits = line.substr(colon + 1);
    digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
    std::size_t length = 0;
    const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error == std::errc{} && last == digits.data() + digits.size() && !digits.empty()) return length;
  }
  return std::nullopt;
}

}  // namespace

auto Frames::next() -> Result<std::optional<std::string>> {
  const auto end = waiting_.find("\r\n\r\n");
  if (end == waiting_.npos) {
    if (waiting_.size() > HeaderMax) return failure("frame", "a header that does not end");
    return std::nullopt;
  }
  const auto length = end > HeaderMax ? std::nullopt : length_in(std::string_view{waiting_}.substr(0, end));
  if (!length) return failure("frame", "a header without `Content-Length`");
  if (*length > BytesMax) return failure("frame", fmt::format("a message of {} bytes; at most {} are read", *length, BytesMax));
  const auto begin = end + 4;
  if (waiting_.size() - begin < *length) return std::nullopt;
  auto message = waiting_.substr(begin, *length);
  waiting_.erase(0, begin + *length);
  return message;
}

auto framed(std::string_view message) -> std::string { return fmt::format("Content-Length: {}\r\n\r\n{}", message.size(), message); }

}  // namespace flow::lsp
