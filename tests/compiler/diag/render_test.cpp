#include <catch2/catch_test_macros.hpp>

#include "compiler/diag/nearest.h"
#include "compiler/diag/render.h"

using namespace flow;

namespace {

auto span_of(const SourceFile& file, std::string_view word) -> Span {
  const auto at = static_cast<std::uint32_t>(file.text().find(word));
  return {file.id(), at, at + static_cast<std::uint32_t>(word.size())};
}

}  // namespace

TEST_CASE("a diagnostic shows its line, a caret under the place, the fix and the notes") {
  Sources sources;
  diag::Report report;
  const auto& file = sources.add("a.flow", "agent billing { }\nagent desk { handoff billng }\n");
  report.add(span_of(file, "billng"), diag::UnknownName, diag::Kind{"agent"}, diag::Name{"billng"})
      .fix(span_of(file, "billng"), "billing")
      .note(span_of(file, "billing"), "this one?");

  CHECK(diag::render(report, sources) ==
        "a.flow:2:22: error: no agent named `billng` [F0301]\n"
        "agent desk { handoff billng }\n"
        "                     ^~~~~~ fix: `billing`\n"
        "a.flow:1:7: note: this one?\n");
  CHECK(diag::render_line(report.all()[0], sources) == "a.flow:2:22: error: no agent named `billng` [F0301]");
  CHECK(diag::apply(file, report.all()[0].fix) == "agent billing { }\nagent desk { handoff billing }\n");
}

TEST_CASE("columns count characters, so that the caret stands under what is meant") {
  Sources sources;
  diag::Report report;
  const auto& file = sources.add("a.flow", "say \"grüße ☎\" wat");
  report.add(span_of(file, "wat"), diag::UnknownAction, diag::Name{"wat"});
  CHECK(diag::render(report, sources) ==
        "a.flow:1:15: error: `wat` is not an action [F0706]\n"
        "say \"grüße ☎\" wat\n"
        "              ^~~\n");
}

TEST_CASE("colours appear only when they were asked for") {
  Sources sources;
  diag::Report report;
  const auto& file = sources.add("a.flow", "x");
  report.add(span_of(file, "x"), diag::UnknownAction, diag::Name{"x"});
  CHECK(diag::render(report, sources).find('\x1b') == std::string::npos);
  CHECK(diag::render(report, sources, {.colour = true}).find('\x1b') != std::string::npos);
}

TEST_CASE("a very long line is cut around the place") {
  Sources sources;
  diag::Report report;
  const auto& file = sources.add("a.flow", std::string(5'000, 'a') + " here " + std::string(5'000, 'b'));
  report.add(span_of(file, "here"), diag::UnknownAction, diag::Name{"here"});
  const auto text = diag::render(report, sources);
  CHECK(text.size() < 500);
  CHECK(text.find(" here ") != std::string::npos);
}

TEST_CASE("JSON gives code, places, arguments and edits as data") {
  Sources sources;
  diag::Report report;
  const auto& file = sources.add("a.flow", "agent desk { voise \"x\" }");
  report.add(span_of(file, "voise"), diag::UnknownClause, diag::Text{"an agent"}, diag::Name{"voise"})
      .fix(span_of(file, "voise"), "voice");
  const std::string at =
      R"({"file":"a.flow","begin":{"line":1,"column":14,"byte":13},"end":{"line":1,"column":19,"byte":18}})";
  CHECK(
      diag::render_json(report, sources) ==
      R"({"version":1,"errors":1,"warnings":0,"diagnostics":[{"code":"F0701","severity":"error","name":"UnknownClause",)"
      R"("text":"an agent has no clause `voise`","args":[{"kind":"text","text":"an agent"},{"kind":"name","text":"voise"}],"at":)" +
          at + R"(,"notes":[],"fix":[{"at":)" + at + R"(,"text":"voice"}]}]})");
}

TEST_CASE("the same message about the same place is kept once") {
  diag::Report report;
  for (int i = 0; i < 3; ++i) report.add({}, diag::UnknownAction, diag::Name{"x"});
  report.add({}, diag::UnknownAction, diag::Name{"y"});
  CHECK(report.all().size() == 2);
  CHECK(report.errors() == 2);
}

TEST_CASE("a report keeps a thousand errors, and still the warnings") {
  diag::Report report;
  for (std::uint32_t i = 0; i < 5'000; ++i)
    report.add({FileId{0}, i, i}, diag::UnknownAction, diag::Name{"x"}).note({}, "here");
  report.add({}, diag::ImportedTwice, diag::Text{"a.flow"});
  CHECK(report.errors() == diag::Report::KeptMax);
  CHECK(report.warnings() == 1);
}

TEST_CASE("nothing is said about places that were silenced") {
  diag::Report report;
  report.silence({FileId{0}, 10, 20});
  report.add({FileId{0}, 10, 12}, diag::UnknownAction, diag::Name{"x"}).note({}, "here").fix({}, "y");
  report.add({FileId{0}, 20, 22}, diag::UnknownAction, diag::Name{"x"});
  report.add({FileId{1}, 10, 12}, diag::UnknownAction, diag::Name{"x"});
  CHECK(report.errors() == 2);
}

TEST_CASE("the nearest word is the one a typist meant, and none if all are far") {
  CHECK(diag::nearest("interupt", {"when_idle", "at_pause", "interrupt"}) == "interrupt");
  CHECK(diag::nearest("vioce", {"voice", "tools"}) == "voice");
  CHECK(diag::nearest("Lookup", {"lookup"}) == "lookup");
  CHECK(diag::nearest("x", {"y", "zebra"}) == std::nullopt);
  CHECK(diag::nearest("weather", {"voice", "tools"}) == std::nullopt);
  CHECK(diag::nearest(std::string(1'000'000, 'a'), {"voice"}) == std::nullopt);
}
