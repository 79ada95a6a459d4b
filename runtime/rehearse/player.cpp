#include "runtime/rehearse/player.h"

#include <algorithm>

namespace flow::rehearse {

using namespace core;

void Player::queue(Samples length, bool pause_after, Instant now) {
  base_ = played(now);
  since_ = now;
  queued_ = queued_ + length;
  drained_ = false;
  if (pause_after) pauses_.push_back(queued_);
}

void Player::pause(Instant now) {
  base_ = played(now);
  since_ = now;
  paused_ = true;
}

void Player::resume(Instant now) {
  if (paused_) since_ = now;
  paused_ = false;
}

auto Player::flush(Instant now) -> Samples {
  base_ = queued_ = played(now);
  since_ = now;
  paused_ = false;
  drained_ = true;
  mark_.reset();
  pauses_.clear();
  return base_;
}

auto Player::played(Instant now) const -> Samples { return paused_ ? base_ : std::min(queued_, base_ + to_samples(now - since_)); }

auto Player::next(Instant now) const -> std::optional<Due> {
  if (paused_ || drained_) return std::nullopt;
  Due due{when(queued_), PlayoutDrained{queued_}};
  if (mark_ && when(mark_->at) <= due.at) due = {when(mark_->at), MarkReached{mark_->id}};
  if (watching_) {
    const auto ahead = std::ranges::find_if(pauses_, [&](Samples at) { return at >= played(now); });
    if (ahead != pauses_.end() && *ahead < queued_ && when(*ahead) <= due.at) due = {when(*ahead), PauseReached{*ahead}};
  }
  due.at = std::max(due.at, now);
  return due;
}

void Player::reported(const Event& event) {
  if (std::holds_alternative<PlayoutDrained>(event)) {
    drained_ = true;
    pauses_.clear();  // what is said next begins where they were
  }
  if (std::holds_alternative<MarkReached>(event)) mark_.reset();
  if (const auto* pause = std::get_if<PauseReached>(&event)) std::erase_if(pauses_, [&](Samples at) { return at <= pause->played; });
}

}  // namespace flow::rehearse
