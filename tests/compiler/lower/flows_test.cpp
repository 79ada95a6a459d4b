// Every flow that we stand behind compiles without a word, and the text of the support flow changes only on purpose.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "compiler/check/args.h"
#include "compiler/check/clauses.h"
#include "compiler/ir/text.h"
#include "compiler/lower/policies.h"
#include "tests/support/lower.h"
#include "tests/support/places.h"

namespace flow::lower {
namespace {

namespace fs = std::filesystem;
const fs::path Source = test::source_dir();

auto whole(const fs::path& path) -> std::string {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

auto files_below(const fs::path& folder) -> std::vector<fs::path> {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (entry.path().extension() == ".flow") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST_CASE("every flow and example compiles with no findings") {
  for (const auto* folder : {"flows", "examples", "stdlib"}) {
    const auto files = files_below(Source / folder);
    CHECK_FALSE(files.empty());
    for (const auto& file : files) {
      const auto checked = check_files({file.string()});
      INFO(file);
      for (const auto& d : checked.report.all()) FAIL_CHECK(d.code << " " << d.text);
    }
  }
}

TEST_CASE("every example declares a flow and fits a screen") {
  for (const auto& file : files_below(Source / "examples")) {
    INFO(file);
    CHECK(compile(file.string()).program);
    const auto text = whole(file);
    CHECK(std::count(text.begin(), text.end(), '\n') <= 60);
    CHECK(text.starts_with("// "));
  }
}

// FLOW_UPDATE=1 in the environment writes the goldens anew.
TEST_CASE("the text of these programs changes only on purpose") {
  auto files = files_below(Source / "tests/compiler/lower/golden");
  files.push_back(Source / "flows/support/support.flow");
  for (const auto& file : files) {
    const auto compiled = compile(file.string());
    INFO(file << "\n" << test::said(compiled));
    REQUIRE(compiled.program);
    const auto text = ir::to_text(*compiled.program, {.places = false});
    const auto golden = Source / "tests/compiler/lower/golden" / (file.stem().string() + ".ir");
    if (std::getenv("FLOW_UPDATE")) std::ofstream{golden, std::ios::binary} << text;
    CHECK(text == whole(golden));
    const auto again = ir::read_text(ir::to_text(*compiled.program));
    CHECK((again && *again == *compiled.program));
  }
}

TEST_CASE("the background of the library is the language's own, and every standard policy fills every cell") {
  const auto path = (Source / "stdlib/std/policies.flow").string();
  const auto with = test::lowered("flow shop { start desk }\nimport \"std.flow\"\nagent desk { instructions \"Help.\" }\n", {{"std.flow", whole(path)}});
  INFO(test::said(with));
  REQUIRE(with.program);
  CHECK(with.program->policies[Id<ir::Policy>{0}] == background());
  const auto checked = check::load({path});
  for (const auto& policy : checked.modules.front()->tree.policies) {
    INFO(policy.name.text);
    for (const auto cell : check::clauses::names(check::Where::Policy)) CHECK(check::clause(policy.block, cell));
  }
}

}  // namespace
}  // namespace flow::lower
