#pragma once
// A program that a test runs, watches and ends.

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace flow::test {

class Process {
 public:
  struct Ended {
    int code = -1;  // -1: it had to be ended
    std::string out, err;
    double cpu_s = 0;  // that it used, and what it waited for
  };

  // Found on the PATH unless it is a path. Input leads nowhere. Asserts that it starts.
  explicit Process(const std::vector<std::string>& command);
  ~Process();  // ends it at once
  Process(const Process&) = delete;
  auto operator=(const Process&) -> Process& = delete;

  // Waits until the program printed this, on either stream; false: it did not before its end or the deadline.
  auto prints(const std::string& text, std::chrono::milliseconds at_most) -> bool;
  // On standard output, up to now.
  auto printed() const -> const std::string& { return out_.text; }
  // Waits for the end; one that does not come in time is brought about.
  auto end(std::chrono::milliseconds at_most) -> Ended;

 private:
  struct Stream {
    int descriptor = -1;
    std::string text;
  };
  auto read_some(std::chrono::steady_clock::time_point until) -> bool;

  pid_t child_ = -1;
  Stream out_, err_;
};

}  // namespace flow::test
