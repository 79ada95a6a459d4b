#pragma once
// Keeps what libraries print off the terminal for a while.
//
// libasound and libpulse write to file descriptor 2 whatever they are asked, so while one of these lives the descriptor
// leads nowhere. There is one such descriptor in a process: only one thread hushes, one at a time, keeps it short, and
// prints nothing meanwhile.

namespace flow::audio::device {

class Hushed {
 public:
  explicit Hushed(bool hush);
  ~Hushed();
  Hushed(const Hushed&) = delete;
  auto operator=(const Hushed&) -> Hushed& = delete;

  // Ends it from any thread: whoever hushed is stuck, and the program has something to say.
  static void lift();
};

}  // namespace flow::audio::device
