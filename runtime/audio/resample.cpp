#include "runtime/audio/resample.h"

#include <speex/speex_resampler.h>

#include <algorithm>
#include <array>

#include "compiler/base/check.h"

namespace flow::audio {
namespace {

// Distortion below -50 dB at a delay under 5 ms for every pair of rates, as the tests of this file hold it to.
constexpr int Quality = 4;

}  // namespace

void Resampler::Free::operator()(SpeexResamplerState_* state) const { speex_resampler_destroy(state); }

Resampler::Resampler(int from_hz, int to_hz) : from_hz_{from_hz}, to_hz_{to_hz} {
  FLOW_ASSERT(std::min(from_hz, to_hz) >= LowestHz && std::max(from_hz, to_hz) <= HighestHz);
  if (from_hz == to_hz) return;
  int error = 0;
  state_.reset(
      speex_resampler_init(1, static_cast<spx_uint32_t>(from_hz), static_cast<spx_uint32_t>(to_hz), Quality, &error));
  FLOW_ASSERT(state_, speex_resampler_strerror(error));
  delay_ = Samples{speex_resampler_get_output_latency(state_.get())};
}

Resampler::Resampler(Resampler&&) noexcept = default;
auto Resampler::operator=(Resampler&&) noexcept -> Resampler& = default;
Resampler::~Resampler() = default;

void Resampler::process(Pcm in, std::vector<std::int16_t>& out) {
  if (!state_) {
    out.insert(out.end(), in.begin(), in.end());
    return;
  }
  while (!in.empty()) {
    auto consumed = static_cast<spx_uint32_t>(in.size());
    const auto before = out.size();
    const auto most = in.size() * static_cast<std::size_t>(to_hz_) / static_cast<std::size_t>(from_hz_) + 2;
    out.resize(before + most);
    auto produced = static_cast<spx_uint32_t>(most);
    const int error =
        speex_resampler_process_int(state_.get(), 0, in.data(), &consumed, out.data() + before, &produced);
    FLOW_ASSERT(error == RESAMPLER_ERR_SUCCESS && (consumed > 0 || produced > 0));
    out.resize(before + produced);
    in = in.subspan(consumed);
  }
}

void Resampler::finish(std::vector<std::int16_t>& out) {
  if (!state_) return;
  constexpr std::array<std::int16_t, 256> Silence{};
  for (int left = speex_resampler_get_input_latency(state_.get()); left > 0; left -= static_cast<int>(Silence.size())) {
    process(Pcm{Silence}.first(std::min(Silence.size(), static_cast<std::size_t>(left))), out);
  }
}

auto resample(Pcm in, int from_hz, int to_hz) -> std::vector<std::int16_t> {
  Resampler resampler{from_hz, to_hz};
  const auto from = static_cast<std::size_t>(from_hz), to = static_cast<std::size_t>(to_hz);
  const auto length = (in.size() * to + from - 1) / from;
  const auto delay = static_cast<std::ptrdiff_t>(resampler.delay().count);
  std::vector<std::int16_t> out;
  out.reserve(length + static_cast<std::size_t>(delay) + 64);
  resampler.process(in, out);
  resampler.finish(out);
  out.erase(out.begin(), out.begin() + std::min(delay, static_cast<std::ptrdiff_t>(out.size())));
  out.resize(length);
  return out;
}

}  // namespace flow::audio
