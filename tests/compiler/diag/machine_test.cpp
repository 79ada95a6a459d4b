// What programs read: SARIF, GitHub's commands, and how much a warning weighs.

#include <catch2/catch_test_macros.hpp>

#include "compiler/diag/levels.h"
#include "compiler/diag/render.h"

using namespace flow;

namespace {

struct Said {
  Sources sources;
  diag::Report report;

  explicit Said(const std::string& path = "a b/ü.flow") {
    const auto& file = sources.add(path, "agent ä { }\nagent desk { handoff billng }\n");
    report.add({file.id(), 34, 40}, diag::UnknownName, diag::Kind{"agent"}, diag::Name{"billng"}).fix({file.id(), 34, 40}, "billing").note({file.id(), 6, 8}, "this one?");
    report.add({file.id(), 6, 8}, diag::UnreachableAgent, diag::Name{"ä"});
  }
};

auto has(const std::string& text, const std::string& words) -> bool {
  INFO(text);
  CHECK(text.find(words) != text.npos);
  return text.find(words) != text.npos;
}

}  // namespace

TEST_CASE("SARIF has a rule for each code, with its page, and places in characters") {
  const Said said;
  const auto log = diag::render_sarif(said.report, said.sources, "1.2.3");
  has(log, R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{"name":"flowc","version":"1.2.3","rules":[{"id":"F0501")");
  has(log, R"("help":{"text":"flowc explain F0301","markdown":"# F0301: )");
  has(log, R"("ruleId":"F0501","ruleIndex":0,"level":"warning","message":{"text":"no handoff leads to `ä`"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%20b/%C3%BC.flow"},"region":{"startLine":1,"startColumn":7,"endLine":1,"endColumn":8}}}])");
  has(log, R"("ruleId":"F0301","ruleIndex":1,"level":"error")");
  has(log, R"("replacements":[{"deletedRegion":{"startLine":2,"startColumn":22,"endLine":2,"endColumn":28},"insertedContent":{"text":"billing"}}])");
  has(log, R"("relatedLocations":[{"physicalLocation")");
  has(log, R"("columnKind":"unicodeCodePoints")");
}

TEST_CASE("a log of nothing is a log") {
  const auto log = diag::render_sarif({}, {}, "1");
  has(log, R"("rules":[])");
  has(log, R"("results":[])");
}

TEST_CASE("an absolute path becomes a file's URI") {
  const Said said{"/tmp/a.flow"};
  has(diag::render_sarif(said.report, said.sources, "1"), R"("uri":"file:///tmp/a.flow")");
}

TEST_CASE("GitHub gets a command a message, with what ends one written by its number") {
  const Said said{"a,b:c.flow"};
  CHECK(diag::render_github(said.report, said.sources) ==
        "::warning file=a%2Cb%3Ac.flow,line=1,endLine=1,col=7,endColumn=8,title=F0501 UnreachableAgent::no handoff leads to `ä`\n"
        "::error file=a%2Cb%3Ac.flow,line=2,endLine=2,col=22,endColumn=28,title=F0301 UnknownName::no agent named `billng`\n");
}

TEST_CASE("warnings weigh what the one who checks wants, and errors stay errors") {
  using diag::Level;
  const auto weighed = [](diag::Levels levels) {
    Said said;
    said.report.weigh(diag::weight(std::move(levels)));
    return std::pair{said.report.errors(), said.report.warnings()};
  };
  CHECK(weighed({}) == std::pair<std::size_t, std::size_t>{1, 1});
  CHECK(weighed({.deny_warnings = true}) == std::pair<std::size_t, std::size_t>{2, 0});
  CHECK(weighed({.deny_warnings = true, .choices = {{"F0501", Level::Warn}}}) == std::pair<std::size_t, std::size_t>{1, 1});
  CHECK(weighed({.choices = {{"F0501", Level::Deny}}}) == std::pair<std::size_t, std::size_t>{2, 0});
  CHECK(weighed({.choices = {{"F0501", Level::Deny}, {"F0501", Level::Allow}, {"F0301", Level::Allow}}}) == std::pair<std::size_t, std::size_t>{1, 0});
}
