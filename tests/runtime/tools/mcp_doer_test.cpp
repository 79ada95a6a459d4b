#include "runtime/tools/mcp_doer.h"

#include "runtime/json/json.h"
#include "tests/runtime/tools/outside.h"

namespace flow::tools {
namespace {

constexpr auto Hello = R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}})";

// An MCP server over HTTP, of which a test plays every word.
struct Peer : OutsideWorld {
  Id<ir::Service> calendar;
  Heard heard;
  std::shared_ptr<void> work;

  Peer() { calendar = service(ir::Service::Kind::Mcp, "https://mcp.example.com/mcp"); }
  auto tool(Id<ir::Type> result = {}) -> ir::Tool {
    return {.name = "free", .result = result, .body = ir::Tool::Body::Mcp, .work = ir::Work{.service = calendar, .name = "free_slots"}};
  }
  void call(ir::Tool tool, Value arguments = Value::Record{{"day", "2026-11-23"}, {"room", Value{}}}) {
    work = start(std::move(tool), std::move(arguments), heard);
    settle();
  }
  void settle() {
    bool through = false;
    loop.post([&] { through = true; });
    await([&] { return through; });
  }
  auto message(std::size_t which) const -> Value { return *json::parse(asked.at(which).body); }
  auto method(std::size_t which) const -> std::string { return *message(which).field("method")->text(); }
  auto id(std::size_t which) const -> std::string { return to_json(*message(which).field("id")); }
  auto header(std::size_t which, const char* name) const -> std::string { return std::string(net::find(asked.at(which).headers, name).value_or("")); }
  void answer(std::size_t which, int status, std::string body, net::Headers headers = {{"Content-Type", "application/json"}}) {
    answers.at(which)(net::HttpResponse{.status = status, .headers = std::move(headers), .body = std::move(body)});
    settle();
  }
  void result(std::size_t which, const std::string& content, net::Headers more = {}) {
    more.push_back({"Content-Type", "application/json"});
    answer(which, 200, R"({"jsonrpc":"2.0","id":)" + id(which) + R"(,"result":)" + content + "}", std::move(more));
  }
  // The handshake, up to the call itself, which is the third request.
  void greet() {
    result(0, Hello, {{"Mcp-Session-Id", "s-7"}});
    answer(1, 202, "");
    REQUIRE(asked.size() == 3);
  }
  void piece(std::size_t which, const std::string& text) {
    asked.at(which).on_piece({.status = 200, .headers = {{"Content-Type", "text/event-stream; charset=utf-8"}}}, text);
    settle();
  }
};

}  // namespace

TEST_CASE("a server is greeted once, and then its tool is called") {
  Peer at;
  at.call(at.tool(at.text()));
  REQUIRE(at.asked.size() == 1);
  CHECK(at.method(0) == "initialize");
  CHECK(at.header(0, "Accept") == "application/json, text/event-stream");
  CHECK(at.header(0, "MCP-Protocol-Version").empty());
  at.result(0, Hello, {{"Mcp-Session-Id", "s-7"}});
  CHECK(at.method(1) == "notifications/initialized");
  CHECK(at.header(1, "Mcp-Session-Id") == "s-7");
  at.answer(1, 202, "");
  REQUIRE(at.asked.size() == 3);
  CHECK(at.method(2) == "tools/call");
  CHECK(at.header(2, "MCP-Protocol-Version") == "2025-11-25");
  const auto params = *at.message(2).field("params");
  CHECK(*params.field("name") == Value("free_slots"));
  CHECK(*params.field("arguments") == Value(Value::Record{{"day", "2026-11-23"}}));  // what is none is left out
  at.result(2, R"({"content":[{"type":"text","text":"nine"},{"type":"image","data":""},{"type":"text","text":"ten"}]})");
  CHECK(at.heard.text() == R"("nine\nten")");

  at.heard = {};
  at.call(at.tool(at.text()));
  CHECK(at.method(3) == "tools/call");
}

TEST_CASE("what has a structure is taken as it is, and what a server wrapped is unwrapped") {
  Peer at;
  const auto numbers = at.type(ir::Type::Kind::List, false, at.type(ir::Type::Kind::Int));
  at.call(at.tool(numbers));
  at.greet();
  at.result(2, R"({"content":[{"type":"text","text":"nine and ten"}],"structuredContent":{"result":[9,10]}})");
  CHECK(at.heard.text() == "[9,10]");
}

