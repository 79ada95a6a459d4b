// A log is what SARIF 2.1.0 says that a log is: each object has the members that the standard demands, and no others than
// it knows; each value is of its kind. The table is written from the standard (OASIS, "Static Analysis Results
// Interchange Format Version 2.1.0", section 3), as far as our logs go.

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "compiler/diag/render.h"
#include "compiler/ir/value.h"
#include "runtime/json/json.h"
#include "tests/support/compile.h"

using namespace flow;

namespace {

struct Member {
  const char* kind;  // text, count, uri, an object's name, or a list as `[kind]`; `a|b` is one of these words
  bool demanded = false;
};
using Object = std::map<std::string, Member>;

const std::map<std::string, Object> Standard{
    {"sarifLog", {{"$schema", {"uri"}}, {"version", {"2.1.0", true}}, {"runs", {"[run]", true}}}},                                            // 3.13
    {"run", {{"tool", {"tool", true}}, {"results", {"[result]"}}, {"columnKind", {"utf16CodeUnits|unicodeCodePoints"}}, {"artifacts", {"[artifact]"}}}},  // 3.14
    {"tool", {{"driver", {"toolComponent", true}}}},                                                                                          // 3.18
    {"toolComponent",
     {{"name", {"text", true}}, {"version", {"text"}}, {"semanticVersion", {"text"}}, {"informationUri", {"uri"}}, {"rules", {"[reportingDescriptor]"}}}},  // 3.19
    {"reportingDescriptor",
     {{"id", {"text", true}},
      {"name", {"text"}},
      {"shortDescription", {"multiformatMessageString"}},
      {"fullDescription", {"multiformatMessageString"}},
      {"help", {"multiformatMessageString"}},
      {"helpUri", {"uri"}},
      {"defaultConfiguration", {"reportingConfiguration"}}}},                                                                                 // 3.49
    {"reportingConfiguration", {{"level", {"none|note|warning|error"}}, {"enabled", {"bool"}}}},                                              // 3.50
    {"multiformatMessageString", {{"text", {"text", true}}, {"markdown", {"text"}}}},                                                         // 3.12
    {"message", {{"text", {"text"}}, {"markdown", {"text"}}, {"id", {"text"}}}},                                                              // 3.11
    {"result",
     {{"ruleId", {"text"}},
      {"ruleIndex", {"count"}},
      {"level", {"none|note|warning|error"}},
      {"message", {"message", true}},
      {"locations", {"[location]"}},
      {"relatedLocations", {"[location]"}},
      {"fixes", {"[fix]"}},
      {"partialFingerprints", {"texts"}}}},                                                                                                   // 3.27
    {"location", {{"id", {"count"}}, {"physicalLocation", {"physicalLocation"}}, {"message", {"message"}}}},                                  // 3.28
    {"physicalLocation", {{"artifactLocation", {"artifactLocation"}}, {"region", {"region"}}}},                                               // 3.29
    {"artifactLocation", {{"uri", {"uri"}}, {"uriBaseId", {"text"}}, {"index", {"count"}}}},                                                  // 3.4
    {"artifact", {{"location", {"artifactLocation"}}}},                                                                                       // 3.24
    {"region", {{"startLine", {"positive"}}, {"startColumn", {"positive"}}, {"endLine", {"positive"}}, {"endColumn", {"positive"}}}},         // 3.30
    {"fix", {{"description", {"message"}}, {"artifactChanges", {"[artifactChange]", true}}}},                                                 // 3.55
    {"artifactChange", {{"artifactLocation", {"artifactLocation", true}}, {"replacements", {"[replacement]", true}}}},                        // 3.56
    {"replacement", {{"deletedRegion", {"region", true}}, {"insertedContent", {"artifactContent"}}}},                                         // 3.57
    {"artifactContent", {{"text", {"text"}}}},                                                                                                // 3.3
};

auto is_uri(const std::string& text) -> bool {
  return !text.empty() && text.find_first_of(" \"<>\\^`{|}") == text.npos && std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

void conforms(const Value& value, const std::string& kind, const std::string& where, std::set<std::string>& seen) {
  INFO(where << " as " << kind << ": " << to_json(value).substr(0, 200));
  if (kind.starts_with('[')) {
    REQUIRE(value.list());
    for (const auto& each : *value.list()) conforms(each, kind.substr(1, kind.size() - 2), where + "[]", seen);
  } else if (const auto object = Standard.find(kind); object != Standard.end()) {
    REQUIRE(value.record());
    seen.insert(kind);
    for (const auto& [name, member] : object->second) {
      INFO("member " << name);
      if (member.demanded) CHECK(value.field(name) != nullptr);
    }
    for (const auto& [name, each] : *value.record()) {
      const auto member = object->second.find(name);
      INFO("the standard knows no member " << name);
      REQUIRE(member != object->second.end());
      conforms(each, member->second.kind, where + "." + name, seen);
    }
  } else if (kind == "text") {
    CHECK(value.text() != nullptr);
  } else if (kind == "uri") {
    REQUIRE(value.text());
    CHECK(is_uri(*value.text()));
  } else if (kind == "bool") {
    CHECK(std::holds_alternative<bool>(value.data));
  } else if (kind == "count" || kind == "positive") {
    const auto* number = std::get_if<std::int64_t>(&value.data);
    REQUIRE(number);
    CHECK(*number >= (kind == "positive" ? 1 : 0));
  } else {
    REQUIRE(value.text());
    CHECK(("|" + kind + "|").find("|" + *value.text() + "|") != std::string::npos);
  }
}

// Every result's `ruleIndex` points at the rule of its `ruleId` (3.27.6), and regions do not end before they begin.
void agrees(const Value& log) {
  for (const auto& run : *log.field("runs")->list()) {
    const auto& rules = *run.field("tool")->field("driver")->field("rules")->list();
    for (const auto& result : *run.field("results")->list()) {
      const auto index = std::get<std::int64_t>(result.field("ruleIndex")->data);
      REQUIRE(index < static_cast<std::int64_t>(rules.size()));
      CHECK(*rules[static_cast<std::size_t>(index)].field("id") == *result.field("ruleId"));
      const auto& region = *(*result.field("locations")->list())[0].field("physicalLocation")->field("region");
      const auto at = [&](const char* name) { return std::get<std::int64_t>(region.field(name)->data); };
      CHECK(std::pair{at("startLine"), at("startColumn")} <= std::pair{at("endLine"), at("endColumn")});
    }
  }
}

auto log_of(const std::string& path, const std::string& program) -> Value {
  const auto compiled = test::compile(path, program);
  auto log = json::parse(diag::render_sarif(compiled.report, compiled.sources, "1.2.3"));
  REQUIRE(log);
  return *std::move(log);
}

}  // namespace

TEST_CASE("a log is a log of the standard, whatever is said in it") {
  std::set<std::string> seen;
  for (const auto* program : {
           "",
           "flow shop { start desk }\nagent desk { instructions \"Help.\" }\nagent lost { instructions \"Wait.\" }\n",
           "flow shop { start dsk }\nagent desk { instructions \"Help.\"; tools find }\n",
           "flow shop { start desk; max_duration 3m }\nstate { ok: bool = false }\n/// Do it.\ntool act() writes { builtin stay_silent }\nagent desk { instructions \"Hilf.\"; tools act }\n"
           "on dtmf \"1\" { run act() }\nrule r { never act unless ok }\n",
           "/// \xC3\xA4\nagent \xC3\xA4 { say \"",
       }) {
    INFO(program);
    const auto log = log_of("a b/\xC3\xBC.flow", program);
    conforms(log, "sarifLog", "log", seen);
    agrees(log);
  }
  // The table is not idle: every object that a log of ours can have was met.
  for (const auto* object : {"run", "result", "location", "region", "fix", "replacement", "reportingDescriptor", "multiformatMessageString"}) CHECK(seen.contains(object));
}

TEST_CASE("the walk finds what the standard does not allow") {
  const auto is_member = [](const char* object, const char* name) { return Standard.at(object).contains(name); };
  CHECK_FALSE(is_member("region", "line"));
  CHECK_FALSE(is_uri("a b.flow"));
  CHECK(is_uri("a%20b/%C3%BC.flow"));
}
