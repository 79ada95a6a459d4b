#include <catch2/catch_test_macros.hpp>
#include <sstream>

#include "compiler/diag/render.h"
#include "tests/support/compile.h"
#include "tests/support/places.h"

using namespace flow;

namespace {

auto load(const std::map<std::string, std::string>& files, std::vector<std::string> roots, int* reads = nullptr)
    -> check::Checked {
  check::LoadOptions options;
  options.read = [&files, reads](const std::string& path) -> Result<std::string> {
    if (reads) ++*reads;
    const auto found = files.find(path);
    if (found == files.end()) return failure("F0801", "no such file");
    return found->second;
  };
  return check::load(roots, options);
}

auto said(const check::Checked& checked) -> std::string { return diag::render(checked.report, checked.sources); }

auto path_to(const check::Checked& checked, const std::string& name, const std::string& from) -> ast::Path {
  for (const auto& module : checked.modules) {
    if (module->path == from) return {{{name, {module->tree.id, 0, 0}}}, {module->tree.id, 0, 0}};
  }
  return {};
}

}  // namespace

TEST_CASE("an import is looked for beside the file that imports it, and read once") {
  int reads = 0;
  const auto checked = load({{"shop/main.flow", "import \"parts/a.flow\"\nimport \"parts/b.flow\""},
                             {"shop/parts/a.flow", "import \"b.flow\"\ntype A { b: B }"},
                             {"shop/parts/b.flow", "type B { x: int }"}},
                            {"shop/main.flow"}, &reads);
  CHECK(said(checked) == "");
  CHECK(reads == 3);
  REQUIRE(checked.roots().size() == 1);
  CHECK(checked.closure(*checked.roots()[0]).size() == 3);
}

TEST_CASE("two files given together share what both import, and do not see each other") {
  const auto checked = load({{"a.flow", "import \"c.flow\"\nenum A { one }"},
                             {"b.flow", "import \"c.flow\"\ntype B { a: A, c: C }"},
                             {"c.flow", "enum C { one }"}},
                            {"a.flow", "b.flow"});
  CHECK(said(checked) == "b.flow:2:13: error: no type named `A` [F0301]\ntype B { a: A, c: C }\n            ^\n");
  CHECK(checked.roots().size() == 2);
  CHECK(checked.modules.size() == 3);
}

TEST_CASE("names are seen as from the file in which they are written") {
  const auto checked = load(
      {{"a.flow", "import \"b.flow\"\nagent desk { }"}, {"b.flow", "agent desk { }\nagent sales { }"}}, {"a.flow"});
  const auto* own = checked.scope.agent(path_to(checked, "desk", "a.flow"));
  const auto* theirs = checked.scope.agent(path_to(checked, "desk", "b.flow"));
  REQUIRE(own);
  REQUIRE(theirs);
  CHECK(own != theirs);
  CHECK(checked.scope.agent(path_to(checked, "sales", "a.flow")));
  CHECK_FALSE(checked.scope.agent(path_to(checked, "nobody", "a.flow")));
  CHECK_FALSE(checked.scope.tool(path_to(checked, "desk", "a.flow")));
}

TEST_CASE("a program stays good when it is moved") {
  auto first = load({{"a.flow", "agent desk { }"}}, {"a.flow"});
  const auto* before = first.scope.agent(path_to(first, "desk", "a.flow"));
  const auto moved = std::move(first);
  CHECK(moved.scope.agent(path_to(moved, "desk", "a.flow")) == before);
  CHECK(before == &moved.modules[0]->tree.agents[0]);
}

TEST_CASE("a file that cannot be read is said once, and names it may have declared are not missed") {
  const auto checked =
      load({{"a.flow", "import \"gone.flow\"\ntype A { b: B }\nagent desk { tools look }"}}, {"a.flow", "no.flow"});
  CHECK(said(checked) ==
        "a.flow:1:8: error: cannot read `gone.flow`: no such file [F0801]\nimport \"gone.flow\"\n       ^~~~~~~~~~~\n"
        "no.flow:1:1: error: cannot read `no.flow`: no such file [F0801]\n");
}

TEST_CASE("a standard library of another folder can be used") {
  check::LoadOptions options;
  options.stdlib_folder = "lib";
  options.read = [](const std::string& path) -> Result<std::string> {
    if (path == "main.flow") return std::string{"import std.own\npolicy p : quick { }"};
    if (path == "lib/std/own.flow") return std::string{"policy quick { timeout 5s }"};
    return failure("F0801", "no such file");
  };
  const auto checked = check::load({"main.flow"}, options);
  CHECK(said(checked) == "");
  CHECK(checked.modules[1]->standard);
  CHECK(checked.modules[1]->name == "own");
}

TEST_CASE("every program of the language reference compiles") {
  std::istringstream lines{test::read_file(test::source_dir() + "/grammar/README.md")};
  std::string program;
  bool inside = false;
  int programs = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```flow")
      inside = true, program.clear();
    else if (line == "```" && inside) {
      inside = false;
      ++programs;
      const auto compiled = test::compile("page.flow", std::map<std::string, std::string>{{"page.flow", program}});
      INFO(program);
      CHECK(said(compiled) == "");
    } else if (inside)
      program += line + "\n";
  }
  CHECK(programs >= 5);
}
