// How long `flowc run` takes from its start to dialling: from the process's birth to the moment a service's port is
// called. The reference is a process that only prints its version.

#include <arpa/inet.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "tests/bench/bench.h"
#include "tests/support/places.h"

namespace {

const std::filesystem::path Flowc = std::filesystem::path(flow::test::binary_dir()) / "cli/flowc";
const std::filesystem::path Flow = std::filesystem::path(flow::test::source_dir()) / "flows/support/support.flow";

auto wall_seconds() -> double { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

auto start(const std::vector<std::string>& args) -> pid_t {
  std::vector<char*> argv{const_cast<char*>(Flowc.c_str())};
  for (const auto& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0 /* read */, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1 /* write */, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1 /* write */, 0);
  pid_t child = 0;
  const auto failed = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? child : 0;
}

auto end_of(pid_t child) -> int {
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

// A port that somebody listens on; the kernel takes the call.
struct Port {
  int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  int number = 0;
  Port() {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (bind(socket, reinterpret_cast<sockaddr*>(&at), size) != 0 || listen(socket, 16) != 0) std::exit(1);
    getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size);
    number = ntohs(at.sin_port);
  }
  ~Port() { close(socket); }
};

}  // namespace

int main() {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("flow-bench-{}", getpid());
  std::filesystem::create_directories(folder);
  const Port port;
  std::vector<double> dials, versions;
  for (int i = 0; i < 21; ++i) {
    auto begin = wall_seconds();
    const auto version = start({"--version"});
    if (end_of(version) != 0) return 1;
    versions.push_back((wall_seconds() - begin) * 1e3);

    begin = wall_seconds();
    const auto run = start({"run", Flow.string(), "--play", "--url", fmt::format("ws://127.0.0.1:{}/v1/realtime", port.number), "--record",
                            (folder / "call.wav").string(), "--journal", (folder / "call.journal").string()});
    const auto caller = accept(port.socket, nullptr, nullptr);
    dials.push_back((wall_seconds() - begin) * 1e3);
    kill(run, SIGKILL);
    end_of(run);
    close(caller);
  }
  std::filesystem::remove_all(folder);
  const auto dial = flow::bench::percentile(dials, 0.5), version = flow::bench::percentile(versions, 0.5);
  flow::bench::row("flowc run, from its start to dialling (limit 100 ms)", fmt::format("{:.1f} ms", dial), fmt::format("{:.1f} ms (flowc --version)", version),
                   flow::bench::ratio(dial, version));
}
