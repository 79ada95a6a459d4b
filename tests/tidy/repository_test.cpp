// The rules, applied to this repository.

#include <catch2/catch_test_macros.hpp>

#include "tests/support/places.h"
#include "tests/tidy/rules/habits.h"
#include "tests/tidy/rules/includes.h"

using namespace flow::tidy;

namespace {

const std::filesystem::path Root{flow::test::source_dir()};

auto tree() -> const std::vector<Source>& {
  static const auto sources = read_tree(Root);
  return sources;
}

auto entries(const char* name) -> Entries { return read_entries(read_text(Root / "tests/tidy" / name)); }

void expect_none(const Findings& findings) {
  for (const auto& finding : findings) {
    FAIL_CHECK(finding.path << (finding.line ? ":" + std::to_string(finding.line) : "") << ": " << finding.what);
  }
}

template <class Rule>
void every_file(const Rule& rule) {
  REQUIRE(tree().size() > 20);
  for (const auto& source : tree()) expect_none(rule(source));
}

}  // namespace

TEST_CASE("includes follow the layers") {
  const auto layers = entries("layers.txt");
  REQUIRE_FALSE(layers.empty());
  every_file([&](const Source& source) { return includes_follow_layers(source, layers); });
  expect_none(folders_have_layers(tree(), layers));
}

TEST_CASE("what CMake links follows the layers") {
  const auto links = read_entries(read_text(std::filesystem::path(flow::test::binary_dir()) / "links.txt"));
  REQUIRE_FALSE(links.empty());
  expect_none(links_follow_layers(links, entries("layers.txt")));
}

TEST_CASE("foreign headers are included only at home") {
  const auto homes = entries("homes.txt");
  REQUIRE_FALSE(homes.empty());
  every_file([&](const Source& source) { return foreign_headers_at_home(source, homes); });
}

TEST_CASE("nothing in the repository sleeps") { every_file(nothing_sleeps); }
TEST_CASE("there are no locks in the core or near the audio") { every_file(no_locks_near_audio); }
TEST_CASE("the pure folders are pure") { every_file(pure_folders_are_pure); }
TEST_CASE("what is left to do is an issue") { every_file(todos_have_issues); }
TEST_CASE("no file names a path of one machine") { every_file(no_private_paths); }
TEST_CASE("headers are read once") { every_file(headers_have_pragma_once); }

TEST_CASE("files stay small") {
  const auto exempt = entries("sizes.txt");
  every_file([&](const Source& source) { return files_stay_small(source, exempt); });
  expect_none(exemptions_are_needed(tree(), exempt));
}

TEST_CASE("every folder of code is explained by a page") { expect_none(folders_have_readmes(tree())); }
