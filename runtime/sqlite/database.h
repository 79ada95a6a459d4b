#pragma once
// A file of SQLite. Blocks, so it is used on a pool's threads; one thread at a time.

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/ir/value.h"

namespace flow::sqlite {

// When a query must end; looked at while it runs and while it waits for another's lock. Any thread may ask it to stop.
struct Patience {
  std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max();
  std::atomic<bool> stopped = false;
  auto over() const -> bool { return stopped || std::chrono::steady_clock::now() >= until; }
};

struct Limits {
  std::size_t values = 20'000;             // of all rows together
  std::size_t bytes = std::size_t{1} << 20;  // of their texts
};

enum class Access { Read, Write, Create };

class Database {
 public:
  // Errors: `sqlite_open`. `Create` makes the file, readable by its owner only. `patience` may be null and outlives this.
  static auto open(const std::string& path, Access access, const Patience* patience = nullptr) -> Result<Database>;
  Database(Database&&) noexcept;
  auto operator=(Database&&) noexcept -> Database&;
  ~Database();

  // One statement; `?1` and so on stand for `values`. Texts, numbers, none; truth is 1 or 0, lists and records their
  // JSON. Gives the rows, each a record of the columns.
  //
  //   errors   `sqlite_query` with SQLite's sentence, `sqlite_busy` (locked by others, or its time was over),
  //            `sqlite_readonly` (it would write, and must not), `sqlite_many` (more than one statement), `sqlite_large`
  auto ask(const std::string& query, const std::vector<Value>& values, Limits limits = {}) -> Result<Value::List>;
  // Statements without values, one after the other.
  auto run(const std::string& statements) -> Result<void>;

 private:
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace flow::sqlite
