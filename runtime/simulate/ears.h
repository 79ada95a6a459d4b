#pragma once
// Where the words of a spoken turn come from: from a host that knows them, and later from recognition.

#include <deque>
#include <string>

#include "runtime/audio/pcm.h"

namespace flow::simulate {

class Ears {
 public:
  virtual ~Ears() = default;
  // The words so far of the turn that is being spoken, for the judgement whether it is complete. May be empty.
  virtual auto so_far() const -> std::string = 0;
  // The words of the turn that has just ended. `pcm`: all of it, 24 kHz. Empty: none were understood.
  virtual auto words(audio::Pcm pcm) -> std::string = 0;
};

// Hears what it was told to expect, one utterance after the other, and no words in whatever else sounds.
class ExpectedWords final : public Ears {
 public:
  static constexpr std::size_t UtterancesMax = 64;  // the oldest is forgotten

  void expect(std::string words) {
    if (expected_.size() == UtterancesMax) expected_.pop_front();
    expected_.push_back(std::move(words));
  }
  auto so_far() const -> std::string override { return expected_.empty() ? std::string{} : expected_.front(); }
  auto words(audio::Pcm) -> std::string override {
    if (expected_.empty()) return {};
    auto words = std::move(expected_.front());
    expected_.pop_front();
    return words;
  }

 private:
  std::deque<std::string> expected_;
};

}  // namespace flow::simulate
