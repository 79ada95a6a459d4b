#include "runtime/channels/device.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compiler/base/check.h"
#include "compiler/base/match.h"

namespace flow::channels {
namespace {

using audio::Samples;

constexpr std::array<std::int16_t, audio::FrameSamples> Silence{};
constexpr std::size_t MeterSamples = 5 * audio::FrameSamples;
constexpr int SurplusQuietMax = 5;  // frames to be left out that wait for a quiet one; more do not wait

auto is_quiet(audio::Pcm frame) -> bool {
  return std::ranges::all_of(frame, [](int sample) { return std::abs(sample) <= audio::Playout::PauseLevel; });
}

}  // namespace

Device::Device(net::Loop& loop, std::unique_ptr<audio::device::Duplex> device, Options options)
    : loop_{loop}, options_{std::move(options)}, device_{std::move(device)}, retry_{loop} {}

Device::~Device() { close(); }

void Device::open(audio::Playout& playout, Listener& listener) {
  FLOW_ASSERT(device_ && playout_ == nullptr);
  playout_ = &playout;
  listener_ = &listener;
  opened_ = loop_.now();
  start();
  if (options_.keys >= 0) {
    reader_ = std::make_unique<Reader>(loop_, options_.keys, [this](std::string_view keys) {
      for (const char key : keys) key_came(key);
    });
  }
}

void Device::start() {
  const auto facts = device_->facts();
  output_delay_ = audio::to_samples(facts.output_delay);
  latency_ = {.in = facts.input_delay};
  echo_delay_ = facts.input_delay + facts.output_delay;
  device_->start(*this);
}

void Device::close() {
  playout_ = nullptr;
  retry_.drop();
  reader_.reset();
  if (device_) device_->stop();
}

auto Device::facts() const -> audio::device::Duplex::Facts {
  if (!device_) return left_;
  auto facts = device_->facts();
  facts.underruns += left_.underruns;
  facts.overruns += left_.overruns;
  return facts;
}

auto Device::clock() const -> Samples {
  return Samples{std::chrono::duration_cast<std::chrono::microseconds>(loop_.now() - opened_).count() * audio::RateHz / 1'000'000};
}

// ── Moving samples ───────────────────────────────────────────────────────────────────────────────────────────

// The speaker first: it is the one that cannot wait. Any of the calls to the listener may close the channel.
void Device::device_moved() {
  fill_speaker();
  follow_speaker();
  hear_caller();
  tell_heard();
}

// Queued silence gives way to a voice that begins: it would only keep it waiting.
void Device::fill_speaker() {
  const bool voice_waits = !playout_->paused() && playout_->taken() < playout_->pushed();
  if (voice_waits && in_flight_.is_silent(device_->taken())) {
    device_->drop();
    in_flight_.cut(device_->taken());
  }
  FrameOf frame;
  while (const auto wanted = device_->wanted().count) {
    const auto piece = audio::PcmOut{frame}.first(std::min(static_cast<std::size_t>(wanted), Frame));
    const auto voice = playout_->take(piece);
    device_->write(piece);
    in_flight_.give(piece, voice);
  }
}

void Device::follow_speaker() {
  const auto taken = device_->taken();
  for (; taken - far_told_ >= Samples{audio::FrameSamples}; far_told_.count += audio::FrameSamples) {
    if (options_.processor != nullptr) options_.processor->far_end(in_flight_.frame(far_told_));
  }
}

void Device::hear_caller() {
  while (playout_ != nullptr && device_) {
    near_filled_ += static_cast<std::size_t>(device_->read(audio::PcmOut{near_}.subspan(near_filled_)).count);
    if (near_filled_ < Frame) break;
    near_filled_ = 0;
    if (options_.processor != nullptr) options_.processor->near_end(near_, echo_delay_);
    if (caller_.surplus > 0 && (caller_.surplus > SurplusQuietMax || is_quiet(near_))) {
      caller_.surplus -= 1;
      continue;
    }
    caller_frame(near_);
  }
  FrameOf silence{};
  for (auto missing = playout_ != nullptr ? keep_steady(caller_) : 0; missing > 0 && playout_ != nullptr; --missing) caller_frame(silence);
}

void Device::caller_frame(audio::PcmOut frame) {
  caller_meter_.insert(caller_meter_.end(), frame.begin(), frame.end());
  if (muted_) std::ranges::fill(frame, std::int16_t{0});
  const auto at = std::exchange(caller_.told, caller_.told + audio::samples(frame));
  listener_->caller_audio(at, frame);
}

// What the hardware took a while ago is heard now.
void Device::tell_heard() {
  if (playout_ == nullptr || !device_) return;
  const auto heard = std::max(device_->taken() - output_delay_, Samples{});
  reports_.clear();
  playout_->confirm(in_flight_.count_voice(heard), reports_);
  while (heard - agent_told_ >= Samples{audio::FrameSamples} && playout_ != nullptr) {
    const auto frame = in_flight_.frame(agent_told_);
    agent_told_.count += audio::FrameSamples;
    if (agent_.surplus > 0 && is_quiet(frame)) agent_.surplus -= 1;
    else agent_frame(frame);
  }
  in_flight_.forget(std::min(agent_told_, far_told_));
  for (auto missing = playout_ != nullptr ? keep_steady(agent_) : 0; missing > 0 && playout_ != nullptr; --missing) agent_frame(Silence);
  report();
}

void Device::agent_frame(audio::Pcm frame) {
  agent_meter_.insert(agent_meter_.end(), frame.begin(), frame.end());
  if (agent_meter_.size() >= MeterSamples) measure();
  const auto at = std::exchange(agent_.told, agent_.told + audio::samples(frame));
  listener_->agent_audio(at, frame);
}

// How many frames are to be put in now; what is to be left out is remembered.
auto Device::keep_steady(Track& track) -> int {
  const auto frames = track.steady.look(track.told, clock());
  if (frames < 0) track.surplus = std::max(track.surplus, -frames);
  return frames;
}

void Device::report() {
  for (std::size_t n = 0; n < reports_.size() && playout_ != nullptr; ++n) {
    match(reports_[n], [&](const auto& report) { listener_->happened(report); });
  }
}

void Device::measure() {
  if (options_.meter) options_.meter({audio::level(caller_meter_), audio::level(agent_meter_), muted_, talks_});
  caller_meter_.clear();
  agent_meter_.clear();
}

// ── Orders ───────────────────────────────────────────────────────────────────────────────────────────────────

// The last of what was taken still sounds, and the agent's side of the recording gets it when it does.
void Device::flush(core::FlushId flush) {
  FLOW_ASSERT(playout_ != nullptr);
  if (device_) {
    device_->drop();
    in_flight_.cut(device_->taken());
    reports_.clear();
    playout_->confirm(in_flight_.count_voice(device_->taken()), reports_);
    std::erase_if(reports_, [](const auto& report) { return std::holds_alternative<core::PlayoutDrained>(report); });
    report();
  }
  const auto played = playout_->flush();
  if (device_) fill_speaker();
  listener_->happened(core::PlayoutFlushed{flush, played});
}

// ── A device that is lost ────────────────────────────────────────────────────────────────────────────────────

// What was on its way counts as heard: a tenth of a second at most, and nobody can say.
void Device::device_lost(const Error& error) {
  reports_.clear();
  playout_->confirm(in_flight_.count_voice(in_flight_.given()), reports_);
  in_flight_ = {};
  far_told_ = agent_told_ = {};
  near_filled_ = 0;
  lost_ = error;
  left_ = facts();
  device_.reset();
  report();
  if (playout_ == nullptr) return;
  if (!options_.reopen) return give_up();
  if (options_.notice) options_.notice(lost_.text + "; looking for another");
  if (loop_.now() - adopted_ >= Serves) tries_ = 0;
  if (tries_ >= TriesMax) return give_up();
  try_again();
}

void Device::try_again() {
  tries_ += 1;
  options_.reopen(lost_, [this, here = std::weak_ptr(here_)](Result<std::unique_ptr<audio::device::Duplex>> device) {
    if (here.expired() || playout_ == nullptr) return;
    if (device) return adopt(std::move(*device));
    if (tries_ >= TriesMax) return give_up();
    retry_.set_after(TryAgain, [this] { try_again(); });
  });
}

void Device::adopt(std::unique_ptr<audio::device::Duplex> device) {
  device_ = std::move(device);
  adopted_ = loop_.now();
  const auto facts = device_->facts();
  if (options_.notice) options_.notice(fmt::format("going on with {} and {}", facts.input, facts.output));
  start();
}

void Device::give_up() {
  listener_->channel_failed(lost_);
  hang_up();
}

// ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────

void Device::key_came(char key) {
  if (playout_ == nullptr) return;
  const auto meant = read_key(key);
  if (!meant) return;
  match(
      *meant, [&](const ToggleMute&) { muted_ = !muted_; }, [&](const ToggleTalk&) { toggle_talk(); },
      [&](const core::DigitPressed& digit) { listener_->happened(digit); }, [&](const core::CallerHungUp&) { hang_up(); });
}

void Device::toggle_talk() {
  talks_ = !talks_;
  if (talks_) return listener_->happened(core::TalkPressed{});
  listener_->happened(core::TalkReleased{});
}

void Device::hang_up() {
  if (playout_ == nullptr) return;
  auto* listener = listener_;
  if (device_) device_->stop();
  playout_ = nullptr;
  listener->happened(core::CallerHungUp{});
}

}  // namespace flow::channels
