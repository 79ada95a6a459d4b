#pragma once
// The playout, one sample at a time: too slow to ship, too plain to be wrong.

#include <algorithm>
#include <map>
#include <vector>

#include "runtime/audio/playout.h"

namespace flow::audio {

class NaivePlayout {
 public:
  void admit(core::ResponseId response) { gate_ = response; }
  void pause() { paused_ = true; }
  void resume() { paused_ = false; }

  auto flush() -> Samples {
    timeline_.resize(played_);
    gate_ = {};
    taken_ = played_;
    paused_ = false;
    owes_drained_ = false;
    marks_.clear();
    watch_pauses(watching_);
    return count(played_);
  }

  void cut() {
    timeline_.resize(taken_);
    gate_ = {};
    watch_pauses(watching_);
  }

  void set_mark(core::MarkId mark, Samples at) { marks_.emplace(at.count, mark); }

  void watch_pauses(bool on) {
    watching_ = on;
    watched_from_ = taken_;
    told_.clear();
  }

  auto push(core::ResponseId response, Pcm pcm) -> Samples {
    if (!response || response != gate_) return {};
    for (const auto sample : pcm) {
      timeline_.push_back(sample);
      owes_drained_ = true;
    }
    return samples(pcm);
  }

  auto take(PcmOut out) -> Samples {
    std::size_t voice = 0;
    for (auto& sample : out) {
      sample = 0;
      if (paused_ || taken_ == timeline_.size()) continue;
      sample = timeline_[taken_++];
      voice += 1;
    }
    return count(voice);
  }

  void confirm(Samples more, Reports& reports) {
    played_ += static_cast<std::size_t>(more.count);
    std::multimap<std::int64_t, Report> reached;
    while (!marks_.empty() && marks_.begin()->first <= count(played_).count) {
      reached.emplace(marks_.begin()->first, core::MarkReached{marks_.begin()->second});
      marks_.erase(marks_.begin());
    }
    for (std::size_t begin = watched_from_; watching_ && begin <= played_; ++begin) {
      const bool first = begin == watched_from_ || !quiet(begin - 1);
      if (!first || !quiet_run(begin) || std::ranges::count(told_, begin)) continue;
      told_.push_back(begin);
      reached.emplace(count(begin).count, core::PauseReached{count(played_)});
    }
    for (const auto& [at, report] : reached) reports.push_back(report);
    if (played_ == timeline_.size() && owes_drained_) {
      owes_drained_ = false;
      reports.push_back(core::PlayoutDrained{count(played_)});
    }
  }

  auto played() const -> Samples { return count(played_); }
  auto taken() const -> Samples { return count(taken_); }
  auto pushed() const -> Samples { return count(timeline_.size()); }

 private:
  static auto count(std::size_t n) -> Samples { return Samples{static_cast<std::int64_t>(n)}; }
  auto quiet(std::size_t at) const -> bool { return std::abs(int{timeline_[at]}) <= Playout::PauseLevel; }
  auto quiet_run(std::size_t begin) const -> bool {
    const auto length = static_cast<std::size_t>(Playout::PauseLength.count);
    if (begin + length > timeline_.size()) return false;
    for (auto at = begin; at < begin + length; ++at) {
      if (!quiet(at)) return false;
    }
    return true;
  }

  std::vector<std::int16_t> timeline_;  // everything played, and what waits
  std::size_t taken_ = 0, played_ = 0;
  core::ResponseId gate_;
  bool paused_ = false;
  bool owes_drained_ = false;
  bool watching_ = false;
  std::size_t watched_from_ = 0;
  std::vector<std::size_t> told_;
  std::multimap<std::int64_t, core::MarkId> marks_;
};

}  // namespace flow::audio
