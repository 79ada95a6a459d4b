// Feeds the reader of the text form with spoiled programs: it must give errors or a program that verifies and comes
// back from its own text unchanged, and never crash.
//
//   ir_fuzz [--seconds N] [--seed S]     default 10 seconds from seed 1; prints the seed of a failure

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

#include "compiler/ir/eval.h"
#include "compiler/ir/hash.h"
#include "compiler/ir/text.h"
#include "compiler/ir/verify.h"
#include "tests/fuzz/run.h"
#include "tests/support/random_program.h"

namespace {

using flow::ir::Program;

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  auto spoil(std::string text) -> std::string {
    for (auto times = 1 + below(6); times > 0; --times) text = once(std::move(text));
    return text;
  }

 private:
  auto below(std::size_t limit) -> std::size_t { return limit == 0 ? 0 : random_() % limit; }
  auto line_start(const std::string& text) -> std::size_t {
    const auto at = text.rfind('\n', below(text.size() + 1));
    return at == text.npos ? 0 : at + 1;
  }
  auto line(const std::string& text) -> std::string {
    const auto start = line_start(text);
    return text.substr(start, text.find('\n', start) - start) + "\n";
  }

  auto once(std::string text) -> std::string {
    static constexpr const char* Pieces[] = {"#0", "#4294967295", "99999999999999999999", "-1", "|", "\"", "\\", "  ", "\n", "{", "[", "none", "1e999", "if #0", "else"};
    const auto at = below(text.size() + 1);
    switch (below(8)) {
      case 0: text.insert(at, 1, static_cast<char>(random_())); break;
      case 1: text.erase(at, 1 + below(12)); break;
      case 2: text.insert(line_start(text), line(text)); break;
      case 3: text.erase(line_start(text), line(text).size()); break;
      case 4: text.insert(at, Pieces[below(std::size(Pieces))]); break;
      case 5: text.resize(at); break;
      case 6:
        if (at < text.size()) text[at] = static_cast<char>('0' + below(10));
        break;
      default:
        if (const auto digit = text.find_first_of("0123456789", at); digit != text.npos) text[digit] = static_cast<char>('0' + below(10));
    }
    return text;
  }

  std::mt19937_64 random_;
};

auto complain(const char* what) -> bool {
  std::fprintf(stderr, "ir_fuzz: %s\n", what);
  return false;
}

// Whether the reader and everything that stands on its promise did as they say.
auto holds(const std::string& text) -> bool {
  const auto program = flow::ir::read_text(text);
  if (!program) return !program.error().empty() || complain("refused without a reason");
  if (!flow::ir::verify(*program).empty()) return complain("gave a program that does not verify");
  const auto again = flow::ir::read_text(flow::ir::to_text(*program));
  if (!again || *again != *program) return complain("a program changed on its way through text");
  for (const auto& agent : program->agents) flow::ir::render(*program, agent.instructions, {});
  flow::ir::initial_state(*program);
  return flow::ir::content_hash(*program) == flow::ir::content_hash(*again) || complain("one program has two hashes");
}

}  // namespace

int main(int argc, char** argv) {
  flow::test::FuzzRun run(argc, argv);
  std::uint64_t runs = 0, accepted = 0;
  for (; run.goes_on(); run.next()) {
    const auto good = flow::ir::to_text(flow::test::RandomProgram{run.seed}.make());
    for (std::uint64_t n = 0; n < 50; ++n, ++runs) {
      const auto spoiled = Mutator{run.seed * 1000 + n}.spoil(good);
      run.keep(spoiled);
      accepted += flow::ir::read_text(spoiled).has_value() ? 1 : 0;
      if (!holds(spoiled)) return run.found(spoiled);
    }
  }
  std::printf("ir_fuzz: %llu spoiled programs, %llu of them still programs\n", static_cast<unsigned long long>(runs), static_cast<unsigned long long>(accepted));
  return 0;
}
