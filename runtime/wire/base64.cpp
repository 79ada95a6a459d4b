#include "runtime/wire/base64.h"

#include <array>
#include <bit>
#include <cstring>

namespace flow::wire {
namespace {

static_assert(std::endian::native == std::endian::little, "samples are copied as they lie in memory");

constexpr std::string_view Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Two letters for each 12 bits: half the look-ups of one letter for each 6.
using Pairs = std::array<std::array<char, 2>, 4096>;
constexpr auto Pair = [] {
  Pairs pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {Letters[i >> 6], Letters[i & 63]};
  return pairs;
}();

// What a letter in one of the four places adds to three bytes, the first byte lowest, as they lie in memory. A stranger
// sets Bad in the fourth, and so spoils the sum.
constexpr std::uint32_t Bad = 1U << 24;
using Places = std::array<std::array<std::uint32_t, 256>, 4>;
constexpr auto Place = [] {
  Places places{};
  for (auto& place : places) place.fill(Bad);
  for (std::uint32_t i = 0; i < Letters.size(); ++i) {
    const auto letter = static_cast<unsigned char>(Letters[i]);
    places[0][letter] = i << 2;
    places[1][letter] = i >> 4 | (i & 15) << 12;
    places[2][letter] = (i >> 2) << 8 | (i & 3) << 22;
    places[3][letter] = i << 16;
  }
  return places;
}();

auto four(const char* text) -> std::uint32_t {
  const auto at = [&](std::size_t i) { return Place[i][static_cast<unsigned char>(text[i])]; };
  return at(0) | at(1) | at(2) | at(3);
}

void encode(const std::uint8_t* from, std::size_t count, char* to) {
  for (; count >= 3; count -= 3, from += 3, to += 4) {
    const std::uint32_t bits = std::uint32_t{from[0]} << 16 | std::uint32_t{from[1]} << 8 | from[2];
    std::memcpy(to, Pair[bits >> 12].data(), 2);
    std::memcpy(to + 2, Pair[bits & 4095].data(), 2);
  }
  if (count == 0) return;
  const std::uint32_t bits = std::uint32_t{from[0]} << 16 | (count == 2 ? std::uint32_t{from[1]} << 8 : 0);
  std::memcpy(to, Pair[bits >> 12].data(), 2);
  to[2] = count == 2 ? Letters[bits >> 6 & 63] : '=';
  to[3] = '=';
}

// How many bytes `text` means, if its length and padding are right.
auto decoded_size(std::string_view text) -> std::optional<std::size_t> {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.empty()) return 0;
  const std::size_t padding = text.back() != '=' ? 0 : text[text.size() - 2] != '=' ? 1 : 2;
  return text.size() / 4 * 3 - padding;
}

// The last four letters, of which one or two may be padding. The bits that padding leaves over must be zero.
auto decode_end(const char* text, std::size_t bytes, std::uint8_t* to) -> bool {
  const std::array<char, 4> letters{text[0], text[1], bytes > 1 ? text[2] : 'A', bytes > 2 ? text[3] : 'A'};
  const std::uint32_t bits = four(letters.data());
  if (bits >> (8 * bytes) != 0) return false;
  std::memcpy(to, &bits, bytes);
  return true;
}

// `size` is what decoded_size said.
auto decode(std::string_view text, std::size_t size, std::uint8_t* to) -> bool {
  if (text.empty()) return true;
  const char* from = text.data();
  const char* const last = from + text.size() - 4;
  std::uint32_t all = 0;
  for (; from < last; from += 4, to += 3) {
    const std::uint32_t bits = four(from);
    all |= bits;
    std::memcpy(to, &bits, 4);  // the fourth byte is the next one's: the last four letters mean one at least
  }
  return all < Bad && decode_end(last, size - (text.size() / 4 - 1) * 3, to);
}

}  // namespace

void base64_encode(std::span<const std::uint8_t> bytes, std::string& out) {
  const auto begin = out.size();
  out.resize(begin + base64_size(bytes.size()));
  encode(bytes.data(), bytes.size(), out.data() + begin);
}

void base64_encode(std::span<const std::int16_t> pcm, std::string& out) {
  base64_encode({reinterpret_cast<const std::uint8_t*>(pcm.data()), pcm.size_bytes()}, out);
}

auto base64_decode(std::string_view text, std::vector<std::uint8_t>& out) -> bool {
  const auto size = decoded_size(text);
  out.resize(size.value_or(0));
  if (size && decode(text, *size, out.data())) return true;
  out.clear();
  return false;
}

auto base64_decode(std::string_view text, std::vector<std::int16_t>& out) -> bool {
  const auto size = decoded_size(text);
  const bool whole = size && *size % sizeof(std::int16_t) == 0;
  out.resize(whole ? *size / sizeof(std::int16_t) : 0);
  if (whole && decode(text, *size, reinterpret_cast<std::uint8_t*>(out.data()))) return true;
  out.clear();
  return false;
}

}  // namespace flow::wire
