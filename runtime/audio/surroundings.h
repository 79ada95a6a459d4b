#pragma once
// What a call holds besides words: the noise where the caller stands, a cough, and what a telephone line leaves of all.
// Whole stretches, 24 kHz mono; the same arguments give the same samples. Any thread.

#include <cstdint>
#include <vector>

#include "runtime/audio/pcm.h"

namespace flow::audio {

// How loud speech is taken to be, when something is measured against it.
inline constexpr double SpeechDbfs = -20.0;

// A room or a street: noise that falls by 6 dB an octave above 500 Hz. [length] samples of exactly this level; it may be
// repeated end to end.
auto background_noise(Samples length, double rms_dbfs, std::uint32_t seed) -> std::vector<std::int16_t>;

// A person's cough, 620 ms, its loudest sample at half of full scale: two bursts of noise, 40 ms of rising pressure and a
// decay each, the second weaker, through the resonances of an open throat (about 700, 1500 and 2900 Hz).
auto cough(std::uint32_t seed) -> std::vector<std::int16_t>;

// Speech that is as loud as `rms_dbfs` says, pauses included; too loud samples are clipped. Silence stays silence.
auto at_level(Pcm speech, double rms_dbfs) -> std::vector<std::int16_t>;

// What arrives at the other end of a telephone line: 300 to 3400 Hz, 8000 samples a second on the way. As long as `pcm`.
auto through_phone(Pcm pcm) -> std::vector<std::int16_t>;

// Adds `other`, from `at` on and around, to `onto`; clipped. An empty `other` adds nothing.
void mix(PcmOut onto, Pcm other, std::size_t at);

}  // namespace flow::audio
