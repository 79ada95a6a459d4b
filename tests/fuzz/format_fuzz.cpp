// Throws the blanks of programs about and formats them: what the compiler makes of them, their comments and what comes of
// formatting twice must stay.
//
//   format_fuzz [--seconds N] [--seed S]     default 10 seconds from seed 1; every input follows from its seed

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "tests/fuzz/run.h"
#include "tests/support/compile.h"
#include "tests/support/layout.h"
#include "tests/support/places.h"

namespace {

auto corpus() -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const auto* folder : {"flows", "examples", "stdlib", "tests/compiler"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator{std::filesystem::path{flow::test::source_dir()} / folder}) {
      if (entry.path().extension() == ".flow") out.push_back(entry.path().string());
    }
  }
  std::sort(out.begin(), out.end());  // a seed must mean the same on every machine
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  flow::test::FuzzRun run(argc, argv);
  const auto paths = corpus();
  std::uint64_t programs = 0;
  for (; run.goes_on(); run.next()) {
    std::mt19937_64 random{run.seed};
    const auto& path = paths[random() % paths.size()];
    const auto text = flow::test::scattered(flow::test::read_file(path), random());
    run.keep(text);
    const auto out = flow::test::format_and_look(path, text);
    programs += !out.text.empty();
    if (out.broken) return run.found(path + "\n" + text + "\nbecame\n" + out.text + "\nand " + *out.broken);
  }
  std::printf("format_fuzz: %llu files, %llu of them programs\n", static_cast<unsigned long long>(run.count), static_cast<unsigned long long>(programs));
  return 0;
}
