// Services and the work of tools outside of Lua, as the contract has them.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "compiler/ir/text.h"
#include "tests/support/lower.h"

namespace flow::lower {
namespace {

auto program_of(const std::string& declarations) -> ir::Program {
  auto compiled = test::flow_with(declarations);
  INFO(test::said(compiled));
  REQUIRE(compiled.program);
  return *std::move(compiled.program);
}

using From = ir::Setting::From;

}  // namespace

TEST_CASE("exact lines are spoken by a service over HTTP, and by no other") {
  const std::string voice = "service reader { url env(\"READER\") }\nservice stock { database \"stock.db\" }\n";
  const auto p = program_of(voice + "realtime voice { provider openai; model \"m\"; key secret(\"K\"); exact_speech reader }");
  const auto& realtime = p.realtimes[p.realtime];
  REQUIRE(realtime.exact_speech);
  CHECK(p.services[realtime.exact_speech].name == "reader");
  const auto none = program_of("realtime voice { provider openai; model \"m\"; key secret(\"K\"); exact_speech none }");
  CHECK_FALSE(none.realtimes[none.realtime].exact_speech);
  const auto wrong = test::flow_with(voice + "realtime voice { provider openai; model \"m\"; key secret(\"K\"); exact_speech stock }");
  CHECK(test::codes(wrong) == std::multiset<std::string>{"F0733"});
}

TEST_CASE("a trace goes to an address, or to the name of one") {
  const auto telemetry = [](const std::string& otlp) { return test::lowered("flow shop { start desk; telemetry { otlp " + otlp + " } }\nagent desk { instructions \"Help.\" }\n"); };
  const auto goes_to = [&](const std::string& otlp) {
    const auto compiled = telemetry(otlp);
    INFO(test::said(compiled));
    REQUIRE(compiled.program);
    return compiled.program->otlp.value_or(ir::Setting{});
  };
  CHECK(goes_to("\"http://127.0.0.1:4318\"") == ir::Setting{From::Text, "http://127.0.0.1:4318"});
  CHECK(goes_to("env(\"OTLP\")") == ir::Setting{From::Env, "OTLP"});
  CHECK(goes_to("secret(\"OTLP\")") == ir::Setting{From::Secret, "OTLP"});
  CHECK(test::codes(telemetry("\"127.0.0.1:4318\"")) == std::multiset<std::string>{"F0734"});
}

TEST_CASE("a service has its place and its key by name, never by value") {
  const auto p = program_of(
      "service shop { url env(\"SHOP_API\"); auth header \"X-Key\" secret(\"SHOP_KEY\") }\n"
      "service mail { url \"https://mail.example\"; auth oauth google { client env(\"ID\"); secret secret(\"S\"); refresh secret(\"R\"); scopes \"a\", \"b\" } }\n"
      "service diary { mcp exec \"node\", \"diary.js\"; env \"A\", \"B\" }\n"
      "service notes { mcp \"https://notes.example/mcp\"; auth bearer secret(\"N\") }\n"
      "service stock { database \"stock.db\" }");
  REQUIRE(p.services.size() == 5);
  const auto at = [&](std::size_t i) -> const ir::Service& { return p.services[p.services.id_at(i)]; };
  CHECK(at(0).at == ir::Setting{From::Env, "SHOP_API"});
  CHECK(at(0).auth.header == "X-Key");
  CHECK(at(0).auth.secret == "SHOP_KEY");
  CHECK(at(1).auth.token_url == ir::Setting{From::Text, "https://oauth2.googleapis.com/token"});
  CHECK(at(1).auth.client == ir::Setting{From::Env, "ID"});
  CHECK(at(1).auth.refresh == "R");
  CHECK(at(1).auth.scopes == std::vector<std::string>{"a", "b"});
  CHECK(at(2).command == std::vector<std::string>{"node", "diary.js"});
  CHECK(at(2).env == std::vector<std::string>{"A", "B"});
  CHECK(at(3).kind == ir::Service::Kind::Mcp);
  CHECK(at(4).kind == ir::Service::Kind::Database);
  CHECK(ir::read_text(ir::to_text(p)) == p);
}

TEST_CASE("each body says what its tool does") {
  const auto p = program_of(
      "service shop { url env(\"SHOP_API\") }\nservice stock { database \"stock.db\" }\nservice diary { mcp \"https://d.example\" }\n"
      "tool a(id: string, n: int) -> json reads { http shop POST \"/orders/{id}\" { header \"X-A\" secret(\"K\"); body n } }\n"
      "tool b() reads { mcp diary }\ntool c() reads { mcp diary \"list\" }\n"
      "tool d() -> json reads { exec \"sh\", \"d.sh\" { cwd \"tools\" } }\n"
      "tool e(id: string) -> int? reads { sql stock \"select n from stock where id = {id}\" }\n"
      "tool f(topic: string) -> string reads { batch { url env(\"B\"); key secret(\"BK\"); model \"big\" } }");
  const auto work = [&](const char* name) { return *std::ranges::find(p.tools, name, &ir::Tool::name)->work; };
  CHECK(work("a").method == "POST");
  CHECK(work("a").headers == std::vector{ir::Header{"X-A", {From::Secret, "K"}}});
  CHECK(work("a").content);
  CHECK(work("b").name == "b");
  CHECK(work("c").name == "list");
  CHECK(work("d").command == std::vector<std::string>{"sh", "d.sh"});
  CHECK(work("d").folder == "tools");
  CHECK(work("e").text.size() == 2);
  CHECK(work("f").poll_min == std::chrono::seconds{10});
  CHECK(work("f").poll_max == std::chrono::seconds{60});
  CHECK(ir::read_text(ir::to_text(p)) == p);
}

TEST_CASE("what is kept knows for how long and for whom") {
  const auto p = program_of("state { name: string? persist 30d by call.from, n: int = 0 persist 1h by call.from }");
  const auto& name = p.state[p.state.id_at(0)];
  CHECK(name.kept_for == std::chrono::hours{30 * 24});
  CHECK(p.exprs[name.kept_by].op == ir::Expr::Op::Call);
  CHECK(p.exprs[name.kept_by].name == "from");
  CHECK(ir::read_text(ir::to_text(p)) == p);
}

TEST_CASE("a loopback address is this machine's, and no name that begins like one") {
  const auto with = [](const std::string& url) {
    return test::codes(test::flow_with("service s { url \"" + url + "\"; auth bearer secret(\"K\") }"));
  };
  CHECK(with("http://127.0.0.1:8080/v1").empty());
  CHECK(with("http://localhost:8080").empty());
  CHECK(with("http://[::1]:8080").empty());
  CHECK(with("http://localhost.evil.example").contains("F0735"));
  CHECK(with("http://127.evil.example").contains("F0735"));
  CHECK(with("http://evil.example/127.0.0.1").contains("F0735"));
}

}  // namespace flow::lower
