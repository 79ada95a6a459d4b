#include "compiler/view/reference.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/lower.h"

using namespace flow;

namespace {

auto markdown_of(const std::string& declarations) -> std::string {
  const auto compiled = test::flow_with(declarations);
  INFO(test::said(compiled));
  REQUIRE(compiled.program);
  return view::as_markdown(view::reference_of(*compiled.program, "About *it*."));
}

auto has(const std::string& text, const std::string& words) -> bool {
  INFO(text << "\nlacks " << words);
  CHECK(text.find(words) != text.npos);
  return text.find(words) != text.npos;
}

}  // namespace

TEST_CASE("the reference says who takes the call, and what happens without anybody's doing") {
  const auto page = markdown_of("on silence 8s count 3 { end_call \"Bye.\" }\nhandoff desk on dtmf \"0\", \"#\"");
  has(page, "# shop\n\nAbout \\*it\\*.\n");
  has(page, "- `desk` takes the call. The language is en-US.\n");
  has(page, "- When nobody has spoken for 8 s for the third time in a row: says “Bye.” and hangs up\n");
  has(page, "- From everywhere the call goes to `desk` when the caller presses “0” or “#”\n");
}

TEST_CASE("the reference tells what an agent says, can do, and when it gives the call away") {
  const auto page = markdown_of(
      "agent desk { voice \"marin\"; greet first \"Hello.\"; greet return model \"say welcome back\"; instructions \"Be kind.\"; tools look; handoff b when \"they want b\" { say \"One moment.\" } }\n"
      "agent b { instructions \"B.\"; handoff back after 90s }\n"
      "state { known: bool = false }\n/// Look it up.\ntool look(id: string pii \"which one\") -> string reads { builtin stay_silent; available if known; sets known = true }");
  has(page, "- Begins: “Hello.”\n- When the call comes back: in its own words, asked to “say welcome back”\n");
  has(page, "> Be kind.\n");
  has(page, "- `look`: Look it up. (only if `known` holds)\n");
  has(page, "- to `b` when they want b; before that it says “One moment.”\n");
  has(page, "- back to the agent before after 90 s\n");
  has(page, "| desk | takes the call | Hello. |\n");
  has(page, "| desk | hands over to b | One moment. |\n");
  CHECK(page.find("| say welcome back |") == std::string::npos);
  has(page, "| `known` | bool |  | `look` |\n");
  has(page, "| `id`: which one | to `look`, as the caller says it |\n");
}

TEST_CASE("what is no code cannot become markup") {
  view::Document document;
  document.text("a <b> & `c<d>` *e*");
  document.table({{"h"}, {"x | y"}});
  CHECK(view::as_markdown(document) == "a \\<b> & `c<d>` \\*e\\*\n\n| h |\n|---|\n| x \\| y |\n");
  CHECK(view::as_html(document) == "<p>a &lt;b&gt; &amp; <code>c&lt;d&gt;</code> *e*</p>\n<table><tr><th>h</th></tr><tr><td>x | y</td></tr></table>\n");
}

TEST_CASE("the reference tells who does a tool's work, and what is kept after a call") {
  const auto page = markdown_of(
      "service shop { url env(\"SHOP_API\") }\nservice stock { database \"stock.db\" }\nservice diary { mcp exec \"node\", \"diary.js\" }\nstate { name: string? pii persist 30d by call.from, tries: int = 0 }\n"
      "tool a(id: string) -> string reads { http shop GET \"/{id}\" }\ntool b() -> int reads { sql stock \"select 1\" }\ntool c() reads { mcp diary }\ntool d() reads { exec \"sh\", \"d.sh\" }\n"
      "tool e() -> string reads { batch { url env(\"B\") ; model \"big\" ; poll 10s..60s } }\nagent desk { instructions \"x\"; tools a, b, c, d, e }");
  has(page, "- Done by the web service `shop`.\n");
  has(page, "- Done by the database `stock`.\n");
  has(page, "- Done by the MCP server `diary`.\n");
  has(page, "- Done by the program `sh`.\n");
  has(page, "- Done by a batch job of `big`, which is asked for every 10 s to 1 min.\n");
  has(page, "| kept after the call |");
  has(page, "| 30 days |");
}

TEST_CASE("the reference tells where calls come from, how they sound and whether keys come in") {
  const auto page = markdown_of(
      "channel line { phone \"+15550190\"; audio mulaw; dtmf inband }\nchannel page { browser \"/call\"; dtmf none }\nchannel room { microphone; active no }");
  has(page, "- `line`: phone +15550190; its sound is mulaw; keys are heard as tones\n");
  has(page, "- `page`: browser /call; no keys come in\n");
  has(page, "- `room`: microphone; it takes no calls\n");
}
