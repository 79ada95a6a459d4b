#pragma once
// The beat of a loop: every 20 ms of real time each call moves one frame. One timer for all calls of the loop, because
// a thousand timers a call's frame apart would wake the machine fifty thousand times a second.

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "runtime/audio/pcm.h"
#include "runtime/net/loop.h"

namespace flow::channels {

// When beats are due. Deadlines are counted from the start, never from the last beat, so they do not drift.
class Beats {
 public:
  static constexpr net::Millis Period = audio::FrameTime;

  // After a stall at most so many beats are made up for at once: 200 ms. What is older is skipped; a voice that has
  // stood still for longer is not worth hurrying after.
  static constexpr int CatchUpMax = 10;

  explicit Beats(net::Time start) : start_{start} {}

  // The beats that have become due, each given once: `count` of them from number `first` on. Beat 0 is at the start.
  struct Due {
    std::int64_t first = 0;
    int count = 0;
  };
  auto due(net::Time now) -> Due;

  auto number() const -> std::int64_t { return next_; }  // of the next beat
  auto time() const -> net::Time { return start_ + next_ * Period; }

 private:
  net::Time start_;
  std::int64_t next_ = 0;
};

class Pacer {
  struct Member;

 public:
  // Called with 0, 1, 2, … 20 ms apart; a number is left out if its beat was skipped.
  using OnBeat = std::function<void(std::int64_t beat)>;

  // A place among the members; given up when it goes, also from inside the beat. Must go before the pacer.
  class Seat {
   public:
    Seat() = default;
    explicit Seat(Member* member) : member_{member} {}
    Seat(Seat&& other) noexcept;
    auto operator=(Seat&& other) noexcept -> Seat&;
    ~Seat();
    explicit operator bool() const { return member_ != nullptr; }

   private:
    Member* member_ = nullptr;
  };

  explicit Pacer(net::Loop& loop);
  ~Pacer();
  Pacer(const Pacer&) = delete;
  auto operator=(const Pacer&) -> Pacer& = delete;

  // The first beat comes within 20 ms, never inside this call.
  [[nodiscard]] auto join(OnBeat on_beat) -> Seat;

  auto members() const -> std::size_t;

 private:
  struct Member {
    OnBeat on_beat;
    std::int64_t first;
    bool gone = false;
  };
  void beat();
  void wait();

  net::Loop& loop_;
  net::Timer timer_;
  Beats beats_;
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace flow::channels
