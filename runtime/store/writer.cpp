#include "runtime/store/writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace flow::store {

JournalFile::~JournalFile() {
  if (fd >= 0) ::close(fd);
}

void JournalFile::give_up(Error why) {
  if (giving_up_.test_and_set()) return;
  error = std::move(why);
  given_up.store(true);
  home([tell = failed, still = alive, reason = error] {
    if (still.lock() && tell) tell(reason);
  });
}

void JournalFile::write(std::string_view text) {
  const auto size = text.size();
  while (!text.empty() && !given_up.load()) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      give_up({"R0401", fmt::format("cannot write the journal {}: {}", path, std::strerror(errno)), "the call goes on without it; make room, or name another place"});
    }
  }
  waiting.fetch_sub(size);
}

auto JournalFile::sync() -> Result<void> {
  // A pipe or a device has nothing to sync and says EINVAL.
  if (!given_up.load() && ::fdatasync(fd) != 0 && errno != EINVAL && errno != EROFS) {
    give_up({"R0401", fmt::format("cannot write the journal {}: {}", path, std::strerror(errno)), "the call goes on without it; is the disk well?"});
  }
  if (given_up.load()) return tl::unexpected{error};
  return {};
}

// A journal that outlives its writer is read by nobody.
Writer::State::~State() {
  for (auto batch = take_all(); batch;) batch.reset(std::exchange(batch->next, nullptr));
}

void Writer::State::hand_over(std::shared_ptr<JournalFile> file, std::string text, std::function<void(Result<void>)> flushed) {
  file->waiting.fetch_add(text.size());
  auto* batch = new Batch{std::move(file), std::move(text), std::move(flushed), newest.load(std::memory_order_relaxed)};
  while (!newest.compare_exchange_weak(batch->next, batch, std::memory_order_release, std::memory_order_relaxed)) {
  }
  handed_over.fetch_add(1);
  handed_over.notify_one();
}

auto Writer::State::take_all() -> std::unique_ptr<Batch> {
  auto* batch = newest.exchange(nullptr, std::memory_order_acquire);
  Batch* oldest = nullptr;
  while (batch) {
    auto* const next = std::exchange(batch->next, oldest);
    oldest = std::exchange(batch, next);
  }
  return std::unique_ptr<Batch>(oldest);
}

void Writer::State::work() {
  for (;;) {
    const auto seen = handed_over.load();
    auto batch = take_all();
    if (!batch) {
      if (ending.load()) return;
      handed_over.wait(seen);
      continue;
    }
    // One sync of a file serves all who wait for it: after everything that came with it is written.
    std::vector<std::pair<std::shared_ptr<JournalFile>, std::function<void(Result<void>)>>> waiting;
    while (batch) {
      batch->file->write(batch->text);
      if (batch->flushed) waiting.emplace_back(batch->file, std::move(batch->flushed));
      batch.reset(std::exchange(batch->next, nullptr));
    }
    const JournalFile* synced = nullptr;
    Result<void> outcome;
    for (auto& [file, then] : waiting) {
      if (file.get() != std::exchange(synced, file.get())) outcome = file->sync();
      file->home([call = std::move(then), still = file->alive, outcome] {
        if (still.lock()) call(outcome);
      });
    }
  }
}

Writer::Writer() : state_(std::make_shared<State>()) {
  state_->thread = std::thread([state = state_.get()] { state->work(); });
}

Writer::~Writer() {
  state_->ending.store(true);
  state_->handed_over.fetch_add(1);
  state_->handed_over.notify_one();
  state_->thread.join();
}

}  // namespace flow::store
