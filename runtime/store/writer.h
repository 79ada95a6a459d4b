#pragma once
// The thread behind the journals. What is handed over goes through a list without locks: the loop never waits for the
// writer, and while one batch is written the next ones gather.

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "runtime/store/journal.h"

namespace flow::store {

// One journal's file. Written by the writer's thread only.
struct JournalFile {
  int fd = -1;
  std::string path;
  Post home;
  std::function<void(Error)> failed;     // called through `home`
  std::weak_ptr<const bool> alive;       // the journal is still there: only then is anything called
  std::atomic<std::size_t> waiting = 0;  // bytes handed over and not yet written or given up
  std::atomic<bool> given_up = false;
  Error error;                           // set before `given_up`, by whoever gives up first

  JournalFile() = default;
  ~JournalFile();
  JournalFile(const JournalFile&) = delete;
  auto operator=(const JournalFile&) -> JournalFile& = delete;

  // Takes no more from here on, and says so once. Any thread.
  void give_up(Error why);
  void write(std::string_view text);
  auto sync() -> Result<void>;

 private:
  std::atomic_flag giving_up_;
};

struct Writer::State {
  struct Batch {
    std::shared_ptr<JournalFile> file;
    std::string text;
    std::function<void(Result<void>)> flushed;  // or none
    Batch* next = nullptr;
  };

  std::atomic<Batch*> newest = nullptr;
  std::atomic<std::uint32_t> handed_over = 0;  // counts, to wait on
  std::atomic<bool> ending = false;
  std::thread thread;

  ~State();
  void hand_over(std::shared_ptr<JournalFile> file, std::string text, std::function<void(Result<void>)> flushed = {});
  void work();
  auto take_all() -> std::unique_ptr<Batch>;  // oldest first
};

}  // namespace flow::store
