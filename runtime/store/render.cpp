#include "runtime/audio/recorder.h"
#include "runtime/store/replay.h"

namespace flow::store {

auto render_recording(std::string_view journal, const std::string& wav_path) -> Result<void> {
  std::optional<Error> refused;
  const auto at_once = [](const std::function<void()>& work, const std::function<void()>& done) {
    work();
    done();
    return true;
  };
  auto recorder = audio::Recorder::create(wav_path, at_once, [&](const Error& error) { refused = error; });
  if (!recorder) return tl::unexpected{recorder.error()};
  const auto heard = replay_audio(journal, [&](Track track, core::Samples at, std::span<const std::int16_t> pcm) {
    track == Track::Caller ? (*recorder)->caller(at, pcm) : (*recorder)->agent(at, pcm);
  });
  (*recorder)->finish([] {});
  if (refused) return tl::unexpected{*refused};
  return heard;
}

}  // namespace flow::store
