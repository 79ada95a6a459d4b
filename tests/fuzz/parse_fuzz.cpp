// Feeds the front of the compiler with spoiled programs: it must report and return, whatever it is given.
//
//   parse_fuzz [--seconds N] [--seed S] [--corpus FOLDER]…   default 10 seconds from seed 1; every input follows from
//   its seed
//
// Built with -DFLOW_LIBFUZZER it is an entry for libFuzzer instead.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/check/load.h"
#include "compiler/diag/render.h"
#include "compiler/lower/compile.h"
#include "tests/fuzz/run.h"
#include "tests/support/places.h"

namespace {

// Reads one program and everything that is said about it. The laws are here; a crash is found by itself.
void take(const std::string& text) {
  flow::check::LoadOptions options;
  options.read = [&](const std::string& path) -> flow::Result<std::string> {
    if (path == "main.flow") return text;
    return flow::failure("F0801", "no such file");
  };
  const auto checked = flow::lower::check_files({"main.flow"}, options);
  for (const auto& d : checked.report.all()) {
    const bool inside = d.at.begin <= d.at.end && d.at.end <= text.size();
    if (inside && !d.text.empty()) continue;
    std::fprintf(stderr, "broke the law: a message has a text and a place inside the file (%.*s)\n",
                 static_cast<int>(d.code.size()), d.code.data());
    std::abort();
  }
  flow::diag::render(checked.report, checked.sources);
  flow::diag::render_json(checked.report, checked.sources);
}

}  // namespace

#ifdef FLOW_LIBFUZZER

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  take(std::string{reinterpret_cast<const char*>(data), size});
  return 0;
}

#else

namespace {

using Corpus = std::vector<std::string>;

// What programs are made of, so that mutations reach beyond the lexer.
constexpr const char* Pieces[] = {"{",
                                  "}",
                                  "(",
                                  ")",
                                  "[",
                                  "]",
                                  "\"",
                                  "\"\"\"",
                                  "{if ",
                                  "{else}",
                                  "{/if}",
                                  "\n",
                                  ";",
                                  ",",
                                  ":",
                                  "..",
                                  ".",
                                  "=",
                                  "==",
                                  "->",
                                  "?",
                                  "*",
                                  "/",
                                  "//",
                                  "///",
                                  "\\",
                                  "if ",
                                  "else ",
                                  "not ",
                                  "in ",
                                  "and ",
                                  "none",
                                  "agent ",
                                  "tool ",
                                  "handoff ",
                                  "on ",
                                  "form f {",
                                  "sets ",
                                  "carry ",
                                  "set ",
                                  "fails ",
                                  "policy p {",
                                  "state {",
                                  "30s",
                                  "80%",
                                  "5xx",
                                  "1.5",
                                  "-7",
                                  "\xC3\xBC",
                                  "\xFF",
                                  "'",
                                  "#",
                                  "import \"main.flow\"\n",
                                  "flow f {",
                                  "writes once "};

class Mutator {
 public:
  Mutator(const Corpus& corpus, std::uint64_t seed) : corpus_(corpus), random_(seed) {}

  auto make() -> std::string {
    auto text = pick();
    for (auto times = 1 + below(8); times > 0; --times) text = once(std::move(text));
    return text;
  }

 private:
  auto below(std::size_t limit) -> std::size_t { return limit == 0 ? 0 : static_cast<std::size_t>(random_() % limit); }
  auto pick() -> const std::string& { return corpus_[below(corpus_.size())]; }
  auto slice(const std::string& text, std::size_t longest) -> std::string {
    return text.substr(below(text.size() + 1), 1 + below(longest));
  }

  auto once(std::string text) -> std::string {
    const auto at = below(text.size() + 1);
    switch (below(8)) {
      case 0: return text.erase(at, 1 + below(20));
      case 1: return text.insert(at, Pieces[below(std::size(Pieces))]);
      case 2: return text.insert(at, slice(text, 60));     // something of its own, elsewhere
      case 3: return text.insert(at, slice(pick(), 200));  // something of another program
      case 4: return text.substr(0, at);
      case 5: return text.substr(at);
      case 6: {  // the same, many times
        std::string many;
        const std::string piece = Pieces[below(std::size(Pieces))];
        for (auto n = below(300); n > 0; --n) many += piece;
        return text.insert(at, many);
      }
      default:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        return text;
    }
  }

  const Corpus& corpus_;
  std::mt19937_64 random_;
};

auto read_corpus(const std::vector<std::string>& folders) -> Corpus {
  std::vector<std::filesystem::path> paths;
  for (const auto& folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
      if (entry.path().extension() == ".flow") paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());  // a seed must mean the same on every machine
  Corpus out;
  for (const auto& path : paths) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    out.push_back(text.str());
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  flow::test::FuzzRun run(argc, argv);
  auto folders = run.corpus;
  if (folders.empty()) folders = {flow::test::source_dir() + "/tests/compiler/parse", flow::test::source_dir() + "/tests/compiler/check"};
  const auto corpus = read_corpus(folders);
  double slowest = 0;
  std::uint64_t slowest_seed = 0;
  for (; run.goes_on(); run.next()) {
    const auto text = Mutator{corpus, run.seed}.make();
    run.keep(text);
    const auto begin = std::chrono::steady_clock::now();
    take(text);
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (took > slowest) slowest = took, slowest_seed = run.seed;
  }
  std::printf("parse_fuzz: %llu spoiled programs; the slowest took %.0f ms (--seed %llu)\n", static_cast<unsigned long long>(run.count), slowest * 1e3, static_cast<unsigned long long>(slowest_seed));
  return 0;
}

#endif
