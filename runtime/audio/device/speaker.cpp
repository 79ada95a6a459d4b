#include "runtime/audio/device/speaker.h"

#include <algorithm>

#include "compiler/base/check.h"

namespace flow::audio::device {
namespace {

auto period_of(const Format& format) -> Samples {
  return Samples{static_cast<std::int64_t>(format.period) * RateHz / format.rate_hz};
}

}  // namespace

Speaker::Speaker(Format format, net::Bell::Rope rope)
    : format_{format}, rope_{std::move(rope)}, resampler_{RateHz, format.rate_hz},
      queue_{period_of(format) + to_samples(Spare)}, queue_max_{period_of(format) + to_samples(SpareMax)} {}

void Speaker::moved(std::int16_t* samples, std::size_t frames, bool gap) noexcept {
  std::array<std::int16_t, PieceMax> mono;
  const auto channels = static_cast<std::size_t>(format_.channels);
  const bool flows = flows_.load();
  bool short_of = false;
  for (std::size_t done = 0; done < frames;) {
    const auto count = std::min(frames - done, mono.size());
    const auto got = ring_.read(PcmOut{mono}.first(count));
    std::fill(mono.begin() + static_cast<std::ptrdiff_t>(got), mono.begin() + static_cast<std::ptrdiff_t>(count), std::int16_t{0});
    for (std::size_t n = 0; n < count; ++n) {
      auto* frame = samples + (done + n) * channels;
      for (std::size_t channel = 0; channel < channels; ++channel) frame[channel] = channel < 2 ? mono[n] : std::int16_t{0};
    }
    short_of |= got < count;
    done += count;
  }
  if ((short_of || gap) && flows && flows_.load()) underruns_.fetch_add(1);
  frames_.fetch_add(static_cast<std::int64_t>(frames));
  rope_.pull();
}

void Speaker::broke() noexcept {
  broken_.store(true);
  rope_.pull();
}

auto Speaker::wanted() const -> Samples { return std::max(queue_ - (written_ - taken()), Samples{}); }

void Speaker::write(Pcm pcm) {
  converted_.clear();
  resampler_.process(pcm, converted_);
  [[maybe_unused]] const auto found_room = ring_.write(converted_);
  FLOW_ASSERT(found_room == converted_.size(), "the speaker was given more than it wanted");
  written_ = written_ + samples(pcm);
  flows_.store(true);
}

auto Speaker::taken() const -> Samples {
  const auto out = std::max<std::int64_t>(ring_.taken() - taken_before_ - resampler_.delay().count, 0);
  return std::min(written_before_ + Samples{out * RateHz / format_.rate_hz}, written_);
}

void Speaker::drop() {
  flows_.store(false);
  ring_.drop();
  written_ = written_before_ = taken();
  taken_before_ = ring_.taken();
  resampler_ = Resampler{RateHz, format_.rate_hz};  // whose tail is of what was dropped
}

void Speaker::tend() {
  const auto underruns = underruns_.load();
  if (underruns == underruns_seen_) return;
  underruns_seen_ = underruns;
  queue_ = std::min(queue_ + to_samples(SpareStep), queue_max_);
}

auto Speaker::delay() const -> Millis { return Millis{format_.delay * 1000 / format_.rate_hz}; }

}  // namespace flow::audio::device
