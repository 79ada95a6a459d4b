#pragma once
// A file of lines that is written behind: the loop hands lines over and waits for nothing.

#include <functional>
#include <memory>
#include <string>

#include "compiler/base/result.h"
#include "runtime/net/blocking.h"

namespace flow::edge {

class LogFile {
 public:
  // Lines are handed over so long after the first of them came: a thread is not woken for each.
  static constexpr net::Millis Gathered{50};
  // What waits for the disk at most. A disk that is slower ends the log.
  static constexpr std::size_t WaitingMax = std::size_t{64} << 20;

  // Creates or overwrites (blocks once): R0504. `failed` is called at most once, on the loop, if the disk refuses later
  // or is too slow; the file then holds what came before.
  static auto create(const std::string& path, net::Loop& loop, std::function<void(Error)> failed)
      -> Result<std::unique_ptr<LogFile>>;
  LogFile(const LogFile&) = delete;
  auto operator=(const LogFile&) -> LogFile& = delete;
  ~LogFile();  // what was not handed over is lost: `finish` first

  void append(std::string_view lines);  // whole ones, with their ends
  // `done` is called on the loop when the disk has all lines, or the log was given up.
  void finish(std::function<void()> done);

 private:
  struct State;
  explicit LogFile(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace flow::edge
