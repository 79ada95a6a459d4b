#include "runtime/simulate/input.h"

#include <algorithm>

#include "runtime/audio/g711.h"

namespace flow::simulate {
namespace {

using audio::FrameSamples;
using wire::openai::Eagerness;

constexpr std::int64_t FrameMs = audio::FrameTime.count();
// A click is shorter. What starts a turn must last 60 ms.
constexpr std::int64_t FramesToBegin = 3;

// Source: the protocol's notes give the longest waits of semantic_vad, 8, 4 and 2 s. What sounds complete waits a tenth.
constexpr auto longest_wait_ms(Eagerness eagerness) -> std::int64_t {
  switch (eagerness) {
    case Eagerness::Low: return 8'000;
    case Eagerness::High: return 2'000;
    default: return 4'000;
  }
}
constexpr std::int64_t WaitAtLeastMs = 300;

// A turn of more than ten minutes loses its beginning.
constexpr std::int64_t KeptMax = 600'000 * core::SamplesPerMs;

auto from_bytes(const std::vector<std::uint8_t>& bytes) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(bytes.size() / 2);
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    pcm[i] = static_cast<std::int16_t>(static_cast<std::uint16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8));
  }
  return pcm;
}

}  // namespace

void Input::use(const std::optional<TurnRules>& rules) {
  if (rules == rules_) return;
  const bool retune = rules && (!rules_ || rules_->threshold != rules->threshold);
  rules_ = rules;
  if (retune || !rules) {
    vad_.reset();
    if (rules) vad_.emplace(rules->threshold);
    heard_to_ = kept_from_ + static_cast<std::int64_t>(kept_.size());
    speaking_ = false;
    voiced_frames_ = silent_frames_ = 0;
  }
}

void Input::use(const wire::openai::AudioFormat& format) {
  if (format.index() != format_.index()) from_8k_.reset();
  format_ = format;
}

auto Input::decode(const std::vector<std::uint8_t>& bytes) -> std::vector<std::int16_t> {
  if (std::holds_alternative<wire::openai::Pcm>(format_)) return from_bytes(bytes);
  std::vector<std::int16_t> narrow(bytes.size()), wide;
  audio::g711_decode(std::holds_alternative<wire::openai::MuLaw>(format_) ? audio::Law::Mu : audio::Law::A, bytes, narrow);
  if (!from_8k_) from_8k_ = std::make_unique<audio::Resampler>(8'000, audio::RateHz);
  from_8k_->process(narrow, wide);
  return wide;
}

auto Input::append(const std::vector<std::uint8_t>& bytes, bool unfinished, std::vector<Heard>& out) -> bool {
  const bool pcm = std::holds_alternative<wire::openai::Pcm>(format_);
  if (pcm && bytes.size() % 2 != 0) return false;
  const auto samples = static_cast<std::int64_t>(pcm ? bytes.size() / 2 : bytes.size() * 3);
  written_samples_ += samples;
  buffered_samples_ += samples;
  const auto decoded = decode(bytes);
  kept_.insert(kept_.end(), decoded.begin(), decoded.end());
  if (vad_) listen(unfinished, out);
  forget_before(kept_from_ + static_cast<std::int64_t>(kept_.size()) - KeptMax);
  return true;
}

void Input::listen(bool unfinished, std::vector<Heard>& out) {
  const auto end_of_kept = [&] { return kept_from_ + static_cast<std::int64_t>(kept_.size()); };
  while (heard_to_ + FrameSamples <= end_of_kept()) {
    const auto at = static_cast<std::size_t>(heard_to_ - kept_from_);
    const bool voiced = vad_->frame(audio::Pcm(kept_).subspan(at, FrameSamples));
    heard_to_ += FrameSamples;
    hear_frame(voiced, unfinished, out);
  }
  // What is older than the longest prefix is of no use until somebody speaks.
  if (!speaking_) forget_before(heard_to_ - (rules_->prefix_ms + FramesToBegin * FrameMs) * core::SamplesPerMs);
}

void Input::hear_frame(bool voiced, bool unfinished, std::vector<Heard>& out) {
  voiced_frames_ = voiced ? voiced_frames_ + 1 : 0;
  if (!speaking_) {
    if (voiced_frames_ >= FramesToBegin) begin(out);
    return;
  }
  silent_frames_ = voiced ? 0 : silent_frames_ + 1;
  if (silent_frames_ * FrameMs >= silence_needed_ms(unfinished)) end(out);
}

void Input::begin(std::vector<Heard>& out) {
  speaking_ = true;
  silent_frames_ = 0;
  const auto voice = heard_to_ - FramesToBegin * FrameSamples;
  const auto start = std::max({voice - rules_->prefix_ms * core::SamplesPerMs, floor_, kept_from_});
  forget_before(start);
  out.push_back(SpeechBegan{start / core::SamplesPerMs});
}

void Input::end(std::vector<Heard>& out) {
  const auto count = std::min<std::ptrdiff_t>(heard_to_ - kept_from_, static_cast<std::ptrdiff_t>(kept_.size()));
  out.push_back(SpeechEnded{heard_to_ / core::SamplesPerMs, {kept_.begin(), kept_.begin() + count}});
  forget_before(heard_to_);
  floor_ = heard_to_;
  speaking_ = false;
  voiced_frames_ = silent_frames_ = 0;
  buffered_samples_ = static_cast<std::int64_t>(kept_.size());
}

auto Input::silence_needed_ms(bool unfinished) const -> std::int64_t {
  if (!rules_->semantic) return rules_->silence_ms;
  const auto longest = longest_wait_ms(rules_->eagerness);
  return unfinished ? longest : std::max(WaitAtLeastMs, longest / 10);
}

void Input::forget_before(std::int64_t sample) {
  const auto count = std::clamp<std::int64_t>(sample - kept_from_, 0, static_cast<std::int64_t>(kept_.size()));
  kept_.erase(kept_.begin(), kept_.begin() + count);
  kept_from_ += count;
}

auto Input::take() -> std::vector<std::int16_t> {
  auto taken = std::move(kept_);
  clear();
  kept_from_ += static_cast<std::int64_t>(taken.size());
  floor_ = heard_to_ = std::max(heard_to_, kept_from_);
  return taken;
}

void Input::clear() {
  kept_from_ += static_cast<std::int64_t>(kept_.size());
  kept_.clear();
  heard_to_ = std::max(heard_to_, kept_from_);
  floor_ = kept_from_;
  buffered_samples_ = 0;
  speaking_ = false;
  voiced_frames_ = silent_frames_ = 0;
}

}  // namespace flow::simulate