TEST_CASE("a tool that fails says why, and a server that refuses too") {
  Peer at;
  at.call(at.tool(at.text()));
  at.greet();
  SECTION("isError") {
    at.result(2, R"({"content":[{"type":"text","text":"no such room"}],"isError":true})");
    CHECK(at.heard.text() == "R0201: no such room");
  }
  SECTION("an error of JSON-RPC") {
    at.answer(2, 200, R"({"jsonrpc":"2.0","id":)" + at.id(2) + R"(,"error":{"code":-32602,"message":"unknown tool"}})");
    CHECK(at.heard.text() == "R0207: MCP server `shop` refuses: unknown tool");
  }
  SECTION("a status") {
    at.answer(2, 503, "later");
    CHECK(at.heard.text() == "R0208 (again): MCP server `shop` answered 503: later");
  }
  SECTION("nothing") {
    at.answer(2, 200, "");
    CHECK(at.heard.text() == "R0209: MCP server `shop` ended its answer without one");
  }
  SECTION("another's answer") {
    at.answer(2, 200, R"({"jsonrpc":"2.0","id":99,"result":{}})");
    CHECK(at.heard.text() == "R0209: MCP server `shop` ended its answer without one");
  }
}

TEST_CASE("over a stream of events, news comes on the way, and after the answer nothing is read") {
  Peer at;
  at.call(at.tool(at.text()));
  at.greet();
  const auto id = at.id(2);
  at.piece(2, ": hello\n\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":" + id + ",\"progress\":1,\"message\":\"half\"}}\r\n\r");
  CHECK(at.heard.progress == std::vector<std::string>{"half"});
  at.piece(2, "\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":\"ping\"}\n\n");
  REQUIRE(at.asked.size() == 4);  // is answered, by a request of its own
  CHECK(to_json(at.message(3)) == R"({"jsonrpc":"2.0","id":"q1","result":{}})");
  at.piece(2, "data: {\"jsonrpc\":\"2.0\",\"id\":\"q2\",\"method\":\"sampling/createMessage\"}\n\n");
  CHECK(at.message(4).field("error")->field("code") != nullptr);
  at.piece(2, "data: {\"jsonrpc\":\"2.0\",\"id\":" + id + ",\ndata: \"result\":{\"content\":[{\"type\":\"text\",\"text\":\"nine\"}]}}\n\n");
  CHECK(at.heard.text() == R"("nine")");
  CHECK(at.given_up == 1 + 2);  // the call's own request, which is not read any further; and those of the handshake
}

TEST_CASE("a session that is over is begun anew, once") {
  Peer at;
  at.call(at.tool(at.text()));
  at.greet();
  at.answer(2, 404, "");
  REQUIRE(at.asked.size() == 4);
  CHECK(at.method(3) == "initialize");
  CHECK(at.header(3, "Mcp-Session-Id").empty());
  at.result(3, Hello, {{"Mcp-Session-Id", "s-8"}});
  at.answer(4, 202, "");
  CHECK(at.method(5) == "tools/call");
  CHECK(at.header(5, "Mcp-Session-Id") == "s-8");
  at.answer(5, 404, "");
  CHECK(at.heard.text().starts_with("R0207"));
}

TEST_CASE("a server of another age is not spoken with, and the next call tries again") {
  Peer at;
  at.call(at.tool(at.text()));
  at.result(0, R"({"protocolVersion":"2031-01-01","capabilities":{}})");
  CHECK(at.heard.text().starts_with("R0209: MCP server `shop` speaks the revision `2031-01-01`"));
  at.heard = {};
  at.call(at.tool(at.text()));
  CHECK(at.method(1) == "initialize");
}

TEST_CASE("a call that is given up is withdrawn") {
  Peer at;
  at.call(at.tool(at.text()));
  at.greet();
  at.work.reset();
  REQUIRE(at.asked.size() == 4);
  CHECK(at.method(3) == "notifications/cancelled");
  CHECK(to_json(*at.message(3).field("params")->field("requestId")) == at.id(2));
  CHECK(at.heard.outcomes.empty());
}

// ── Before a call ──

