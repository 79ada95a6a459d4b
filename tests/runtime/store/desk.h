#pragma once
// A place for files, and a loop's thread that tests own.

#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <mutex>
#include <string>

#include "runtime/store/journal.h"

namespace flow::store {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "flow-store-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  auto file(const std::string& name) const -> std::string { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline auto content(const std::string& path) -> std::string {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Work that other threads hand over waits until the test does it.
class Home {
 public:
  auto post() -> Post {
    return [this](std::function<void()> work) {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(work));
      changed_.notify_one();
    };
  }
  void run_until(const std::function<bool()>& done) {
    while (!done()) {
      std::function<void()> work;
      {
        std::unique_lock lock(mutex_);
        REQUIRE(changed_.wait_for(lock, std::chrono::seconds{20}, [&] { return !waiting_.empty(); }));
        work = std::move(waiting_.front());
        waiting_.pop_front();
      }
      work();
    }
  }
  void run_what_waits() {
    std::deque<std::function<void()>> all;
    {
      const std::lock_guard lock(mutex_);
      all.swap(waiting_);
    }
    for (const auto& work : all) work();
  }
  // Everything that was given to the journal so far is on disk, or given up.
  auto flush(Journal& journal) -> Result<void> {
    std::optional<Result<void>> outcome;
    journal.flush([&](Result<void> result) { outcome = result; });
    run_until([&] { return outcome.has_value(); });
    return *outcome;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
};

inline const Header SomeHeader{.program_text = "flowir 1\n\"quoted\"\n", .program_hash = "0123", .started = "2026-01-02T03:04:05Z"};

}  // namespace flow::store
