#include "compiler/view/policy.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "compiler/check/clauses.h"
#include "compiler/view/words.h"
#include "tests/support/lower.h"

using namespace flow;

namespace {

const test::Files Lua{{"find.lua", "function find(query) return query end"}};

struct Compiled {
  lower::Compiled compiled;
  std::vector<view::ToolPolicy> tools;

  explicit Compiled(const std::string& program) : compiled(test::flow_with(program, Lua)) {
    INFO(test::said(compiled));
    REQUIRE(compiled.program);
    tools = view::tool_policies(compiled.checked, *compiled.program);
  }
  auto cell(std::string_view name) const -> view::PolicyCell {
    for (const auto& tool : tools) {
      if (tool.tool != "find") continue;
      for (const auto& each : tool.cells) {
        if (each.name == name) return each;
      }
    }
    FAIL("no cell " << name);
    return {};
  }
  auto says(std::string_view name) const -> std::string { return cell(name).value + " from " + view::origin_text(cell(name)); }
};

auto tool(const std::string& policy) -> std::string { return "tool find(query: string) -> string reads { lua \"find.lua\"; " + policy + " }"; }

}  // namespace

TEST_CASE("every cell of the language has its row, under an event") {
  const Compiled flow{tool("")};
  REQUIRE_FALSE(flow.tools.empty());
  std::set<std::string_view> cells, table;
  for (const auto& cell : flow.tools[0].cells) {
    CHECK_FALSE(cell.event.empty());
    cells.insert(cell.name);
  }
  for (const auto name : check::clauses::names(check::Where::Policy)) table.insert(name);
  CHECK(cells == table);
}

TEST_CASE("a cell says whether the tool, a policy of the flow, the library or the language filled it") {
  const Compiled flow{"import std.policies\npolicy mine : blocking { timeout 5s; priority high }\n" + tool("policy mine { priority low }")};
  CHECK(flow.says("priority") == "low from own");
  CHECK(flow.says("timeout") == "5s from mine");
  CHECK(flow.says("on_handoff") == "await from std blocking");
  CHECK(flow.tools[0].policy == "mine");
  CHECK(Compiled{tool("")}.says("deliver") == "when_idle 700ms from default");
}

TEST_CASE("values are written as an author would write them") {
  const Compiled flow{"policy p { ack protected \"Wait.\" after 1500ms; escalate after 8s to interrupt; announce \"Here it is.\"; read on_request over 60 words; coalesce 1s max 2; "
                      "supersedes by query; if_interrupted retry 1, then drop; duplicates replace within 2m by query; concurrency 1 else say \"Busy.\"; "
                      "retry 2 every 1s..8s on any; fails { say \"No.\"; end_call }; expires 1h else end_call \"Bye.\"; cancel by model }\n" +
                      tool("policy p")};
  CHECK(flow.cell("ack").value == "protected \"Wait.\" after 1.5s");
  CHECK(flow.cell("escalate").value == "after 8s to interrupt");
  CHECK(flow.cell("announce").value == "\"Here it is.\"");
  CHECK(flow.cell("read").value == "on_request over 60 words");
  CHECK(flow.cell("supersedes").value == "by query");
  CHECK(flow.cell("if_interrupted").value == "retry 1, then drop");
  CHECK(flow.cell("duplicates").value == "replace within 2m by query");
  CHECK(flow.cell("concurrency").value == "1 else say \"Busy.\"");
  CHECK(flow.cell("retry").value == "2 every 1s..8s on any");
  CHECK(flow.cell("fails").value == "say \"No.\"; end_call");
  CHECK(flow.cell("expires").value == "1h else end_call \"Bye.\"");
  CHECK(flow.cell("cancel").value == "by model");
}

TEST_CASE("the matrix escapes what its form would take for its own") {
  const Compiled flow{tool("policy background { announce \"a | b <i> & c\" }")};
  const view::PolicyPage page{flow.compiled.checked, flow.tools};
  CHECK(view::policies_as_markdown(page).find("a \\| b \\<i> & c") != std::string::npos);
  CHECK(view::policies_as_html(page, "<t>").find("a | b &lt;i&gt; &amp; c") != std::string::npos);
  CHECK(view::policies_as_html(page, "<t>").find("<title>&lt;t&gt;</title>") != std::string::npos);
  CHECK(view::policies_as_json(page).starts_with(R"({"version":1,"tools":[{"tool":"find")"));
}
