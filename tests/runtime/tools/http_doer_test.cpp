#include "runtime/tools/request.h"
#include "tests/runtime/tools/outside.h"

namespace flow::tools {
namespace {

struct Web : OutsideWorld {
  Id<ir::Service> shop = service(ir::Service::Kind::Http, "https://api.example.com/v1/", {.kind = ir::Auth::Kind::Bearer, .secret = "SHOP_TOKEN"});

  auto tool(std::string method, ir::Template path, std::vector<std::string> params, Id<ir::Type> result = {}) -> ir::Tool {
    ir::Tool tool{.name = "order", .result = result, .body = ir::Tool::Body::Http, .work = ir::Work{.service = shop, .method = std::move(method), .text = std::move(path)}};
    for (auto& name : params) tool.params.push_back({.name = name, .type = text()});
    program.tools.add(tool);
    return tool;
  }
  auto request(const ir::Tool& tool, Value arguments) -> Result<net::HttpRequest> {
    return request_of(program, {.tool = std::make_shared<const ir::Tool>(tool), .arguments = std::move(arguments), .state = Value::Record{}, .call = Value::Record{}}, settings());
  }
  auto answered(const ir::Tool& tool, int status, std::string body) -> std::string {
    Heard heard;
    heard.outcomes.push_back(outcome_of(program, tool, net::HttpResponse{.status = status, .body = std::move(body)}));
    return heard.text();
  }
};

auto header(const net::HttpRequest& request, const char* name) -> std::string { return std::string(net::find(request.headers, name).value_or("")); }

}  // namespace

TEST_CASE("a value in a path is escaped and leads nowhere else") {
  Web at;
  const auto tool = at.tool("GET", {at.words("/orders/"), at.hole("id"), at.words("/lines")}, {"id"});
  CHECK(at.request(tool, Value::Record{{"id", "A 1/b?c#d%"}})->url == "https://api.example.com/v1/orders/A%201%2Fb%3Fc%23d%25/lines");
  CHECK(at.request(tool, Value::Record{{"id", "größe"}})->url == "https://api.example.com/v1/orders/gr%C3%B6%C3%9Fe/lines");
  for (const auto* wrong : {"", ".", ".."}) {
    INFO(wrong);
    CHECK(at.request(tool, Value::Record{{"id", wrong}}).error().code == "R0220");
  }
}

TEST_CASE("what stands nowhere else is the query of a GET and the body of a POST") {
  Web at;
  const Value arguments = Value::Record{{"id", "A1"}, {"query", "last week"}, {"tags", Value::List{"a&b", "c"}}, {"limit", Value{}}};
  const auto get = *at.request(at.tool("GET", {at.words("/orders/"), at.hole("id")}, {"id", "query", "tags", "limit"}), arguments);
  CHECK(get.url == "https://api.example.com/v1/orders/A1?query=last%20week&tags=a%26b&tags=c");
  CHECK(get.body.empty());
  const auto post = *at.request(at.tool("POST", {at.words("/orders/"), at.hole("id")}, {"id", "query", "tags", "limit"}), arguments);
  CHECK(post.url == "https://api.example.com/v1/orders/A1");
  CHECK(post.body == R"({"query":"last week","tags":["a&b","c"],"limit":null})");
  CHECK(header(post, "Content-Type") == "application/json");
}

TEST_CASE("a path may have a query of its own, and a body may be said") {
  Web at;
  auto tool = at.tool("GET", {at.words("/find?kind=order&name="), at.hole("name")}, {"name", "page"});
  CHECK(at.request(tool, Value::Record{{"name", ""}, {"page", "2"}})->url == "https://api.example.com/v1/find?kind=order&name=&page=2");
  tool = at.tool("PUT", {at.words("/names")}, {"name"});
  tool.work->content = at.local("name");
  CHECK(at.request(tool, Value::Record{{"name", "Ada"}})->body == R"("Ada")");
}

TEST_CASE("what may be done once carries its key with every try") {
  Web at;
  auto tool = at.tool("POST", {at.words("/cancel")}, {"id"});
  tool.idempotency_key = "id";
  CHECK(header(*at.request(tool, Value::Record{{"id", "A1"}}), "Idempotency-Key") == "A1");
}

TEST_CASE("the service's key goes along, and a header that is declared") {
  Web at;
  auto tool = at.tool("GET", {at.words("/orders")}, {}, at.type(ir::Type::Kind::Json));
  tool.work->headers = {{"X-Shop", {ir::Setting::From::Text, "shoes"}}};
  Heard heard;
  const auto work = at.start(tool, Value::Record{}, heard);
  REQUIRE(at.asked.size() == 1);
  CHECK(header(at.asked[0], "Authorization") == "Bearer hunter2hunter2");
  CHECK(header(at.asked[0], "X-Shop") == "shoes");
  CHECK(at.asked[0].deadline <= 20s);
  at.answers[0](net::HttpResponse{.status = 200, .body = R"({"a":1})"});
  CHECK(heard.text() == R"({"a":1})");
}

TEST_CASE("a tool that is dropped gives its request up") {
  Web at;
  Heard heard;
  auto work = at.start(at.tool("GET", {at.words("/orders")}, {}), Value::Record{}, heard);
  work.reset();
  CHECK(at.given_up == 1);
  CHECK(heard.outcomes.empty());
}

TEST_CASE("an answer is read for the declared type, and what is not declared is left out") {
  Web at;
  const auto order = at.program.records.add({.name = "Order", .fields = {{.name = "id", .type = at.text()}}});
  const auto record = at.program.types.add({.kind = ir::Type::Kind::Record, .record = order});
  const auto tool = at.tool("GET", {at.words("/orders")}, {}, at.type(ir::Type::Kind::List, false, record));
  CHECK(at.answered(tool, 200, R"([{"id":"A1","internal":{"x":1}}])") == R"([{"id":"A1"}])");
  CHECK(at.answered(tool, 200, "<html>Sign in</html>") == "R0209: `order` was answered with what is no JSON: <html>Sign in</html>");
  CHECK(at.answered(tool, 200, "") == "R0209: `order` was answered with what is no JSON: nothing");
}

TEST_CASE("a text may be plain, and nothing may be none") {
  Web at;
  CHECK(at.answered(at.tool("GET", {at.words("/a")}, {}, at.text()), 200, "It is open.\n") == R"("It is open.")");
  CHECK(at.answered(at.tool("GET", {at.words("/a")}, {}, at.text()), 200, R"("quoted")") == R"("quoted")");
  CHECK(at.answered(at.tool("GET", {at.words("/a")}, {}, at.text(true)), 204, "") == "null");
  CHECK(at.answered(at.tool("GET", {at.words("/a")}, {}, at.text(true)), 404, "no") == "null");
  CHECK(at.answered(at.tool("POST", {at.words("/a")}, {}), 200, "whatever") == "null");
}

TEST_CASE("a refusal is final, trouble is worth another try") {
  Web at;
  const auto tool = at.tool("GET", {at.words("/orders")}, {}, at.text());
  CHECK(at.answered(tool, 404, "no such\norder") == "R0207: `shop` answered 404: no such order");
  CHECK(at.answered(tool, 422, "") == "R0207: `shop` answered 422");
  CHECK(at.answered(tool, 429, "") == "R0208 (again): `shop` answered 429");
  CHECK(at.answered(tool, 503, "") == "R0208 (again): `shop` answered 503");
  Heard heard;
  heard.outcomes.push_back(outcome_of(at.program, tool, failure("R0101", "cannot reach it")));
  CHECK(heard.text() == "R0101 (again): cannot reach it");
}

// ── Settings ──

TEST_CASE("everything that is missing is named at once, with who needs it") {
  Web at;
  auto tool = at.tool("GET", {at.words("/a")}, {});
  at.program.services[at.shop].at = {ir::Setting::From::Env, "SHOP_API"};
  const auto found = Settings::look_up(at.program, [](const std::string&) { return std::nullopt; });
  REQUIRE_FALSE(found);
  CHECK(found.error().code == "R0215");
  CHECK(found.error().text == "not set in the environment: `SHOP_API` (service `shop`), `SHOP_TOKEN` (service `shop`)");
  CHECK(found.error().hint == "SHOP_API=… SHOP_TOKEN=… flowc run …");
}

TEST_CASE("a key is sent to no address that is not encrypted, but for this machine's own") {
  Web at;
  at.tool("GET", {at.words("/a")}, {});
  at.program.services[at.shop].at = {ir::Setting::From::Env, "SHOP_API"};
  const auto with = [&](const std::string& url) {
    const auto found = Settings::look_up(at.program, [&](const std::string& name) { return std::optional(name == "SHOP_API" ? url : "hunter2"); });
    return found ? std::string("fine") : found.error().code;
  };
  CHECK(with("https://api.example.com") == "fine");
  CHECK(with("http://127.0.0.1:8080") == "fine");
  CHECK(with("http://api.example.com") == "R0107");
  CHECK(with("http://127.evil.example.com") == "R0107");
  CHECK(with("api.example.com") == "R0107");
}

}  // namespace flow::tools
