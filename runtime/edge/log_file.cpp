#include "runtime/edge/log_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

namespace flow::edge {

// Shared with the work under way, which outlives a log that is dropped. Used by one piece of work at a time.
struct Disk {
  explicit Disk(std::FILE* opened) : file(opened) {}
  ~Disk() { std::fclose(file); }
  Disk(const Disk&) = delete;
  auto operator=(const Disk&) -> Disk& = delete;
  std::FILE* file;
};

struct LogFile::State : std::enable_shared_from_this<LogFile::State> {
  State(net::Loop& on, std::string where, std::FILE* file)
      : loop(on), path(std::move(where)), disk(std::make_shared<Disk>(file)), soon(on) {}

  void write_behind();
  void written(const std::optional<Error>& refused);
  void give_up(const Error& error);

  net::Loop& loop;
  std::string path;
  std::shared_ptr<Disk> disk;
  net::Timer soon;
  std::function<void(Error)> failed;
  std::function<void()> finished;
  std::string waits;
  bool writing = false;
  bool given_up = false;
};

namespace {

auto refusal(const std::string& path, const std::string& why) -> Error {
  return {"R0504", "cannot write `" + path + "`: " + why, "is there room, and may this user write there?"};
}

}  // namespace

auto LogFile::create(const std::string& path, net::Loop& loop, std::function<void(Error)> failed)
    -> Result<std::unique_ptr<LogFile>> {
  auto* file = std::fopen(path.c_str(), "we");
  if (file == nullptr) return tl::make_unexpected(refusal(path, std::strerror(errno)));
  auto state = std::make_shared<State>(loop, path, file);
  state->failed = std::move(failed);
  return std::unique_ptr<LogFile>(new LogFile(std::move(state)));
}

LogFile::LogFile(std::shared_ptr<State> state) : state_(std::move(state)) {}

LogFile::~LogFile() {
  state_->given_up = true;
  state_->soon.drop();
  state_->failed = nullptr;
  state_->finished = nullptr;
}

void LogFile::append(std::string_view lines) {
  if (state_->given_up) return;
  state_->waits += lines;
  if (state_->waits.size() > WaitingMax) return state_->give_up(refusal(state_->path, "the disk is too slow"));
  if (state_->writing || state_->soon.armed()) return;
  state_->soon.set_after(Gathered, [state = state_.get()] { state->write_behind(); });
}

void LogFile::finish(std::function<void()> done) {
  state_->finished = std::move(done);
  if (state_->writing) return;
  state_->soon.drop();
  state_->loop.post([weak = state_->weak_from_this()] {
    if (const auto state = weak.lock()) state->written({});
  });
}

void LogFile::State::write_behind() {
  writing = true;
  const auto refused = std::make_shared<std::optional<Error>>();
  const auto work = [shared = disk, name = path, refused, lines = std::exchange(waits, {})] {
    const bool whole = std::fwrite(lines.data(), 1, lines.size(), shared->file) == lines.size();
    if (!whole || std::fflush(shared->file) != 0) *refused = refusal(name, std::strerror(errno));
  };
  const bool taken = loop.blocking().run(loop.poster(), work, [weak = weak_from_this(), refused] {
    if (const auto self = weak.lock()) self->written(*refused);
  });
  if (taken) return;
  writing = false;
  give_up(refusal(path, "too much waits to be written"));
}

void LogFile::State::written(const std::optional<Error>& refused) {
  writing = false;
  if (refused) give_up(*refused);
  if (!given_up && !waits.empty()) return write_behind();
  if (finished) std::exchange(finished, nullptr)();
}

void LogFile::State::give_up(const Error& error) {
  given_up = true;
  waits.clear();
  soon.drop();
  if (failed) std::exchange(failed, nullptr)(error);
}

}  // namespace flow::edge
