#include "runtime/audio/g711.h"

#include <algorithm>
#include <array>
#include <bit>

#include "compiler/base/check.h"

namespace flow::audio {
namespace {

// A code is sign, three bits of segment and four of step. All its bits (mu) or every second one (A) are inverted on
// the wire, so that silence is full of edges.
constexpr unsigned MuInverted = 0xFF, AInverted = 0x55, SignBit = 0x80;

// Mu-law works on 14 bits. 33 is added to the magnitude, so that each segment begins at a power of two.
constexpr unsigned MuBias = 33, MuClip = 8191 - MuBias;
constexpr std::size_t MuMagnitudes = 8192, AMagnitudes = 2048;

constexpr auto mu_magnitudes() {
  std::array<std::uint8_t, MuMagnitudes> codes{};
  for (unsigned magnitude = 0; magnitude < MuMagnitudes; ++magnitude) {
    const unsigned biased = std::min(magnitude, MuClip) + MuBias;
    const auto segment = static_cast<unsigned>(std::bit_width(biased)) - 6;
    codes[magnitude] = static_cast<std::uint8_t>(segment << 4 | ((biased >> (segment + 1)) & 15));
  }
  return codes;
}

// A-law works on 13 bits, of which the lowest of the magnitude never decides. The first two segments have equal steps.
constexpr auto a_magnitudes() {
  std::array<std::uint8_t, AMagnitudes> codes{};
  for (unsigned magnitude = 0; magnitude < AMagnitudes; ++magnitude) {
    const auto width = static_cast<unsigned>(std::bit_width(magnitude));
    const unsigned segment = width <= 4 ? 0 : width - 4;
    const unsigned shift = segment == 0 ? 0 : segment - 1;
    codes[magnitude] = static_cast<std::uint8_t>(segment << 4 | ((magnitude >> shift) & 15));
  }
  return codes;
}

constexpr auto mu_level(unsigned code) -> int {
  const unsigned segment = code >> 4 & 7, step = code & 15;
  return 4 * (static_cast<int>((2 * step + MuBias) << segment) - static_cast<int>(MuBias));
}

constexpr auto a_level(unsigned code) -> int {
  const unsigned segment = code >> 4 & 7, step = code & 15;
  if (segment == 0) return static_cast<int>(16 * step + 8);
  return static_cast<int>((2 * step + 33) << (segment + 2));
}

// Positive is 1 on the wire in both laws; mu-law's inversion covers the sign bit, A-law's does not.
constexpr auto levels(Law law) {
  std::array<std::int16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const unsigned code = byte ^ (law == Law::Mu ? MuInverted : AInverted);
    const int level = law == Law::Mu ? mu_level(code) : a_level(code);
    const bool negative = law == Law::Mu ? (code & SignBit) != 0 : (code & SignBit) == 0;
    table[byte] = static_cast<std::int16_t>(negative ? -level : level);
  }
  return table;
}

constexpr auto MuCodes = mu_magnitudes();
constexpr auto ACodes = a_magnitudes();
constexpr auto MuLevels = levels(Law::Mu);
constexpr auto ALevels = levels(Law::A);

// The ones' complement of a negative sample is its magnitude less one: -1 is as quiet as 0, and -32768 fits.
auto magnitude(std::int16_t sample) -> unsigned { return static_cast<unsigned>(sample < 0 ? ~sample : sample); }

auto mu_encode(std::int16_t sample) -> std::uint8_t {
  const unsigned sign = sample < 0 ? SignBit : 0;
  return static_cast<std::uint8_t>((MuCodes[magnitude(sample) >> 2] | sign) ^ MuInverted);
}

auto a_encode(std::int16_t sample) -> std::uint8_t {
  const unsigned sign = sample < 0 ? 0 : SignBit;
  return static_cast<std::uint8_t>((ACodes[magnitude(sample) >> 4] | sign) ^ AInverted);
}

}  // namespace

auto g711_encode(Law law, std::int16_t sample) -> std::uint8_t {
  return law == Law::Mu ? mu_encode(sample) : a_encode(sample);
}

auto g711_decode(Law law, std::uint8_t code) -> std::int16_t { return (law == Law::Mu ? MuLevels : ALevels)[code]; }

void g711_encode(Law law, Pcm pcm, std::span<std::uint8_t> codes) {
  FLOW_ASSERT(codes.size() >= pcm.size());
  const auto encode = law == Law::Mu ? mu_encode : a_encode;
  for (std::size_t n = 0; n < pcm.size(); ++n) codes[n] = encode(pcm[n]);
}

void g711_decode(Law law, std::span<const std::uint8_t> codes, PcmOut pcm) {
  FLOW_ASSERT(pcm.size() >= codes.size());
  const auto& table = law == Law::Mu ? MuLevels : ALevels;
  for (std::size_t n = 0; n < codes.size(); ++n) pcm[n] = table[codes[n]];
}

}  // namespace flow::audio
