#include "runtime/sqlite/database.h"
#include "tests/runtime/tools/outside.h"

namespace flow::tools {
namespace {

struct Shelf : OutsideWorld {
  Id<ir::Service> stock = service(ir::Service::Kind::Database, "stock.db");
  Shelf() {
    auto database = sqlite::Database::open(folder + "/stock.db", sqlite::Access::Create);
    REQUIRE(database);
    REQUIRE(database->run("create table orders (id text, pairs integer, paid integer, price real, items text);"
                          "insert into orders values ('A1', 2, 1, 9.5, '[\"boots\"]'), ('A2', 1, 0, 20.0, null), ('O''Hara', 1, 1, 1.0, null)"));
  }
  auto tool(ir::Template query, Id<ir::Type> result, ir::Effects effects = ir::Effects::Reads) -> ir::Tool {
    return {.name = "find", .result = result, .effects = effects, .body = ir::Tool::Body::Sql, .work = ir::Work{.service = stock, .text = std::move(query)}};
  }
  auto json() -> Id<ir::Type> { return type(ir::Type::Kind::Json); }
};

}  // namespace

TEST_CASE("rows are a list of records, in the types that are declared") {
  Shelf at;
  const auto strings = at.type(ir::Type::Kind::List, true, at.text());
  const auto order = at.program.records.add({.name = "Order", .fields = {{.name = "id", .type = at.text()}, {.name = "paid", .type = at.type(ir::Type::Kind::Bool)}, {.name = "items", .type = strings}}});
  const auto record = at.program.types.add({.kind = ir::Type::Kind::Record, .record = order});
  CHECK(at.outcome(at.tool({at.words("select * from orders where pairs = 2")}, at.type(ir::Type::Kind::List, false, record))) == R"([{"id":"A1","paid":true,"items":["boots"]}])");
}

TEST_CASE("a value is bound, whatever it holds") {
  Shelf at;
  const auto ids = at.type(ir::Type::Kind::List, false, at.text());
  const auto tool = at.tool({at.words("select id from orders where id = "), at.hole("id"), at.words(" or id = "), at.hole("other")}, ids);
  CHECK(at.outcome(tool, Value::Record{{"id", "O'Hara"}, {"other", "A2"}}) == R"(["A2","O'Hara"])");
  CHECK(at.outcome(tool, Value::Record{{"id", "' or 1=1; drop table orders; --"}, {"other", Value{}}}) == "[]");
  CHECK(at.outcome(at.tool({at.words("select count(*) from orders")}, at.type(ir::Type::Kind::Int))) == "3");
}

TEST_CASE("a scalar is the first column of the first row, and none may be none") {
  Shelf at;
  const ir::Template query{at.words("select price, id from orders where id = "), at.hole("id")};
  CHECK(at.outcome(at.tool(query, at.type(ir::Type::Kind::Float)), Value::Record{{"id", "A1"}}) == "9.5");
  CHECK(at.outcome(at.tool(query, at.type(ir::Type::Kind::Float, true)), Value::Record{{"id", "A9"}}) == "null");
  CHECK(at.outcome(at.tool(query, at.type(ir::Type::Kind::Float)), Value::Record{{"id", "A9"}}) == "R0211: `find` found nothing, and must give something");
}

TEST_CASE("a tool that reads cannot write, even if its query would") {
  Shelf at;
  CHECK(at.outcome(at.tool({at.words("with gone as (select 1) delete from orders")}, {})).starts_with("R0211: `find`: "));
  CHECK(at.outcome(at.tool({at.words("select count(*) from orders")}, at.type(ir::Type::Kind::Int))) == "3");
  CHECK(at.outcome(at.tool({at.words("delete from orders where pairs = 2")}, {}, ir::Effects::Writes)) == "null");
  CHECK(at.outcome(at.tool({at.words("select count(*) from orders")}, at.type(ir::Type::Kind::Int))) == "2");
}

TEST_CASE("one query is one statement of one file") {
  Shelf at;
  CHECK(at.outcome(at.tool({at.words("select 1; select 2")}, at.json())) == "R0211: `find`: this is more than one statement");
  CHECK(at.outcome(at.tool({at.words("attach database '/etc/passwd' as p")}, {}, ir::Effects::Writes)).starts_with("R0211"));
  CHECK(at.outcome(at.tool({at.words("selct 1")}, at.json())).starts_with("R0211: `find`: near \"selct\""));
}

TEST_CASE("a query without an end is ended by its deadline, and an answer without one by its size") {
  Shelf at;
  const ir::Template endless{at.words("with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n")};
  Heard heard;
  const auto work = at.start(at.tool(endless, at.json()), Value::Record{}, heard, {}, 50ms);
  at.await([&] { return !heard.outcomes.empty(); });
  CHECK(heard.text() == "R0211 (again): `find`: interrupted");
  CHECK(at.outcome(at.tool({at.words("with recursive n(i) as (select 1 union all select i + 1 from n) select i from n")}, at.json())) == "R0211: `find`: the answer is too large");
}

TEST_CASE("a query that is dropped ends on its thread, and nothing is heard of it") {
  Shelf at;
  Heard heard;
  auto work = at.start(at.tool({at.words("with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n")}, at.json()), Value::Record{}, heard, {}, 1h);
  work.reset();
  CHECK(at.outcome(at.tool({at.words("select 1")}, at.type(ir::Type::Kind::Int))) == "1");
  bool both_free = false;
  at.pool.run(at.loop.poster(), [] {}, [] {});
  at.pool.run(at.loop.poster(), [] {}, [&] { both_free = true; });
  at.await([&] { return both_free; });
  CHECK(heard.outcomes.empty());
}

TEST_CASE("a database that is not there is told of before a call") {
  Shelf at;
  const auto lost = at.program.services.add({.name = "lost", .kind = ir::Service::Kind::Database, .at = {ir::Setting::From::Text, "nowhere.db"}});
  at.program.tools.add(at.tool({at.words("select 1")}, at.json()));
  at.program.tools.add({.name = "other", .body = ir::Tool::Body::Sql, .work = ir::Work{.service = lost, .text = {at.words("select 1")}}});
  Doers doers(at.outside());
  std::optional<std::vector<Error>> errors;
  doers.check(5s, [&](std::vector<Error> found) { errors = std::move(found); });
  at.await([&] { return errors.has_value(); });
  REQUIRE(errors->size() == 1);
  CHECK(errors->front().code == "R0211");
  CHECK(errors->front().text.find("`lost`") != std::string::npos);
}

}  // namespace flow::tools
