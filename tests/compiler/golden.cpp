// Golden programs: what the compiler says about a `.flow` file stands in `// CHECK:` lines at its end.
//
//   golden [--update] FOLDER…    compares, or writes the lines anew; see tests/compiler/README.md

#include <fmt/format.h>
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <regex>

#include "compiler/diag/render.h"
#include "tests/support/compile.h"

namespace fs = std::filesystem;

namespace {

constexpr std::string_view Check = "// CHECK:";

auto lines_of(const std::string& text) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// The program alone: the CHECK lines stand at its end, so taking them away moves no line.
auto without_checks(const std::string& text) -> std::string {
  std::string out;
  for (const auto& line : lines_of(text)) {
    if (!line.starts_with(Check)) out += line + "\n";
  }
  return out;
}

// What is said about `path`, a CHECK line for each; lines of the program are given relative to the CHECK line.
auto checks_for(const std::string& path, const std::string& program) -> std::string {
  const auto compiled = flow::test::compile(path, program);
  const auto said = flow::diag::render(compiled.report, compiled.sources);
  auto number = static_cast<long>(lines_of(program).size());
  std::string out;
  for (auto line : lines_of(said)) {
    ++number;
    std::smatch found;
    const auto folder = fs::path{path}.parent_path().string() + "/";
    if (line.starts_with(path + ":")) {
      line.erase(0, path.size());
      if (std::regex_search(line, found, std::regex{"^:([0-9]+):"})) {
        line = fmt::format(":[[@LINE{:+}]]:{}", std::stol(found[1]) - number, found.suffix().str());
      }
    } else if (line.starts_with(folder)) {
      line.erase(0, folder.size());
    }
    for (std::size_t at; (at = line.find(folder)) != std::string::npos;) line.erase(at, folder.size());
    out += fmt::format("{} {}\n", Check, line);
  }
  return out;
}

// A program that must fail says so in its name.
auto keeps_promise(const fs::path& path, const std::string& text) -> bool {
  const bool fails = path.filename().string().starts_with("fail_");
  const bool has_error = text.find(": error: ") != std::string::npos;
  if (fails == has_error) return true;
  std::fprintf(stderr, "%s: %s\n", path.c_str(), fails ? "must fail and does not" : "must not fail and does");
  return false;
}

auto take(const fs::path& path, bool update) -> bool {
  const auto text = flow::test::read_file(path.string());
  const auto program = without_checks(text);
  if (!program.starts_with("// ")) {
    std::fprintf(stderr, "%s: the first line must be a sentence that says what it shows\n", path.c_str());
    return false;
  }
  const auto expected = program + checks_for(path.string(), program);
  if (update && expected != text) std::ofstream{path, std::ios::binary} << expected;
  if (!keeps_promise(path, expected)) return false;
  if (update || expected == text) return true;
  std::fprintf(stderr, "%s: the compiler says something else; now\n%s", path.c_str(),
               expected.substr(program.size()).c_str());
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  bool update = false;
  std::vector<fs::path> programs;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--update") == 0) {
      update = true;
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator{argv[i]}) {
      const bool is_part = entry.path().filename().string().starts_with("part_");  // imported by others
      if (entry.path().extension() == ".flow" && !is_part) programs.push_back(entry.path());
    }
  }
  std::sort(programs.begin(), programs.end());
  int failed = 0;
  for (const auto& path : programs) failed += take(path, update) ? 0 : 1;
  std::printf("%zu programs, %d wrong\n", programs.size(), failed);
  return failed == 0 && !programs.empty() ? 0 : 1;
}
