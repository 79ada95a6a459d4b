#include "runtime/channels/pacer.h"

#include <algorithm>
#include <utility>

namespace flow::channels {

auto Beats::due(net::Time now) -> Due {
  if (now < time()) return {next_, 0};
  const std::int64_t after = (now - start_) / Period + 1;
  const auto first = std::max(next_, after - CatchUpMax);
  next_ = after;
  return {first, static_cast<int>(after - first)};
}

Pacer::Seat::Seat(Seat&& other) noexcept : member_{std::exchange(other.member_, nullptr)} {}

auto Pacer::Seat::operator=(Seat&& other) noexcept -> Seat& {
  std::swap(member_, other.member_);
  return *this;
}

// The member itself goes after the beat: it may be the one that is running.
Pacer::Seat::~Seat() {
  if (member_) member_->gone = true;
}

Pacer::Pacer(net::Loop& loop) : loop_{loop}, timer_{loop}, beats_{loop.now()} {}
Pacer::~Pacer() = default;

auto Pacer::join(OnBeat on_beat) -> Seat {
  if (members_.empty() && !timer_.armed()) beats_ = Beats{loop_.now() + Beats::Period};
  members_.push_back(std::make_unique<Member>(Member{std::move(on_beat), beats_.number()}));
  wait();
  return Seat{members_.back().get()};
}

auto Pacer::members() const -> std::size_t {
  return static_cast<std::size_t>(std::ranges::count_if(members_, [](const auto& member) { return !member->gone; }));
}

void Pacer::beat() {
  const auto due = beats_.due(loop_.now());
  for (auto number = due.first; number < due.first + due.count; ++number) {
    // By index, because a member may bring in another.
    for (std::size_t n = 0; n < members_.size(); ++n) {
      auto& member = *members_[n];
      if (!member.gone && member.first <= number) member.on_beat(number - member.first);
    }
  }
  std::erase_if(members_, [](const auto& member) { return member->gone; });
  if (!members_.empty()) wait();
}

void Pacer::wait() {
  if (!timer_.armed()) timer_.set(beats_.time(), [this] { beat(); });
}

}  // namespace flow::channels
