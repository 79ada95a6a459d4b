#pragma once
// G.711, the sound of telephones: 8 bits a sample, usually 8 000 a second. Both laws, both ways, by table.
// Source: ITU-T G.711 (1988), tables 1 and 2; the step from 16 bits as in ITU-T G.191.

#include <cstdint>
#include <span>

#include "runtime/audio/pcm.h"

namespace flow::audio {

enum class Law { Mu, A };

// One sample each. Samples beyond the law's loudest level are clipped to it.
auto g711_encode(Law law, std::int16_t sample) -> std::uint8_t;
auto g711_decode(Law law, std::uint8_t code) -> std::int16_t;

// As many as `pcm` has; the other side is at least as long. Any thread, no allocation.
void g711_encode(Law law, Pcm pcm, std::span<std::uint8_t> codes);
void g711_decode(Law law, std::span<const std::uint8_t> codes, PcmOut pcm);

}  // namespace flow::audio
