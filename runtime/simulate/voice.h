#pragma once
// Text to speech for the simulated service, and for scripted callers: flite's slt and rms for English, espeak-ng for the
// languages flite lacks. Quick (about a hundredth of real time) and the same samples for the same text every time.
//
// One object belongs to one thread; the engines behind it are shared and take turns.

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flow::simulate {

struct Word {                       // of a spoken text
  std::string text;                 // with the spaces and marks that follow it: the texts of all words are the text
  std::chrono::milliseconds at{0};  // when it starts; an estimate
};

struct Speech {
  std::vector<std::int16_t> pcm;    // 24 kHz, mono
  std::vector<Word> words;
};

struct Manner {
  std::string voice = "marin";      // a provider's voice name; unknown ones get a voice of their own, too
  std::string locale = "en-US";     // BCP 47; the language decides the engine
  double speed = 1.0;               // 0.25 to 1.5
  auto operator<=>(const Manner&) const = default;
};

// Splits what is to be said into pieces of some four seconds at most, at sentence ends and, where those are far apart, at
// commas or between words. The pieces joined are the text.
auto phrases(std::string_view text) -> std::vector<std::string>;

class Voice {
 public:
  Voice();
  Voice(const Voice&) = delete;
  auto operator=(const Voice&) -> Voice& = delete;
  ~Voice();

  // Speaks one phrase. Text without a letter or digit gives 100 ms of silence. The result lives until the next call.
  auto speak(std::string_view phrase, const Manner& manner) -> const Speech&;

 private:
  struct Engines;
  std::unique_ptr<Engines> engines_;
};

}  // namespace flow::simulate
