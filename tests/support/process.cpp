#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "compiler/base/check.h"

namespace flow::test {

Process::Process(const std::vector<std::string>& command) {
  std::array<int, 2> out{}, err{};
  FLOW_ASSERT(::pipe2(out.data(), O_CLOEXEC) == 0 && ::pipe2(err.data(), O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int failed = ::posix_spawnp(&child_, words.front(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  ::close(err[1]);
  out_.descriptor = out[0];
  err_.descriptor = err[0];
  FLOW_ASSERT(failed == 0, "cannot run " + command.front());
}

Process::~Process() {
  if (child_ > 0) end(std::chrono::milliseconds{0});
  for (auto* stream : {&out_, &err_}) {
    if (stream->descriptor >= 0) ::close(stream->descriptor);
  }
}

auto Process::prints(const std::string& text, std::chrono::milliseconds at_most) -> bool {
  const auto until = std::chrono::steady_clock::now() + at_most;
  const auto is_there = [&] { return out_.text.find(text) != std::string::npos || err_.text.find(text) != std::string::npos; };
  while (!is_there() && read_some(until)) {
  }
  return is_there();
}

auto Process::end(std::chrono::milliseconds at_most) -> Ended {
  const auto until = std::chrono::steady_clock::now() + at_most;
  while (read_some(until)) {
  }
  const bool ended = out_.descriptor < 0 && err_.descriptor < 0;
  if (!ended) ::kill(child_, SIGKILL);
  int status = 0;
  rusage used{};
  ::wait4(child_, &status, 0, &used);
  child_ = -1;
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6; };
  return {ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1, out_.text, err_.text, seconds(used.ru_utime) + seconds(used.ru_stime)};
}

// False: both streams have ended, or the time is over.
auto Process::read_some(std::chrono::steady_clock::time_point until) -> bool {
  std::array<pollfd, 2> streams{pollfd{out_.descriptor, POLLIN, 0}, pollfd{err_.descriptor, POLLIN, 0}};
  if (out_.descriptor < 0 && err_.descriptor < 0) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
  if (left <= 0 || ::poll(streams.data(), streams.size(), static_cast<int>(left)) <= 0) return false;
  for (std::size_t n = 0; n < streams.size(); ++n) {
    if (streams[n].revents == 0) continue;
    auto& stream = n == 0 ? out_ : err_;
    std::array<char, 4096> bytes{};
    const auto count = ::read(stream.descriptor, bytes.data(), bytes.size());
    if (count > 0) {
      stream.text.append(bytes.data(), static_cast<std::size_t>(count));
    } else {
      ::close(stream.descriptor);
      stream.descriptor = -1;
    }
  }
  return true;
}

}  // namespace flow::test
