#include <catch2/catch_test_macros.hpp>

#include "compiler/diag/render.h"
#include "tests/support/compile.h"

using namespace flow;

namespace {

auto said_about(const std::string& program) -> std::string {
  const auto checked = test::compile("a.flow", std::map<std::string, std::string>{{"a.flow", program}});
  std::string out;
  for (const auto& d : checked.report.sorted()) out += diag::render_line(d, checked.sources) + "\n";
  return out;
}

const std::string Flow = "flow shop { start desk }\nagent desk { instructions \"Help.\" }\n";
const std::string Lonely = "agent sales { instructions \"Sell.\" }";

}  // namespace

TEST_CASE("a warning is allowed on its own line or by a comment alone on the line above") {
  CHECK(said_about(Flow + Lonely + "\n") == "a.flow:3:7: warning: no handoff leads to `sales` [F0501]\n");
  CHECK(said_about(Flow + Lonely + "  // flow: allow F0501 because it comes next month\n") == "");
  CHECK(said_about(Flow + "// flow: allow F0501 because it comes next month\n" + Lonely + "\n") == "");
  CHECK(said_about(Flow + "// flow: allow F0805, F0501 because of this and that\n" + Lonely + "\n") == "a.flow:3:16: warning: nothing here is warned of as `F0805` [F1002]\n");
}

TEST_CASE("a comment without a reason is a warning in the place of the one that it allows") {
  for (const auto* end : {"", " because", " because  ", " it comes next month"}) {
    INFO(end);
    CHECK(said_about(Flow + Lonely + "  // flow: allow F0501" + end + "\n") ==
          "a.flow:3:54: warning: this does not say why `F0501` is allowed here; write `// flow: allow F0501 because …` [F1001]\n");
  }
}

TEST_CASE("a comment that allows nothing is a warning, unless an error may be why") {
  const std::string comment = "// flow: allow F0501 because it comes next month\n";
  CHECK(said_about(Flow + comment) == "a.flow:3:16: warning: nothing here is warned of as `F0501` [F1002]\n");
  CHECK(said_about(comment + "enum Tier { basic }\n") == "");  // no flow, so that nobody knows who is reached
  CHECK(said_about(Flow + comment + "handoff nobody on dtmf \"0\"\n").find("F1002") == std::string::npos);
}

TEST_CASE("an error cannot be allowed, nor what has no message") {
  CHECK(said_about(Flow + "// flow: allow F0301 because I say so\n") == "a.flow:3:16: warning: `F0301` cannot be allowed: it is an error [F1003]\n");
  CHECK(said_about(Flow + "// flow: allow W0412 because I say so\n") == "a.flow:3:16: warning: `W0412` cannot be allowed: there is no message of this code [F1003]\n");
}

TEST_CASE("only comments allow, and only those that begin like this") {
  CHECK(said_about("flow shop { start desk }\nagent desk { instructions \"// flow: allow F0501 because of this\" }\n") == "");
  CHECK(said_about(Flow + "// The word flow: allow F0501 because of this\n/// flow: allow F0501\n") == "");
}
