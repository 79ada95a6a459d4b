#include "compiler/view/graph.h"

#include <catch2/catch_test_macros.hpp>
#include <regex>
#include <set>

#include "compiler/view/layout.h"
#include "tests/support/lower.h"

using namespace flow;

namespace {

auto program_of(const std::string& source) -> ir::Program {
  auto compiled = test::lowered(source);
  INFO(test::said(compiled));
  REQUIRE(compiled.program);
  return *std::move(compiled.program);
}

// `from > to label`, one a line.
auto edges_of(const ir::Program& program) -> std::string {
  const auto graph = view::graph_of(program);
  std::string out;
  for (const auto& edge : graph.edges) {
    out += view::name_of(program, graph.nodes[edge.from]) + (edge.back ? " < " : " > ") + view::name_of(program, graph.nodes[edge.to]) + (edge.label.empty() ? "" : " " + edge.label) + "\n";
  }
  return out;
}

const std::string Two =
    "flow shop { start desk }\nstate { angry: bool = false }\n"
    "agent desk { instructions \"Help.\"; handoff sales when \"they <want> to \\\"buy\\\" | more\" if not angry; handoff boss if angry }\n"
    "agent sales { instructions \"Sell.\"; handoff back after 5m; on silence 8s count 2 { handoff boss } }\n"
    "agent boss { instructions \"Listen.\"; handoff back when \"they are calm\" }\n"
    "handoff desk on dtmf \"0\"\n"
    "on hangup { end_call }\n";

auto count(const std::string& text, const std::string& what) -> std::size_t {
  std::size_t n = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("every way in which the call moves is an edge, with its reason") {
  CHECK(edges_of(program_of(Two)) ==
        "shop > desk\n"
        "desk > sales when \"they <want> to \\\"buy\\\" | more\" if not angry\n"
        "desk > boss if angry\n"
        "sales < desk after 5m\n"
        "boss < desk when \"they are calm\"\n"
        "every agent > desk on dtmf \"0\"\n"
        "sales > boss on silence 8s count 2\n");
}

TEST_CASE("an agent to which only global edges lead goes back to every agent") {
  CHECK(edges_of(program_of("flow f { start a }\nagent a { instructions \"A.\" }\nagent b { instructions \"B.\"; handoff back when \"done\" }\nhandoff b on dtmf \"1\"\n")) ==
        "f > a\nb < every agent when \"done\"\nevery agent > b on dtmf \"1\"\n");
}

TEST_CASE("a tool's policy that hands over is an edge of every agent that has the tool") {
  const auto program = program_of(
      "flow f { start a }\ntool t() -> string reads { builtin stay_silent; policy background { timeout 5s else handoff b } }\nagent a { instructions \"A.\"; tools t }\nagent b { instructions \"B.\" }\n");
  CHECK(edges_of(program) == "f > a\na > b t late\n");
}

TEST_CASE("mermaid and dot escape what they would take for their own") {
  const auto program = program_of(Two);
  const auto mermaid = view::graph_as_mermaid(program);
  CHECK(mermaid.starts_with("flowchart TD\n  n0((\"shop\"))\n  n1[\"<b>desk</b>\"]\n"));
  CHECK(mermaid.find("n1 -->|\"when #quot;they #lt;want#gt; to") != std::string::npos);
  CHECK(mermaid.find("n2 -.->|\"back after 5m\"| n1") != std::string::npos);
  const auto dot = view::graph_as_dot(program);
  CHECK(dot.find("n1 -> n2 [label=\"when \\\"they <want> to \\\\\\\"buy") != std::string::npos);
  CHECK(count(dot, "{") == count(dot, "}"));
}

TEST_CASE("boxes do not overlap, and every arrow ends at its boxes") {
  view::Layout layout;
  for (int i = 0; i < 6; ++i) layout.boxes.push_back({80.0 + 20 * i, 30.0 + 10 * i, {}});
  for (std::size_t i = 0; i < 6; ++i) layout.arrows.push_back({.from = i, .to = (i * 5 + 2) % 6, .label = {60, 20, {}}, .curve = {}});
  const auto done = view::lay_out(layout);
  REQUIRE(done);
  const auto apart = [](const view::Box& a, const view::Box& b) {
    return std::abs(a.centre.x - b.centre.x) >= (a.width + b.width) / 2 - 1 || std::abs(a.centre.y - b.centre.y) >= (a.height + b.height) / 2 - 1;
  };
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK(apart(done->boxes[i], done->boxes[j]));
  }
  const auto near = [](view::Point p, const view::Box& box) { return std::abs(p.x - box.centre.x) <= box.width / 2 + 2 && std::abs(p.y - box.centre.y) <= box.height / 2 + 2; };
  for (const auto& arrow : done->arrows) {
    REQUIRE(arrow.curve.size() >= 4);
    CHECK(near(arrow.curve.front(), done->boxes[arrow.from]));
    CHECK(near(arrow.curve.back(), done->boxes[arrow.to]));
  }
}

TEST_CASE("the page tells of everything that can be clicked, and needs nothing from elsewhere") {
  const auto page = view::graph_as_html(program_of(Two));
  REQUIRE(page);
  std::set<std::string> shown;
  static const std::regex click{"data-show=\"([a-z0-9-]+)\""};
  for (std::sregex_iterator it(page->begin(), page->end(), click), end; it != end; ++it) shown.insert((*it)[1]);
  CHECK(shown.size() == 1 + 3 + 7);  // the flow, the agents, the edges
  for (const auto& id : shown) {
    INFO(id);
    CHECK(count(*page, "<section id=\"" + id + "\">") == 1);
  }
  CHECK(page->find("they &lt;want&gt; to") != std::string::npos);
  CHECK(page->find("<want>") == std::string::npos);
  for (const auto* outside : {"src=", "href=", "@import", "url(h"}) CHECK(page->find(outside) == std::string::npos);
}

TEST_CASE("a transfer is a place outside, and its failure an edge back in") {
  const auto program = program_of(
      "flow shop { start desk }\nagent desk { instructions \"Help.\" }\nagent night { instructions \"Later.\"; handoff desk after 1m }\n"
      "transfer human { to phone(\"+15550100\"); fails handoff night }\nhandoff human on dtmf \"0\"\n");
  CHECK(edges_of(program) == "shop > desk\nnight > desk after 1m\nevery agent > human on dtmf \"0\"\nhuman > night not reached\n");
  CHECK(view::graph_as_mermaid(program).find("phone +15550100") != std::string::npos);
  CHECK(view::graph_as_dot(program).find("shape=cds") != std::string::npos);
  const auto page = view::graph_as_html(program);
  REQUIRE(page);
  CHECK(page->find("data-show=\"transfer-0\"") != std::string::npos);
  CHECK(page->find("id=\"transfer-0\"") != std::string::npos);
}
