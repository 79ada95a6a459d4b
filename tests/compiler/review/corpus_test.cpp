// Programs as people write them, and what is wrong with them after one slip.
//
// clean/*.flow are whole programs about which nothing is said. A slip is made in them in one of two ways: as
// defects/*.txt say, a line or a few at a time; and by a rule in every place where it fits. After each slip exactly the
// expected code is said, on the expected line, and nothing else.
//
//   base bank.flow                    of the slips below
//   == F0520 what it shows            a slip
//   ~ agent desk {                    from this line on
//   - tools end_call                  this line goes (without the blanks around it); it stands there once
//   + tools pay                       and this one stands in its place
//   @ agent desk {                    the line of which the code is said; without it, the last that was put in

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "compiler/diag/render.h"
#include "tests/support/compile.h"
#include "tests/support/places.h"

using namespace flow;

namespace {

const std::filesystem::path Here = std::filesystem::path{test::source_dir()} / "tests/compiler/review";

auto lines_of(const std::string& text) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

auto joined(const std::vector<std::string>& lines) -> std::string {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

auto trimmed(const std::string& line) -> std::string {
  const auto begin = line.find_first_not_of(" \t");
  return begin == line.npos ? "" : line.substr(begin, line.find_last_not_of(" \t") - begin + 1);
}

auto files_in(const std::filesystem::path& folder, const std::string& extension) -> std::vector<std::filesystem::path> {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() == extension) out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

struct Finding {
  std::string code;
  std::size_t line;  // from 1
  auto operator<=>(const Finding&) const = default;
};

auto findings(const std::filesystem::path& path, const std::string& program) -> std::set<Finding> {
  const auto compiled = test::compile(path.string(), program);
  std::set<Finding> out;
  for (const auto& d : compiled.report.all()) out.insert({std::string{d.code}, compiled.sources[d.at.file].position(d.at.begin).line});
  return out;
}

auto said(const std::filesystem::path& path, const std::string& program) -> std::string {
  const auto compiled = test::compile(path.string(), program);
  return diag::render(compiled.report, compiled.sources);
}

void expect_only(const std::filesystem::path& path, const std::string& program, const Finding& expected) {
  INFO("expected " << expected.code << " on line " << expected.line << "\n" << said(path, program));
  CHECK(findings(path, program) == std::set<Finding>{expected});
}

// ── Slips that are written down ──

struct Slip {
  std::string title;
  std::string code;
  std::string base;
  std::vector<std::string> steps;
};

auto slips_of(const std::filesystem::path& path) -> std::vector<Slip> {
  std::vector<Slip> out;
  std::string base;
  for (const auto& line : lines_of(test::read_file(path.string()))) {
    if (line.starts_with("base ")) base = line.substr(5);
    else if (line.starts_with("== ")) out.push_back({line.substr(3), line.substr(3, 5), base, {}});
    else if (!line.empty() && !line.starts_with("#") && !out.empty()) out.back().steps.push_back(line);
  }
  return out;
}

auto find_line(const std::vector<std::string>& lines, const std::string& wanted, std::size_t from) -> std::size_t {
  std::size_t at = lines.size();
  for (std::size_t i = from; i < lines.size() && at == lines.size(); ++i) {
    if (trimmed(lines[i]) == wanted) at = i;
  }
  INFO("no line `" << wanted << "`");
  REQUIRE(at < lines.size());
  return at;
}

void expect(const Slip& slip) {
  INFO(slip.base << ": " << slip.title);
  const auto path = Here / "clean" / slip.base;
  auto lines = lines_of(test::read_file(path.string()));
  std::size_t from = 0, place = 0, said_on = 0;
  for (const auto& step : slip.steps) {
    const auto text = trimmed(step.substr(1));
    if (step[0] == '~') from = place = find_line(lines, text, from) + 1;
    if (step[0] == '-') {
      place = find_line(lines, text, from);
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(place));
    }
    if (step[0] == '+') {
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(place), text);
      said_on = ++place;
    }
    if (step[0] == '@') said_on = find_line(lines, text, 0) + 1;
  }
  expect_only(path, joined(lines), {slip.code, said_on});
}

// ── Slips by a rule ──

struct Rule {
  const char* code;
  const char* what;
  std::regex fits;          // a line
  const char* replacement;  // what it becomes; `\n` puts in a line
  std::size_t line = 0;     // of the new lines, the one of which the code is said
  bool (*here)(const std::vector<std::string>& lines, std::size_t at) = nullptr;  // whether it is a slip in this place
};

