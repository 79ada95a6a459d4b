#include "compiler/fix/fix.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "compiler/diag/render.h"
#include "compiler/lower/compile.h"
#include "tests/support/compile.h"
#include "tests/support/places.h"

using namespace flow;
namespace fs = std::filesystem;

namespace {

using Files = std::map<std::string, std::string>;

auto options_for(const Files& files) -> check::LoadOptions {
  check::LoadOptions options;
  options.read = [files](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    return found == files.end() ? check::read_from_disk(path) : Result<std::string>{found->second};
  };
  return options;
}

auto fixed(const Files& files) -> fix::Fixed { return fix::fix({"a.flow"}, options_for(files)); }

auto said(const check::Checked& checked) -> std::string { return diag::render(checked.report, checked.sources); }

}  // namespace

TEST_CASE("every fix of a file is made, and what has none is left") {
  const auto out = fixed({{"a.flow", "flow shop { start dsek }\nagent desk { voic \"marin\"; greet first \"Hi {nobody}\" }\n"}});
  REQUIRE(out.files.size() == 1);
  CHECK(out.files[0].after == "flow shop { start desk }\nagent desk { voice \"marin\"; greet first \"Hi {nobody}\" }\n");
  CHECK(out.fixes == 2);
  INFO(said(out.rest));
  REQUIRE(out.rest.report.all().size() == 1);
  CHECK(out.rest.report.has("F0304"));
}

TEST_CASE("a fix is made in the file that it is about, and the library is left alone") {
  const auto out = fixed({{"a.flow", "flow shop { start desk }\nimport \"b.flow\"\nimport std.patterns\nagent desk { voice \"marin\" }\n"}, {"b.flow", "enum Tier { basic }\ntype A { t: Teir }\n"}});
  REQUIRE(out.files.size() == 1);
  CHECK(out.files[0].path == "b.flow");
  CHECK(out.files[0].after == "enum Tier { basic }\ntype A { t: Tier }\n");
  CHECK_FALSE(out.rest.report.has_errors());
}

TEST_CASE("a file without anything to fix does not change") { CHECK(fixed({{"a.flow", "flow shop { start desk }\nagent desk { voice \"marin\" }\n"}}).files.empty()); }

TEST_CASE("a change is shown with the lines around it") {
  const fix::FixedFile file{"a.flow", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10"};
  CHECK(fix::diff(file, 1) == "--- a.flow\n+++ a.flow\n@@ -4,3 +4,3 @@\n 4\n-5\n+five\n 6\n@@ -9 +9,2 @@\n 9\n+10\n\\ No newline at end of file\n");
  CHECK(fix::diff({"a", "x\n", "x\n"}) == "");
  CHECK(fix::diff({"a", "", "x\n"}) == "--- a\n+++ a\n@@ -0,0 +1 @@\n+x\n");
}

TEST_CASE("every fix that a golden program is offered takes its message away, and none is left in the end") {
  int fixes = 0;
  for (const auto& entry : fs::recursive_directory_iterator{fs::path{test::source_dir()} / "tests/compiler"}) {
    if (entry.path().extension() != ".flow") continue;
    const auto path = entry.path().string();
    const auto before = lower::check_files({path});
    for (const auto& d : before.report.all()) {
      if (d.fix.empty()) continue;
      ++fixes;
      const auto& source = before.sources[d.at.file];
      const auto after = lower::check_files({path}, options_for({{source.path(), diag::apply(source, d.fix)}}));
      INFO(diag::render(d, before.sources) << "\nthen\n" << said(after));
      const auto times = [&](const check::Checked& checked) { return std::ranges::count_if(checked.report.all(), [&](const auto& each) { return each.code == d.code && each.text == d.text; }); };
      CHECK(times(after) < times(before));
    }
    const auto out = fix::fix({path});
    INFO(path << "\n" << said(out.rest));
    for (const auto& d : out.rest.report.all()) CHECK(d.fix.empty());
  }
  CHECK(fixes > 15);
}
