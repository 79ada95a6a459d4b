// Every flow that a page shows compiles, and the tests in it pass, with the files that the page shows beside it. A block whose file is one of the
// repository's is an excerpt: it must stand there, word for word; a line `// …` stands for what was left out.

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <map>

#include "compiler/diag/render.h"
#include "compiler/lower/compile.h"
#include "runtime/rehearse/rehearsal.h"
#include "tests/docs/pages.h"
#include "tests/support/places.h"
#include "tests/tidy/rules/source.h"

using namespace flow;

namespace {

const std::filesystem::path Root{test::source_dir()};

auto is_a_page(const docs::Block& block) -> bool { return block.page == "README.md" || tidy::lies_in(block.page, "docs"); }

void expect_excerpt(const docs::Block& block) {
  const auto file = tidy::read_text(Root / block.file);
  std::string part;
  const auto expect_part = [&] {
    INFO("not in " << block.file << ":\n" << part);
    CHECK(file.find(part) != file.npos);
    part.clear();
  };
  for (const auto line : tidy::lines_of(block.text)) {
    if (line.ends_with("// …")) expect_part();
    else part.append(line).append("\n");
  }
  expect_part();
}

// `files`: those that the page has shown so far, by name.
void expect_to_compile(const docs::Block& block, const std::map<std::string, std::string>& files) {
  check::LoadOptions options;
  options.read = [&](const std::string& path) -> Result<std::string> {
    const auto name = path.starts_with("./") ? path.substr(2) : path;
    const auto at = files.find(name);
    if (at == files.end()) return failure("R0502", "the page shows no file " + name);
    return at->second;
  };
  const auto checked = lower::check_files({block.file}, options);
  INFO(diag::render(checked.report, checked.sources));
  CHECK_FALSE(checked.report.has_errors());
  if (block.text.find("test \"") == block.text.npos) return;
  const auto compiled = lower::compile(block.file, options);
  REQUIRE(compiled.program);
  for (const auto& test : compiled.tests.tests) {
    INFO(test.title);
    const auto played = rehearse::rehearse(compiled.tests.program, test);
    for (const auto& failure : played.failures) UNSCOPED_INFO(failure.text);
    CHECK(played.passed());
  }
}

}  // namespace

TEST_CASE("every flow that a page shows compiles or stands in the repository") {
  std::string page;
  std::map<std::string, std::string> files;
  int flows = 0;
  for (const auto& block : docs::blocks()) {
    if (!is_a_page(block)) continue;
    if (block.page != page) files.clear();
    page = block.page;
    INFO(block.page << ":" << block.line);
    if (block.language == "flow") REQUIRE_FALSE(block.file.empty());
    if (block.file.empty()) continue;
    files[block.file] = block.text;
    if (std::filesystem::exists(Root / block.file)) expect_excerpt(block);
    else if (block.language == "flow") expect_to_compile(block, files);
    flows += block.language == "flow";
  }
  CHECK(flows >= 3);
}
