// How long `flowc check` takes as a user sees it: a whole new process, from its start to its end. The reference is a
// process that only prints its version, so that what the machine and the dynamic linker cost is seen beside it.

#include <spawn.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>

#include "compiler/parse/parse.h"
#include "tests/bench/bench.h"
#include "tests/support/big_flow.h"
#include "tests/support/places.h"
#include "tests/tidy/rules/source.h"

using namespace flow;

namespace {

const std::filesystem::path Flowc = std::filesystem::path(test::binary_dir()) / "cli/flowc";

auto wall_seconds() -> double {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Runs flowc to its end with its output thrown away. It must succeed: a fast failure is no figure.
void run_flowc(const std::vector<std::string>& args) {
  std::vector<char*> argv{const_cast<char*>(Flowc.c_str())};
  for (const auto& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1 /* write */, 0);
  pid_t child = 0;
  int status = -1;
  if (posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ) == 0) waitpid(child, &status, 0);
  posix_spawn_file_actions_destroy(&actions);
  if (status != 0) {
    fmt::print(stderr, "flowc {} ended with status {}\n", fmt::join(args, " "), status);
    std::exit(1);
  }
}

// Milliseconds: the middle one of so many, after one that fills the machine's caches.
auto process_ms(const std::vector<std::string>& args, int times_over = 30) -> double {
  std::vector<double> times;
  run_flowc(args);
  for (int i = 0; i < times_over; ++i) {
    const auto begin = wall_seconds();
    run_flowc(args);
    times.push_back((wall_seconds() - begin) * 1e3);
  }
  return bench::percentile(times, 0.5);
}

// The CPU time of a first parse in a new process; ANTLR fills its tables in it. The child says it in its exit status,
// in tenths of milliseconds over a pipe.
auto first_parse_ms(const std::filesystem::path& file) -> double {
  int ends[2];
  if (pipe(ends) != 0) return 0;
  const auto child = fork();
  if (child == 0) {
    Sources sources;
    const auto& source = sources.add(file.string(), tidy::read_text(file));
    diag::Report report;
    const auto begin = bench::cpu_seconds();
    bench::keep(parse::parse(source, report));
    const auto ms = (bench::cpu_seconds() - begin) * 1e3;
    _exit(write(ends[1], &ms, sizeof ms) == sizeof ms && !report.has_errors() ? 0 : 1);
  }
  double ms = 0;
  int status = 0;
  const bool said = read(ends[0], &ms, sizeof ms) == sizeof ms;
  waitpid(child, &status, 0);
  close(ends[0]);
  close(ends[1]);
  return said && status == 0 ? ms : 0;
}

void measure(const std::string& what, const std::filesystem::path& file, double limit_ms, double version_ms) {
  const auto whole = process_ms({"check", "--quiet", file.string()}, 3);
  bench::row(fmt::format("flowc check of {}, whole process (limit 2 s)", what), fmt::format("{:.0f} ms", whole), fmt::format("{:.1f} ms (flowc --version)", version_ms), bench::ratio(whole, version_ms));
  const auto check = process_ms({"check", "--quiet", "--no-explore", file.string()});
  bench::row(fmt::format("flowc check --no-explore of {}, whole process (limit {:.0f} ms)", what, limit_ms), fmt::format("{:.1f} ms", check),
             fmt::format("{:.1f} ms (flowc --version)", version_ms), bench::ratio(check, version_ms));
  std::vector<double> parses;
  for (int i = 0; i < 9; ++i) parses.push_back(first_parse_ms(file));
  const auto parse = bench::percentile(parses, 0.5);
  bench::row(fmt::format("of which ANTLR reads {}", what), fmt::format("{:.1f} ms", parse), fmt::format("{:.1f} ms (the whole process)", check), bench::ratio(parse, check));
}

// Whether the time grows as the text does: a quarter of a megabyte beside a whole one.
void measure_size(const std::filesystem::path& folder) {
  constexpr double Megabyte = 1 << 20;
  const auto a_line = static_cast<double>(test::big_flow(2000).flow.size()) / test::big_flow(2000).lines;
  const auto check = [&](double bytes) {
    const auto big = test::big_flow(static_cast<int>(bytes / a_line));
    std::ofstream(folder / "big.flow") << big.flow;
    std::ofstream(folder / "tools/big.lua") << big.lua;
    return std::pair{static_cast<double>(big.flow.size()) / Megabyte, process_ms({"check", "--quiet", "--no-explore", (folder / "big.flow").string()}, 3)};
  };
  const auto [small, small_ms] = check(Megabyte / 4);
  const auto [whole, whole_ms] = check(Megabyte);
  bench::row(fmt::format("flowc check --no-explore of {:.2f} MB (limit 1500 ms)", whole), fmt::format("{:.0f} ms", whole_ms), fmt::format("{:.0f} ms ({:.2f} MB)", small_ms, small),
             bench::ratio(whole_ms / whole, small_ms / small));
}

}  // namespace

int main() {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("flow-bench-{}", getpid());
  std::filesystem::create_directories(folder / "tools");
  const auto big = test::big_flow(2000);
  std::ofstream(folder / "big.flow") << big.flow;
  std::ofstream(folder / "tools/big.lua") << big.lua;

  const auto version = process_ms({"--version"});
  measure("the support flow", std::filesystem::path(test::source_dir()) / "flows/support/support.flow", 30, version);
  measure(fmt::format("a flow of {} lines", big.lines), folder / "big.flow", 150, version);
  measure_size(folder);
  std::filesystem::remove_all(folder);
}