TEST_CASE("a declared tool must be one that the server has, with what it takes and needs") {
  Peer at;
  auto tool = at.tool();
  tool.params = {{.name = "day", .type = at.type(ir::Type::Kind::Date)}, {.name = "seats", .type = at.type(ir::Type::Kind::Int, true)}};
  const auto offered = [](const std::string& schema) { return std::vector<mcp::Offer>{{"other", {}}, {"free_slots", *json::parse(schema)}}; };
  const auto why = [&](const std::string& schema) { return unlike(at.program, tool, offered(schema)); };
  CHECK(why(R"({"properties":{"day":{"type":"string"},"seats":{"type":["integer","null"]}},"required":["day"]})").empty());
  CHECK(why(R"({"properties":{"day":{"type":"string"},"seats":{"type":"number"}}})").empty());
  CHECK(why(R"({"properties":{"day":{"type":"string"}}})") == "`free_slots` takes no `seats` there");
  CHECK(why(R"({"properties":{"day":{"type":"integer"},"seats":{}}})") == "`day` of `free_slots` is \"integer\" there, and `string` here");
  CHECK(why(R"({"properties":{"day":{},"seats":{}},"required":["room"]})") == "`free_slots` needs `room` there");
  CHECK(why(R"({"properties":{"day":{},"seats":{}},"required":["seats"]})") == "`free_slots` needs `seats` there, and it may be left out here");
  tool.work->name = "gone";
  CHECK(why("{}") == "it has no tool `gone`, but other, free_slots");
}

TEST_CASE("all pages of a server's tools are read, and a list without an end is not") {
  Peer at;
  at.program.tools.add(at.tool());
  Doers doers(at.outside());
  std::optional<std::vector<Error>> errors;
  doers.check(20s, [&](std::vector<Error> found) { errors = std::move(found); });
  at.settle();
  at.greet();
  CHECK(at.method(2) == "tools/list");
  SECTION("two pages") {
    at.result(2, R"({"tools":[{"name":"other","inputSchema":{}}],"nextCursor":"2"})");
    CHECK(*at.message(3).field("params")->field("cursor") == Value("2"));
    at.result(3, R"({"tools":[{"name":"free_slots","inputSchema":{}}]})");
    REQUIRE(errors.has_value());
    CHECK(errors->empty());
  }
  SECTION("without an end") {
    for (std::size_t page = 2; !errors; ++page) at.result(page, R"({"tools":[],"nextCursor":"again"})");
    CHECK(errors->at(0).text == "MCP server `shop` lists its tools without an end");
  }
  SECTION("without the tool") {
    at.result(2, R"({"tools":[]})");
    REQUIRE(errors.has_value());
    CHECK(errors->at(0).code == "R0212");
  }
}

// ── As a program ──

namespace {

struct Spoken : Peer {
  void says(const std::string& script) {
    file("server.sh", script);
    program.services[calendar].at = {};
    program.services[calendar].command = {"sh", "server.sh"};
  }
};

// Greets, and answers every call with its `case`.
auto server(const std::string& answer) -> std::string {
  return "while read -r line; do id=${line#*'\"id\":'}; id=${id%%,*}; case \"$line\" in\n"
         "*'\"initialize\"'*) echo not a message; echo; printf '%s\\r\\n' '{\"jsonrpc\":\"2.0\",\"id\":'$id',\"result\":" + std::string(Hello) + "}';;\n"
         "*'\"tools/call\"'*) " + answer + ";;\nesac; done";
}

}  // namespace

TEST_CASE("a program is a server too: one message a line, and what is none is passed over") {
  Spoken at;
  at.says(server(R"(echo '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2,"progress":1,"message":"half"}}'; echo '{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"nine"}]}}')"));
  at.call(at.tool(at.text()));
  at.await([&] { return !at.heard.outcomes.empty(); });
  CHECK(at.heard.text() == R"("nine")");
  CHECK(at.heard.progress == std::vector<std::string>{"half"});
}

TEST_CASE("a server that ends in the middle of a call has failed in a way that is worth another try") {
  Spoken at;
  at.says(server("exit 3"));
  at.call(at.tool(at.text()));
  at.await([&] { return !at.heard.outcomes.empty(); });
  CHECK(at.heard.text() == "R0108 (again): MCP server `shop` ended with 3");
  SECTION("and the next call starts it anew") {
    at.heard = {};
    at.call(at.tool(at.text()));
    at.await([&] { return !at.heard.outcomes.empty(); });
    CHECK(at.heard.text() == "R0108 (again): MCP server `shop` ended with 3");
  }
}

TEST_CASE("a server that cannot be started says so, and one that floods us is left") {
  Spoken at;
  SECTION("not there") {
    at.says("");
    at.program.services[at.calendar].command = {"no-such-server"};
    at.call(at.tool(at.text()));
    at.await([&] { return !at.heard.outcomes.empty(); });
    CHECK(at.heard.text() == "R0210: cannot start `no-such-server`: No such file or directory");
  }
  SECTION("a flood") {
    at.says("head -c 20000000 /dev/zero");
    at.call(at.tool(at.text()));
    at.await([&] { return !at.heard.outcomes.empty(); });
    CHECK(at.heard.text() == "R0209: MCP server `shop` says more than fits a message");
  }
}

}  // namespace flow::tools
