#pragma once
// Base64 as RFC 4648 section 4 writes it: padded, one line. Strict: a text that an encoder would not have written is
// refused whole, so a damaged frame is never heard as noise.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flow::wire {

constexpr auto base64_size(std::size_t bytes) -> std::size_t { return (bytes + 2) / 3 * 4; }

// Appends base64_size(bytes.size()) characters.
void base64_encode(std::span<const std::uint8_t> bytes, std::string& out);

// The same of PCM: 16-bit little-endian on the wire, native here.
void base64_encode(std::span<const std::int16_t> pcm, std::string& out);

// Overwrites `out`. False: not base64, and `out` is empty.
auto base64_decode(std::string_view text, std::vector<std::uint8_t>& out) -> bool;

// Overwrites `out` with [n] samples; allocates only if its capacity is too small. False: not base64 or half a sample at
// the end, and `out` is empty.
auto base64_decode(std::string_view text, std::vector<std::int16_t>& out) -> bool;

}  // namespace flow::wire
