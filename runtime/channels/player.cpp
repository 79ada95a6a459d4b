#include "runtime/channels/player.h"

#include <utility>

#include "compiler/base/check.h"
#include "compiler/base/match.h"

namespace flow::channels {

void Player::start(audio::Playout& playout, Listener& listener, CallersTurn callers_turn) {
  FLOW_ASSERT(!running());
  playout_ = &playout;
  listener_ = &listener;
  callers_turn_ = std::move(callers_turn);
  seat_ = pacer_.join([this](std::int64_t number) { beat(number); });
}

void Player::flush(core::FlushId flush) {
  FLOW_ASSERT(playout_);
  listener_->happened(core::PlayoutFlushed{flush, playout_->flush()});
}

void Player::stop() { seat_ = {}; }

// Any of the calls to the listener may stop the player.
void Player::beat(std::int64_t number) {
  const audio::Samples at{number * audio::FrameSamples};
  callers_turn_(at);
  if (!running()) return;
  reports_.clear();
  agent_sounded_ = playout_->pull(frame_, reports_) > audio::Samples{};
  listener_->agent_audio(at, frame_);
  for (std::size_t n = 0; n < reports_.size() && running(); ++n) {
    match(reports_[n], [&](const auto& report) { listener_->happened(report); });
  }
}

}  // namespace flow::channels
