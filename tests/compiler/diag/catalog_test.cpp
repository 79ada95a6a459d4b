// Every message has a page; its Wrong program gives exactly that code, its Right program nothing.

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>
#include <sstream>

#include "compiler/diag/render.h"
#include "tests/support/compile.h"

using namespace flow;

namespace {

using Files = std::map<std::string, std::string>;

auto words(int count) -> std::string {
  std::string out;
  for (int i = 0; i < count; ++i) out += "word ";
  return out;
}

// Programs that cannot be shown on a page, made here; the reason stands beside each.
auto made_programs() -> std::map<std::string, std::string> {
  std::string operators = "agent desk { on call_start if true";
  for (int i = 0; i < 401; ++i) operators += " and true";
  return {
      {"F0101", "agent desk { instructions \"Gr\xFC\xDF Gott.\" }"},  // not text
      {"F0106",
       "type Deep { d: " + std::string(201, '[') + "string" + std::string(201, ']') + " }"},  // too long to read
      {"F0109", operators + " { say \"Hello.\" } }"},                                         // too long to read
      {"F0502", "enum Tier { basic, gold }"},                 // right, if it is not to be run
      {"F0804", std::string(SourceFile::BytesMax + 1, ' ')},  // too big
      {"F1101", "flow f { start desk; max_duration 9m }\nrealtime voice { provider openai }\nagent desk { instructions \"" + words(20'000) +
                    "\" }"},  // too long to read
  };
}

// The programs below a heading: the first is `page.flow`, others are named on their fence.
auto programs(std::string_view page, std::string_view heading) -> Files {
  Files out;
  std::istringstream lines{std::string{page}};
  std::string name;
  bool here = false;
  for (std::string line; std::getline(lines, line);) {
    if (name.empty() && line.starts_with("## ")) here = line == "## " + std::string{heading};
    if (!here) continue;
    if (line == "```")
      name.clear();
    else if (line.starts_with("```lua "))
      name = line.substr(7);
    else if (line.starts_with("```flow"))
      name = line.size() > 8 ? line.substr(8) : "page.flow";
    else if (!name.empty())
      out[name] += line + "\n";
  }
  return out;
}

// `run`: the file is to be run, not only checked.
auto codes_of(const Files& files, bool run = false) -> std::set<std::string> {
  std::set<std::string> out;
  const auto compiled = run ? test::compile_to_run("page.flow", files) : test::compile("page.flow", files);
  for (const auto& d : compiled.report.all()) out.emplace(d.code);
  return out;
}

auto said_about(const Files& files) -> std::string {
  const auto compiled = test::compile("page.flow", files);
  return diag::render(compiled.report, compiled.sources);
}

}  // namespace

TEST_CASE("every code has a page that begins with it") {
  for (const auto& entry : diag::all_entries()) {
    INFO(entry.code);
    CHECK(diag::explain(entry.code).starts_with("# " + std::string{entry.code} + ": "));
  }
  CHECK(diag::explain("F9999").empty());
}

TEST_CASE("the wrong program of a page gives exactly its code, and the right one nothing") {
  const auto made = made_programs();
  for (const auto& entry : diag::all_entries()) {
    const std::string code{entry.code};
    auto wrong = programs(diag::explain(code), "Wrong");
    const auto exempt = made.find(code);
    INFO(code << "\n" << (wrong.contains("page.flow") ? wrong.at("page.flow") : ""));
    if (exempt != made.end()) {
      CHECK(wrong.empty());  // else the exemption is not needed
      wrong = {{"page.flow", exempt->second}};
    }
    CHECK(codes_of(wrong, code == "F0502") == std::set{code});
    const auto right = programs(diag::explain(code), "Right");
    CHECK(right.contains("page.flow"));
    INFO(said_about(right));
    CHECK(codes_of(right) == std::set<std::string>{});
  }
}

TEST_CASE("no two messages share a code or a name") {
  std::set<std::string_view> codes, names;
  for (const auto& entry : diag::all_entries()) {
    CHECK(codes.insert(entry.code).second);
    CHECK(names.insert(entry.name).second);
  }
}

TEST_CASE("a fix takes the error away and brings no other") {
  for (const auto& entry : diag::all_entries()) {
    const auto files = programs(diag::explain(entry.code), "Wrong");
    if (files.empty()) continue;
    const auto before = test::compile("page.flow", files);
    for (const auto& d : before.report.all()) {
      if (d.fix.empty()) continue;
      auto fixed = files;
      const auto& file = before.sources[d.at.file];
      fixed[file.path()] = diag::apply(file, d.fix);
      INFO(entry.code << " fixed\n" << fixed[file.path()] << "\n" << said_about(fixed));
      const auto after = test::compile("page.flow", fixed);
      CHECK(after.report.all().size() < before.report.all().size());
    }
  }
}
