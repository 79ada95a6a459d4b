// Broken programs: errors, never a crash, and never an endless wait.

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <sstream>

#include "compiler/diag/render.h"
#include "compiler/parse/parse.h"
#include "tests/support/places.h"

using namespace flow;

namespace {

auto read(const std::string& path) -> std::string {
  std::ostringstream out;
  out << std::ifstream{test::source_dir() + "/" + path}.rdbuf();
  return out.str();
}

auto errors_of(const std::string& text) -> std::size_t {
  Sources sources;
  diag::Report report;
  parse::parse(sources.add("test.flow", text), report);
  return report.errors();
}

auto said_about(const std::string& text) -> std::string {
  Sources sources;
  diag::Report report;
  parse::parse(sources.add("t", text), report);
  return diag::render(report, sources);
}

}  // namespace

TEST_CASE("the complete program of the language reference has no syntax errors") {
  CHECK(said_about(read("tests/compiler/parse/complete_program.flow")) == "");
}

namespace {

struct Piece {
  std::size_t begin, end;
};

// Roughly the tokens of a program: words and numbers, `"""`, and single signs.
auto pieces(const std::string& text) -> std::vector<Piece> {
  std::vector<Piece> out;
  const auto is_word = [&](std::size_t i) {
    return std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_';
  };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (is_word(at))
      while (end < text.size() && is_word(end)) ++end;
    else if (text.compare(at, 3, "\"\"\"") == 0)
      end = at + 3;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;  // of one character
    if (text[at] != ' ') out.push_back({at, end});
    at = end;
  }
  return out;
}

}  // namespace

TEST_CASE("every prefix of the complete program is read without a crash") {
  const auto program = read("tests/compiler/parse/complete_program.flow");
  for (const auto& piece : pieces(program)) errors_of(program.substr(0, piece.end));
}

TEST_CASE(
    "every program with one token less is read without a crash, and a missing bracket or quote is always an error") {
  const auto program = read("tests/compiler/parse/complete_program.flow");
  for (const auto& piece : pieces(program)) {
    const auto gone = program.substr(piece.begin, piece.end - piece.begin);
    const auto errors = errors_of(program.substr(0, piece.begin) + program.substr(piece.end));
    // A `{` with a word after it inserts into a text; without it the text is another one, and as good.
    const bool inserts = gone == "{" && std::isalpha(static_cast<unsigned char>(program[piece.end]));
    const bool empty_text = program.compare(piece.begin, 2, "\"\"") == 0;
    const bool structural = gone == "\"\"\"" || std::string_view{"{}()[]\""}.find(gone) != std::string_view::npos;
    INFO("without " << gone << " at " << piece.begin);
    if (structural && !inserts && !empty_text) CHECK(errors > 0);
  }
}
