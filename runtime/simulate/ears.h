#pragma once
// Where the words of a spoken turn come from. A port: the service tells the ears what it hears, the words come when they
// are there, and nothing here waits for them.
//
// One object hears one connection, on its thread. Turns do not overlap, and their words come out in their order; of every
// turn that ended something comes out in the end.

#include <deque>
#include <optional>
#include <string>

#include "runtime/audio/pcm.h"

namespace flow::simulate {

// What was understood of a turn.
struct Words {
  std::string text;
  bool understood = true;  // false: somebody spoke, and what is known of it is worse than nothing
  auto operator==(const Words&) const -> bool = default;
};

// What is known beforehand of what may be said.
struct Hints {
  std::string language;  // BCP 47; what is spoken
  std::string text;      // sentences, one a line, in whose words the turn may well be spoken
  auto operator==(const Hints&) const -> bool = default;
};

class Ears {
 public:
  virtual ~Ears() = default;
  virtual void begin(const Hints& hints) = 0;     // a turn begins
  virtual void hear(audio::Pcm pcm) = 0;          // the next of it, 24 kHz
  virtual void end() = 0;                         // that was all; its words are wanted
  virtual void drop() = 0;                        // it is not a turn after all
  virtual auto so_far() const -> std::string = 0; // the words so far of the turn that is being spoken; may lag, may be empty
  virtual auto take() -> std::optional<Words> = 0;  // of the oldest turn that ended; none: not yet
};

// Hears what it was told to expect, one utterance after the other, and no words in whatever else sounds. For hosts that
// know the words: tests, callers who type, languages that nobody here understands.
class ExpectedWords final : public Ears {
 public:
  static constexpr std::size_t UtterancesMax = 64;  // the oldest is forgotten

  void expect(std::string words) {
    if (expected_.size() == UtterancesMax) expected_.pop_front();
    expected_.push_back(std::move(words));
  }
  void begin(const Hints&) override {}
  void hear(audio::Pcm) override {}
  void end() override {
    heard_.push_back({expected_.empty() ? std::string{} : std::move(expected_.front()), true});
    if (!expected_.empty()) expected_.pop_front();
  }
  void drop() override {}
  auto so_far() const -> std::string override { return expected_.empty() ? std::string{} : expected_.front(); }
  auto take() -> std::optional<Words> override {
    if (heard_.empty()) return {};
    auto words = std::move(heard_.front());
    heard_.pop_front();
    return words;
  }

 private:
  std::deque<std::string> expected_;
  std::deque<Words> heard_;
};

}  // namespace flow::simulate
