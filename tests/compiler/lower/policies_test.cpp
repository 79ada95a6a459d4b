#include "compiler/lower/policies.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/lower.h"

namespace flow::lower {
namespace {

using namespace std::chrono_literals;
using ir::Policy;
using test::codes;
using test::flow_with;
using Codes = std::multiset<std::string>;

auto policy(const Compiled& compiled, std::string_view name) -> Policy {
  INFO(test::said(compiled));
  REQUIRE(compiled.program);
  for (const auto& row : compiled.program->policies) {
    if (row.name == name) return row;
  }
  FAIL("no policy " << name);
  return {};
}

auto tool(std::string body, std::string head = "tool find(query: string) -> string reads") -> std::string {
  return head + " { lua \"find.lua\"; " + std::move(body) + " }";
}
const test::Files Lua{{"find.lua", "function find(query) return query end"}};

TEST_CASE("a tool that names no policy has the background's") {
  const auto compiled = flow_with(tool(""), Lua);
  auto row = policy(compiled, "background");
  CHECK(row == background());
}

TEST_CASE("a missing cell comes from the parent, and at last from background") {
  const auto compiled = flow_with("policy a { deliver interrupt; announce \"Here.\" }\npolicy b : a { timeout 5s }\npolicy c : b { deliver at_pause }");
  const auto b = policy(compiled, "b");
  CHECK(b.deliver == Policy::Deliver::Interrupt);
  CHECK(b.announce);
  CHECK(b.timeout == 5s);
  CHECK(b.ack == background().ack);
  const auto c = policy(compiled, "c");
  CHECK(c.deliver == Policy::Deliver::AtPause);
  CHECK(c.timeout == 5s);
}

TEST_CASE("a cell is replaced as a whole") {
  const auto compiled = flow_with("policy a { ack \"One.\" after 2s; timeout 9s else say \"Late.\"; coalesce 1s max 9 }\npolicy b : a { ack \"Two.\"; timeout 1s; coalesce 2s }");
  const auto b = policy(compiled, "b");
  CHECK(b.ack_after == 400ms);
  CHECK(b.timeout_else.actions.empty());
  CHECK(b.coalesce_max == 3);
}

TEST_CASE("a tool's own cells make a policy of its own and change nobody else's") {
  const auto compiled = flow_with("policy a { timeout 9s }\n" + tool("policy a { timeout 1s; announce \"About {query}.\" }"), Lua);
  CHECK(policy(compiled, "a").timeout == 9s);
  CHECK(policy(compiled, "find.a").timeout == 1s);
  CHECK(policy(compiled, "find.a").announce->size() == 3);
}

TEST_CASE("a policy may be called background and is then the root of its file") {
  const auto compiled = flow_with("policy background { timeout 7s }\npolicy a { deliver at_pause }");
  CHECK(policy(compiled, "a").timeout == 7s);
}

TEST_CASE("each contradiction of the reference is an error where it is written") {
  const auto errors = [](const std::string& cells) { return codes(flow_with("policy a { " + cells + " }")); };
  CHECK(errors("while_caller_speaks override") == Codes{"F0601"});
  CHECK(errors("while_caller_speaks override after 5s; deliver at_pause") == Codes{"F0601"});
  CHECK(errors("while_caller_speaks override; deliver interrupt") == Codes{});
  CHECK(errors("deliver silent; announce \"x\"") == Codes{"F0602"});
  CHECK(errors("deliver silent; escalate after 5s to at_pause") == Codes{"F0602"});
  CHECK(errors("deliver silent; read summary over 5 words") == Codes{"F0602"});
  CHECK(errors("deliver silent; announce none; escalate none; read always") == Codes{});
  CHECK(errors("deliver skip_if_busy; escalate after 5s to at_pause") == Codes{"F0603"});
  CHECK(errors("read on_request") == Codes{"F0604"});
  CHECK(errors("read on_request over 5 words") == Codes{"F0604"});
  CHECK(errors("read on_request; announce \"x\"") == Codes{});
  CHECK(errors("deliver interrupt; escalate after 5s to at_pause") == Codes{"F0605"});
  CHECK(errors("deliver when_idle; escalate after 5s to interrupt") == Codes{});
}

TEST_CASE("a child that is silent does not use what its parent announces, and that is no error") {
  const auto compiled = flow_with("policy a { announce \"x\"; read on_request; escalate after 5s to interrupt }\npolicy b : a { deliver silent }");
  const auto b = policy(compiled, "b");
  CHECK_FALSE(b.announce);
  CHECK_FALSE(b.escalate_to);
  CHECK(b.read == Policy::Read::Always);
}

TEST_CASE("a child that writes what contradicts its parent is told so") {
  CHECK(codes(flow_with("policy a { deliver silent }\npolicy b : a { announce \"x\" }")) == Codes{"F0602"});
}

TEST_CASE("numbers are in range") {
  const auto errors = [](const std::string& cells) { return codes(flow_with("policy a { " + cells + " }")); };
  for (const auto* bad : {"heard 0%", "heard 101%", "concurrency 0", "coalesce 1s max 0", "timeout 0s", "retry 2 every 8s..1s", "progress every 0s \"x\""}) {
    INFO(bad);
    CHECK(errors(bad) == Codes{"F0413"});
  }
}

TEST_CASE("a tool that writes once bounds its policy") {
  const auto once = [](const std::string& policy, const std::string& body) {
    return codes(flow_with("policy a { " + policy + " }\n" + tool("policy a; " + body, "tool find(query: string) -> string writes once"), Lua));
  };
  CHECK(once("", "idempotency_key query") == Codes{});
  CHECK(once("", "") == Codes{"F0606"});
  CHECK(once("retry 2", "") == Codes{"F0607"});
  CHECK(once("retry 2", "idempotency_key query") == Codes{});
  CHECK(once("cancel by model", "idempotency_key query") == Codes{"F0608"});
}

TEST_CASE("parameters that a policy names are the tool's") {
  CHECK(codes(flow_with("policy a { duplicates join by colour }\n" + tool("policy a"), Lua)) == Codes{"F0609"});
  CHECK(codes(flow_with("policy a { supersedes by query }\n" + tool("policy a"), Lua)) == Codes{});
  CHECK(codes(flow_with(tool("idempotency_key colour", "tool find(query: string) -> string writes"), Lua)) == Codes{"F0609"});
}

}  // namespace
}  // namespace flow::lower
