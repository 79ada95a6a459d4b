#pragma once
// The recording of a call: a stereo WAV, caller left, agent right as it was heard. The disk is written elsewhere; the
// loop hands over half a second at a time and waits for nothing.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "runtime/audio/stereo.h"
#include "runtime/audio/wav.h"

namespace flow::audio {

// Runs `work` on a thread that may block and then `done` on the loop; false if it takes nothing now: then neither runs.
using Background = std::function<bool(std::function<void()> work, std::function<void()> done)>;

class Recorder {
 public:
  // A disk that is slower than this for long ends the recording: a minute of the call.
  static constexpr Samples WaitingMax = to_samples(Millis{60'000});
  static constexpr Samples HandedOver = to_samples(Millis{500});

  // Creates the file (blocks once). `failed` is called at most once, on the loop, if the disk refuses later: R0306, or
  // R0307 when it is too slow. The file then holds the call up to there.
  static auto create(const std::string& path, Background background, std::function<void(Error)> failed)
      -> Result<std::unique_ptr<Recorder>>;
  Recorder(const Recorder&) = delete;
  auto operator=(const Recorder&) -> Recorder& = delete;
  ~Recorder();  // what was not handed over is lost: `finish` first

  // As Listener::caller_audio and ::agent_audio give them.
  void caller(Samples at, Pcm pcm);
  void agent(Samples at, Pcm pcm);

  // Writes what is left; `done` is called on the loop when the file is complete, or is given up.
  void finish(std::function<void()> done);

 private:
  struct File;
  Recorder(std::shared_ptr<File> file, Background background, std::function<void(Error)> failed);
  void hand_over();
  void written();
  void fail(const Error& error);

  Background background_;
  std::function<void(Error)> failed_;
  std::function<void()> finished_;  // set by `finish`
  Stereo stereo_;
  std::vector<std::int16_t> waits_;  // interleaved
  std::shared_ptr<File> file_;       // shared with the work under way
  bool writing_ = false;
  bool given_up_ = false;
  bool ending_ = false;
};

}  // namespace flow::audio
