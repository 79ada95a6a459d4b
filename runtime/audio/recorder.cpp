#include "runtime/audio/recorder.h"

#include <fmt/format.h>

#include <utility>

namespace flow::audio {

// Touched by the work while it runs and by the loop while none does. `owner` is looked at on the loop only.
struct Recorder::File {
  WavWriter writer;
  std::vector<std::int16_t> samples = {};
  Result<void> outcome = {};
  Recorder* owner = nullptr;
};

auto Recorder::create(const std::string& path, Background background, std::function<void(Error)> failed)
    -> Result<std::unique_ptr<Recorder>> {
  auto writer = WavWriter::create(path, RateHz, 2);
  if (!writer) return tl::unexpected{writer.error()};
  auto file = std::make_shared<File>(File{.writer = std::move(*writer)});
  return std::unique_ptr<Recorder>{new Recorder{std::move(file), std::move(background), std::move(failed)}};
}

Recorder::Recorder(std::shared_ptr<File> file, Background background, std::function<void(Error)> failed)
    : background_{std::move(background)}, failed_{std::move(failed)}, file_{std::move(file)} {
  file_->owner = this;
}

Recorder::~Recorder() { file_->owner = nullptr; }

void Recorder::caller(Samples at, Pcm pcm) {
  if (given_up_ || ending_) return;
  stereo_.caller(at, pcm);
}

void Recorder::agent(Samples at, Pcm pcm) {
  if (given_up_ || ending_) return;
  stereo_.agent(at, pcm);
  stereo_.take(waits_);
  hand_over();
}

void Recorder::finish(std::function<void()> done) {
  finished_ = std::move(done);
  ending_ = true;
  stereo_.finish(waits_);
  hand_over();
}

// One piece of work at a time, so that they stay in order on any number of threads.
void Recorder::hand_over() {
  constexpr auto Enough = static_cast<std::size_t>(2 * HandedOver.count);
  constexpr auto TooMuch = static_cast<std::size_t>(2 * WaitingMax.count);
  if (writing_) {
    if (waits_.size() <= TooMuch || ending_) return;
    return fail({"R0307", "the disk is too slow for the recording", "record to another disk"});
  }
  if (ending_ && (waits_.empty() || given_up_)) {
    if (finished_) std::exchange(finished_, nullptr)();
    return;
  }
  if (given_up_ || (waits_.size() < Enough && !ending_)) return;
  file_->samples.clear();
  std::swap(file_->samples, waits_);
  const auto work = [file = file_] { file->outcome = file->writer.append(file->samples); };
  const auto done = [file = file_] {
    if (file->owner) file->owner->written();
  };
  writing_ = true;
  if (background_(work, done)) return;
  writing_ = false;
  std::swap(file_->samples, waits_);  // nobody takes it now: with the next frame, again
  if (ending_) fail({"R0307", "nobody is left to write the end of the recording", ""});
}

void Recorder::written() {
  writing_ = false;
  if (!file_->outcome) return fail(file_->outcome.error());
  hand_over();
}

void Recorder::fail(const Error& error) {
  if (!std::exchange(given_up_, true)) failed_(error);
  waits_.clear();
  hand_over();
}

}  // namespace flow::audio
