#pragma once
// Recognition for many connections: their turns go to a few decoders on threads of a pool, while they are being spoken.
//
// Belongs to its loop. Nothing here waits: audio is put aside for the decoder and words are handed over on the loop when
// they are there. A decoder serves one turn from its begin to its end; beyond `decoders_max` turns at once the next one
// waits, its audio with it. The first decoder is loaded when the first turn begins. If that fails, every turn comes out
// as not understood.

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "runtime/net/blocking.h"
#include "runtime/simulate/decoder.h"

namespace flow::simulate {

class Recogniser {
 public:
  struct Limits {
    int decoders_max = 2;                  // 110 MB and one thread each
    std::size_t piece_max = 24 * 2'000;    // samples a thread takes at once: what an ending waits for
  };

  // `on_deaf` is told once, with why, if a decoder cannot be loaded.
  Recogniser(net::Loop& loop, MakeDecoder make, std::function<void(const Error&)> on_deaf);
  Recogniser(net::Loop& loop, MakeDecoder make, std::function<void(const Error&)> on_deaf, Limits limits);
  Recogniser(const Recogniser&) = delete;
  auto operator=(const Recogniser&) -> Recogniser& = delete;
  ~Recogniser();

  // Ears for one connection. `on_words` is called on the loop whenever `take` or `so_far` have something new. The
  // recogniser outlives them.
  auto listen(std::function<void()> on_words) -> std::unique_ptr<Ears>;

 private:
  class Turn;
  class Listening;
  struct Chair;  // a decoder, and who has it

  void seat();
  void work(Chair& chair);
  void deaf(const Error& error);

  net::Loop& loop_;
  MakeDecoder make_;
  std::function<void(const Error&)> on_deaf_;
  Limits limits_;
  bool deaf_ = false;
  std::deque<std::shared_ptr<Turn>> waiting_;
  std::vector<std::unique_ptr<Chair>> chairs_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);  // what comes back later than this is dropped
  net::Pool pool_;  // last: its threads use what is above
};

}  // namespace flow::simulate
