#pragma once
// What every fuzzer has in common: its command line, and that a crash says with which seed it comes again.
//
//   NAME [--seconds N] [--seed S] [--keep FILE] [--corpus FOLDER]…     FILE gets each input before it is tried

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace flow::test {

class FuzzRun {
 public:
  FuzzRun(int argc, char** argv) : name_(std::strrchr(argv[0], '/') ? std::strrchr(argv[0], '/') + 1 : argv[0]) {
    double seconds = 10;
    for (int i = 1; i + 1 < argc; i += 2) {
      const std::string_view option = argv[i];
      if (option == "--seconds") seconds = std::atof(argv[i + 1]);
      if (option == "--seed") seed = std::strtoull(argv[i + 1], nullptr, 10);
      if (option == "--keep") keep_ = argv[i + 1];
      if (option == "--corpus") corpus.emplace_back(argv[i + 1]);
    }
    until_ = std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>{seconds});
    now_ = this;
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS}) std::signal(signal, crashed);
  }
  FuzzRun(const FuzzRun&) = delete;
  auto operator=(const FuzzRun&) -> FuzzRun& = delete;

  auto goes_on() const -> bool { return std::chrono::steady_clock::now() < until_; }
  void next() { ++seed, ++count; }
  void keep(std::string_view input) const {
    if (!keep_.empty()) std::ofstream{keep_, std::ios::binary} << input;
  }
  // For the end of `main`: what was found, and how it is found again.
  auto found(std::string_view what) const -> int {
    std::fprintf(stderr, "%s: --seed %llu\n%.*s\n", name_.c_str(), static_cast<unsigned long long>(seed), static_cast<int>(what.size()), what.data());
    return 1;
  }

  std::uint64_t seed = 1;
  std::uint64_t count = 0;
  std::vector<std::string> corpus;

 private:
  // The default action follows.
  static void crashed(int signal) {
    std::fprintf(stderr, "%s: crashed; --seed %llu\n", now_->name_.c_str(), static_cast<unsigned long long>(now_->seed));
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  static inline const FuzzRun* now_ = nullptr;

  std::string name_, keep_;
  std::chrono::steady_clock::time_point until_;
};

}  // namespace flow::test
