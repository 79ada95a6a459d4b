#pragma once
// Knows how much of each spoken item the caller has really heard.
//
// The model sends audio faster than it is played, so what was sent says nothing of what was heard. Only whoever plays
// knows; this is the session's bookkeeping of it. Positions count all samples played since the call began.

#include <string>
#include <vector>

#include "runtime/core/ids.h"

namespace flow::core {

// A stretch of one item on the line of played samples.
struct Spoken {
  ItemId item;
  Samples begin, end;
  std::string text;  // its transcript, as far as it came

  auto length() const -> Samples { return end - begin; }
  // Of this item, when `played` samples in all were played.
  auto heard(Samples played) const -> Samples;
  auto operator==(const Spoken&) const -> bool = default;
};

class Playout {
 public:
  // `length` more samples of `item` were queued: extends the last stretch in `items` or begins one.
  void queue(std::vector<Spoken>& items, ItemId item, Samples length);
  // The player's report. A late or repeated one changes nothing.
  void advance(Samples played);
  // The player dropped what it had not played.
  void flushed(Samples played);

  auto played() const -> Samples { return played_; }
  auto end() const -> Samples { return end_; }
  auto left() const -> Samples { return end_ - played_; }
  auto all_played() const -> bool { return played_ >= end_; }

  auto operator==(const Playout&) const -> bool = default;

 private:
  Samples played_;
  Samples end_;
};

// The words of `text` that fit into the first `heard` of `length`: never a word more than was heard.
auto heard_words(const std::string& text, Samples heard, Samples length) -> std::string;

}  // namespace flow::core
