#include "runtime/channels/line.h"

#include <algorithm>
#include <utility>

#include "compiler/base/check.h"

namespace flow::channels {

Line::Line(Channel& caller, Options options) : caller_{caller}, options_{std::move(options)} {
  if (options_.law) there_.emplace(*options_.law), back_.emplace(*options_.law);
  if (options_.keys == Keys::Inband && caller_.has_voice()) ear_.emplace();
}

void Line::open(audio::Playout& playout, Listener& listener) {
  listener_ = &listener;
  open_ = true;
  caller_.open(playout, *this);
}

void Line::close() {
  open_ = false;
  caller_.close();
}

auto Line::latency() const -> audio::Latency {
  auto latency = caller_.latency();
  if (!there_) return latency;
  latency.in += audio::to_ms(there_->delay());
  latency.out += audio::to_ms(back_->delay());
  return latency;
}

void Line::happened(core::Event event) {
  const auto* pressed = std::get_if<core::DigitPressed>(&event);
  if (pressed && ear_) return press(pressed->digit);
  if (!pressed || options_.keys != Keys::None) return listener_->happened(std::move(event));
  if (options_.lost) options_.lost(pressed->digit);
}

void Line::press(char key) {
  tones_.erase(tones_.begin(), tones_.begin() + static_cast<std::ptrdiff_t>(std::exchange(tones_at_, 0)));
  const auto sound = audio::key_sound(key);
  tones_.insert(tones_.end(), sound.begin(), sound.end());
}

// A phone that sends a key's tones sends nothing else meanwhile.
void Line::caller_audio(audio::Samples at, audio::Pcm pcm) {
  if (!there_ && !ear_) return listener_->caller_audio(at, pcm);
  FLOW_ASSERT(pcm.size() == Frame);
  const auto tones = std::min(Frame, tones_.size() - tones_at_);
  std::ranges::copy(pcm, frame_.begin());
  std::copy_n(tones_.begin() + static_cast<std::ptrdiff_t>(tones_at_), tones, frame_.begin());
  tones_at_ += tones;
  if (there_) there_->pass(frame_);
  if (ear_) take_out_keys();
  if (open_) listener_->caller_audio(at, frame_);
}

// Keys are for the flow: neither the service nor a recording hears more of them than the line needs to be sure.
void Line::take_out_keys() {
  const auto keys = ear_->hear(frame_);
  if (keys.empty() && !ear_->sounding()) {
    silenced_ = false;
  } else {
    const auto fade = std::exchange(silenced_, true) ? 0 : Fade;
    for (std::size_t n = 0; n < fade; ++n) frame_[n] = static_cast<std::int16_t>(frame_[n] * static_cast<int>(fade - n) / static_cast<int>(fade + 1));
    std::fill(frame_.begin() + fade, frame_.end(), 0);
  }
  for (const char key : keys) {
    if (open_) listener_->happened(core::DigitPressed{key});
  }
}

void Line::agent_audio(audio::Samples at, audio::Pcm pcm) {
  if (!back_) return listener_->agent_audio(at, pcm);
  FLOW_ASSERT(pcm.size() == Frame);
  std::ranges::copy(pcm, frame_.begin());
  back_->pass(frame_);
  listener_->agent_audio(at, frame_);
}

}  // namespace flow::channels