// Whether the tool around a line writes once, and nothing undoes it.
auto cannot_be_undone(const std::vector<std::string>& lines, std::size_t at) -> bool {
  auto begin = at;
  while (begin > 0 && !lines[begin].starts_with("tool ")) --begin;
  std::string tool;
  for (auto i = begin; i < lines.size() && (i == begin || !lines[i].empty()); ++i) tool += lines[i] + "\n";
  return tool.find("writes once") != tool.npos && tool.find("compensate") == tool.npos;
}

auto rules() -> const std::vector<Rule>& {
  const std::regex spoken{R"re((say|greet first|greet return|announce|end_call|ack) "([^"{]*)")re"};
  static const std::vector<Rule> all{
      {"F1301", "a web address is spoken", spoken, "$1 \"$2 See https://shop.example/help.\""},
      {"F1301", "an e-mail address is spoken", spoken, "$1 \"$2 Write to help@shop.example.\""},
      {"F1301", "marks of layout are spoken", spoken, "$1 \"$2 This is **important**.\""},
      {"F1301", "a long number is spoken", spoken, "$1 \"$2 Call 0301234567.\""},
      {"F1301", "a picture is spoken", spoken, "$1 \"$2 \xF0\x9F\x98\x80\""},
      {"F1201", "a key is spoken", spoken, "$1 \"$2 AKIAIOSFODNN7EXAMPLE\""},
      {"F0528", "a handler twice", std::regex{R"re(^(on \w+( \d+s)?( count \d)? +\{.*\})$)re"}, "$1\n$1", 1},
      {"F0527", "a handoff on a key twice", std::regex{R"re(^( *handoff \w+ on dtmf "[^"]*")$)re"}, "$1\n$1", 1},
      {"F0421", "a guard that contradicts itself", std::regex{R"re(^(.*available +if )(\w+)$)re"}, "$1$2 and not $2"},
      {"F0422", "a guard that says nothing", std::regex{R"re(^(.*available +if )(\w+)$)re"}, "$1$2 or not $2"},
      {"F0624", "a write is stopped by a hang-up", std::regex{R"re(policy( +)blocking \{ on_hangup finish \})re"}, "policy$1blocking", 0, cannot_be_undone},
      {"F0301", "a tool is misspelt", std::regex{R"re(^( +tools +)(\w+)(, \w+)+$)re"}, "$1$2_x"},
  };
  return all;
}

}  // namespace

TEST_CASE("nothing is said about programs as they should be") {
  const auto programs = files_in(Here / "clean", ".flow");
  CHECK(programs.size() >= 38);
  for (const auto& path : programs) {
    INFO(path.filename().string() << "\n" << said(path, test::read_file(path.string())));
    CHECK(findings(path, test::read_file(path.string())).empty());
  }
}

TEST_CASE("nothing is said about the flows that ship, and together they are many") {
  auto count = files_in(Here / "clean", ".flow").size();
  for (const auto* folder : {"flows", "examples"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator{std::filesystem::path{test::source_dir()} / folder}) {
      const auto path = entry.path().string();
      if (entry.path().extension() != ".flow") continue;
      INFO(path << "\n" << said(path, test::read_file(path)));
      CHECK(findings(path, test::read_file(path)).empty());
      ++count;
    }
  }
  CHECK(count >= 50);
}

TEST_CASE("a slip is found where it was made, and nothing else is said") {
  std::size_t count = 0;
  for (const auto& file : files_in(Here / "defects", ".txt")) {
    for (const auto& slip : slips_of(file)) {
      expect(slip);
      ++count;
    }
  }
  CHECK(count >= 60);
}

TEST_CASE("a slip made by a rule is found wherever it fits") {
  std::size_t count = 0;
  std::set<const Rule*> used;
  for (const auto& path : files_in(Here / "clean", ".flow")) {
    const auto lines = lines_of(test::read_file(path.string()));
    for (const auto& rule : rules()) {
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!std::regex_search(lines[i], rule.fits) || (rule.here && !rule.here(lines, i))) continue;
        auto changed = lines;
        changed[i] = std::regex_replace(lines[i], rule.fits, rule.replacement, std::regex_constants::format_first_only);
        INFO(path.filename().string() << ":" << i + 1 << ": " << rule.what);
        expect_only(path, joined(changed), {rule.code, i + 1 + rule.line});
        used.insert(&rule);
        ++count;
      }
    }
  }
  CHECK(count >= 140);
  CHECK(used.size() == rules().size());
}
