// Every command that a page shows is one that exists, with options that exist.

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <sstream>

#include "cli/command_line.h"
#include "tests/docs/pages.h"
#include "tests/support/places.h"
#include "tests/tidy/rules/source.h"

using namespace flow;

namespace {

// The words of a line, without what a shell takes away: variables in front, quotes, and a comment.
auto words_of(const std::string& line) -> std::vector<std::string> {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word && word != "#";) {
    if (words.empty() && word.find('=') != word.npos) continue;
    std::erase(word, '"');
    words.push_back(word);
  }
  return words;
}

auto make_targets() -> std::string { return tidy::read_text(std::filesystem::path(test::source_dir()) / "Makefile"); }

void check_command(const std::vector<std::string>& words) {
  const auto& program = words.front();
  if (program == "flowc" || program.ends_with("/flowc")) {
    const auto line = cli::read_command_line({words.begin() + 1, words.end()});
    CHECK((line ? std::string{} : line.error()).empty());
  } else if (program == "make") {
    REQUIRE(words.size() > 1);
    CHECK(make_targets().find("\n" + words[1] + ":") != std::string::npos);
  } else if (program.find('/') != program.npos) {
    CHECK(std::filesystem::exists(std::filesystem::path(test::source_dir()) / program));
  }
}

}  // namespace

TEST_CASE("every command in a page's shell blocks exists") {
  int commands = 0;
  for (const auto& block : docs::blocks()) {
    if (block.language != "sh") continue;
    int number = block.line;
    for (const auto line : tidy::lines_of(block.text)) {
      const auto words = words_of(std::string(line));
      INFO(block.page << ":" << number++ << ": " << line);
      if (words.empty()) continue;
      check_command(words);
      ++commands;
    }
  }
  CHECK(commands > 5);
}

TEST_CASE("every link of a page to another file leads somewhere") {
  const std::filesystem::path root(test::source_dir());
  for (const auto& source : tidy::read_tree(root)) {
    if (!source.path.ends_with(".md")) continue;
    for (std::size_t at = source.text.find("]("); at != std::string::npos; at = source.text.find("](", at + 1)) {
      auto target = source.text.substr(at + 2, source.text.find(')', at) - at - 2);
      target = target.substr(0, target.find('#'));
      if (target.empty() || target.find("://") != std::string::npos || target.find_first_of(" \n`\"") != std::string::npos) continue;
      INFO(source.path << " links to " << target);
      CHECK(std::filesystem::exists(root / std::filesystem::path(source.path).parent_path() / target));
    }
  }
}
