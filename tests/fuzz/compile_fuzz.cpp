// Feeds the compiler with spoiled programs: it must say what is wrong or give a program that verifies and comes back
// from its text. It asserts so of itself; a crash is the finding.
//
//   compile_fuzz [--seconds N] [--seed S] [--keep FILE]     FILE gets each program before it is compiled

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "compiler/ir/text.h"
#include "compiler/lower/compile.h"
#include "tests/fuzz/run.h"
#include "tests/support/places.h"

namespace {

namespace fs = std::filesystem;

auto whole(const fs::path& path) -> std::string {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

auto seeds() -> std::vector<fs::path> {
  std::vector<fs::path> out;
  for (const auto* folder : {"flows", "examples", "stdlib", "tests/compiler/lower/golden"}) {
    for (const auto& entry : fs::recursive_directory_iterator{fs::path{flow::test::source_dir()} / folder}) {
      if (entry.path().extension() == ".flow") out.push_back(entry.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Pieces of programs, cut where words begin: most mutants still look like programs.
auto words(const std::string& text) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = at + 1;
    const auto in_word = [&](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
    while (in_word(text[at]) && end < text.size() && in_word(text[end])) ++end;
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}
  auto below(std::size_t limit) -> std::size_t { return limit == 0 ? 0 : random_() % limit; }

  auto spoil(std::vector<std::string> program, const std::vector<std::string>& other) -> std::string {
    for (auto times = 1 + below(4); times > 0 && !program.empty(); --times) once(program, other);
    std::string out;
    for (const auto& word : program) out += word;
    return out;
  }

 private:
  void once(std::vector<std::string>& p, const std::vector<std::string>& other) {
    static constexpr const char* Pieces[] = {"{", "}", "\"", "none", "back", "if ", " else say \"x\"", "0", "99999999999", "?", "[", "]", "\n", ".", "not ", " == ", "call.from", "0s", "-1"};
    const auto at = static_cast<std::ptrdiff_t>(below(p.size()));
    switch (below(6)) {
      case 0: p[static_cast<std::size_t>(at)] = p[below(p.size())]; break;
      case 1: p.erase(p.begin() + at, p.begin() + std::min<std::ptrdiff_t>(at + 1 + static_cast<std::ptrdiff_t>(below(8)), std::ssize(p))); break;
      case 2: p.insert(p.begin() + at, Pieces[below(std::size(Pieces))]); break;
      case 3: p[static_cast<std::size_t>(at)] = Pieces[below(std::size(Pieces))]; break;
      case 4: p[static_cast<std::size_t>(at)] = other[below(other.size())]; break;
      default: {
        const auto from = static_cast<std::ptrdiff_t>(below(other.size()));
        const auto length = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(below(40)), std::ssize(other) - from);
        p.insert(p.begin() + at, other.begin() + from, other.begin() + from + length);
      }
    }
  }

  std::mt19937_64 random_;
};

auto holds(const fs::path& path, const std::string& text) -> bool {
  flow::check::LoadOptions options;
  options.read = [&](const std::string& wanted) -> flow::Result<std::string> {
    if (wanted == path.string()) return text;
    if (!fs::is_regular_file(wanted)) return flow::failure("F0801", "no such file");
    return whole(wanted);
  };
  const auto compiled = flow::lower::compile(path.string(), options);
  if (compiled.program.has_value() == compiled.checked.report.has_errors()) return false;
  if (!compiled.program) return true;
  const auto again = flow::ir::read_text(flow::ir::to_text(*compiled.program));
  return again && *again == *compiled.program;
}

}  // namespace

int main(int argc, char** argv) {
  flow::test::FuzzRun run(argc, argv);
  const auto paths = seeds();
  std::vector<std::vector<std::string>> programs;
  for (const auto& path : paths) programs.push_back(words(whole(path)));
  for (; run.goes_on(); run.next()) {
    Mutator mutator{run.seed};
    const auto which = mutator.below(paths.size());
    const auto spoiled = mutator.spoil(programs[which], programs[mutator.below(programs.size())]);
    run.keep(spoiled);
    if (!holds(paths[which], spoiled)) return run.found(paths[which].string() + "\n" + spoiled);
  }
  std::printf("compile_fuzz: %llu spoiled programs\n", static_cast<unsigned long long>(run.count));
  return 0;
}
