#include "runtime/audio/device/microphone.h"

#include <algorithm>

namespace flow::audio::device {

Microphone::Microphone(Format format, net::Bell::Rope rope)
    : format_{format}, rope_{std::move(rope)}, resampler_{format.rate_hz, RateHz} {}

void Microphone::moved(std::int16_t* samples, std::size_t frames, bool gap) noexcept {
  std::array<std::int16_t, PieceMax> mono;
  const auto channels = static_cast<std::size_t>(format_.channels);
  for (std::size_t done = 0; done < frames;) {
    const auto count = std::min(frames - done, mono.size());
    for (std::size_t n = 0; n < count; ++n) {
      int sum = 0;
      for (std::size_t channel = 0; channel < channels; ++channel) sum += samples[(done + n) * channels + channel];
      mono[n] = static_cast<std::int16_t>(sum / format_.channels);
    }
    if (ring_.write(Pcm{mono}.first(count)) < count) overruns_.fetch_add(1);
    done += count;
  }
  if (gap) overruns_.fetch_add(1);
  frames_.fetch_add(static_cast<std::int64_t>(frames));
  rope_.pull();
}

void Microphone::broke() noexcept {
  broken_.store(true);
  rope_.pull();
}

void Microphone::begin() {
  fetch();
  waits_.clear();
  overruns_before_ = overruns_.load();
}

auto Microphone::read(PcmOut out) -> Samples {
  if (waits_.size() < out.size()) fetch();
  const auto count = std::min(out.size(), waits_.size());
  std::copy_n(waits_.begin(), count, out.begin());
  waits_.erase(waits_.begin(), waits_.begin() + static_cast<std::ptrdiff_t>(count));
  return Samples{static_cast<std::int64_t>(count)};
}

void Microphone::fetch() {
  std::array<std::int16_t, PieceMax> piece;
  while (const auto count = ring_.read(piece)) resampler_.process(Pcm{piece}.first(count), waits_);
}

auto Microphone::delay() const -> Millis {
  return Millis{(format_.delay + format_.period) * 1000 / format_.rate_hz} + to_ms(resampler_.delay());
}

}  // namespace flow::audio::device
