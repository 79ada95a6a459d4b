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
  double seconds = 10;
  std::uint64_t seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--seconds") == 0) seconds = std::atof(argv[i + 1]);
    if (std::strcmp(argv[i], "--seed") == 0) seed = std::strtoull(argv[i + 1], nullptr, 10);
  }
  const auto paths = corpus();
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>{seconds};
  std::uint64_t count = 0, programs = 0;
  for (; std::chrono::steady_clock::now() < end; ++count, ++seed) {
    std::mt19937_64 random{seed};
    const auto& path = paths[random() % paths.size()];
    const auto text = flow::test::scattered(flow::test::read_file(path), random());
    std::ofstream{"format_fuzz.last", std::ios::binary} << text;  // before it is tried, so that a crash leaves it behind
    const auto out = flow::test::format_and_look(path, text);
    programs += !out.text.empty();
    if (!out.broken) continue;
    std::fprintf(stderr, "--seed %llu, %s\n%s\nbecame\n%s\nand %s\n", static_cast<unsigned long long>(seed), path.c_str(), text.c_str(), out.text.c_str(), out.broken->c_str());
    return 1;
  }
  std::printf("format_fuzz: %llu files, %llu of them programs\n", static_cast<unsigned long long>(count), static_cast<unsigned long long>(programs));
  return 0;
}
