#include "runtime/audio/device/hardware.h"

#include <fmt/format.h>

#include "compiler/base/check.h"

namespace flow::audio::device {
namespace {

constexpr Millis LookEvery{250};

}  // namespace

Hardware::Hardware(net::Loop& loop, Millis moves, Close close)
    : loop_{loop}, moves_{moves}, close_{std::move(close)}, bell_{loop, [this] { rung(); }}, watch_{loop} {}

Hardware::~Hardware() { stop(); }

void Hardware::start(Owner& owner) {
  FLOW_ASSERT(opened_ && owner_ == nullptr);
  owner_ = &owner;
  opened_->microphone->begin();
  heard_ = spoken_ = {.since = loop_.now()};
  watch_.set_after(LookEvery, [this] { watch(); });
  bell_.rope().pull();  // the speaker's queue is empty
}

void Hardware::stop() {
  owner_ = nullptr;
  watch_.drop();
  if (!opened_) return;
  last_ = facts();
  close_(std::move(opened_));
}

void Hardware::rung() {
  if (owner_ == nullptr) return;
  const bool microphone_broke = opened_->microphone->is_broken();
  if (microphone_broke || opened_->speaker->is_broken()) {
    return lose({"R0314", fmt::format("the {} went away: {}", microphone_broke ? "microphone" : "speaker",
                                      microphone_broke ? opened_->input : opened_->output),
                 "was it unplugged, or its sound server stopped? `flowc devices` lists what there is now"});
  }
  opened_->speaker->tend();
  owner_->device_moved();
}

void Hardware::watch() {
  const bool microphone_stuck = stuck(heard_, opened_->microphone->frames());
  if (microphone_stuck || stuck(spoken_, opened_->speaker->frames())) {
    return lose({"R0313", fmt::format("the {} does not move: {}", microphone_stuck ? "microphone" : "speaker",
                                      microphone_stuck ? opened_->input : opened_->output),
                 "does another program hold it? choose another with --input or --output; `flowc devices` lists them"});
  }
  watch_.set_after(LookEvery, [this] { watch(); });
}

auto Hardware::stuck(Progress& progress, std::int64_t frames) const -> bool {
  if (frames != progress.frames) progress = {frames, loop_.now()};
  return loop_.now() - progress.since > moves_;
}

void Hardware::lose(const Error& error) {
  auto* owner = owner_;
  stop();
  owner->device_lost(error);
}

// A stopped device neither hears nor speaks.
auto Hardware::read(PcmOut out) -> Samples { return opened_ ? opened_->microphone->read(out) : Samples{}; }
auto Hardware::wanted() const -> Samples { return opened_ ? opened_->speaker->wanted() : Samples{}; }
auto Hardware::taken() const -> Samples { return opened_ ? opened_->speaker->taken() : Samples{}; }
void Hardware::write(Pcm pcm) {
  if (opened_) opened_->speaker->write(pcm);
}
void Hardware::drop() {
  if (opened_) opened_->speaker->drop();
}

auto Hardware::facts() const -> Facts {
  if (!opened_) return last_;
  const auto& [input, output, microphone, speaker, in, out] = *opened_;
  return {.input = input, .output = output, .input_delay = microphone->delay(), .output_delay = speaker->delay(),
          .queue = to_ms(speaker->queue()), .underruns = speaker->underruns(), .overruns = microphone->overruns()};
}

}  // namespace flow::audio::device
