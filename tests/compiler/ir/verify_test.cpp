#include "compiler/ir/verify.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/random_program.h"

namespace flow::ir {
namespace {

using Problems = std::vector<std::string>;

auto good() -> Program { return test::RandomProgram{5}.make(); }

auto problems_with(auto spoil) -> Problems {
  auto program = good();
  REQUIRE(verify(program) == Problems{});
  spoil(program);
  return verify(program);
}

TEST_CASE("an id beyond its table is a problem with its place") {
  CHECK(problems_with([](Program& p) { p.start = Id<Agent>{99}; }) == Problems{"program: start: there is no row #99"});
  CHECK(problems_with([](Program& p) { p.realtime = {}; }).size() == 1);
}

TEST_CASE("an expression stands after its parts and is part of one other at most") {
  Program p = good();
  const auto one = p.exprs.add({.literal = 1});
  p.exprs.add({.op = Expr::Op::Eq, .args = {one, one}});
  REQUIRE(verify(p).size() == 1);
  CHECK(verify(p)[0].ends_with("is part of two expressions"));
  auto q = good();
  q.exprs.add({.op = Expr::Op::Not, .args = {Id<Expr>{static_cast<std::uint32_t>(q.exprs.size())}}});
  CHECK(verify(q)[0].ends_with("does not stand before it"));
}

TEST_CASE("an expression that is nested too deep is refused") {
  auto p = good();
  auto e = p.exprs.add({.literal = true});
  for (int i = 0; i <= ExprDepthMax; ++i) e = p.exprs.add({.op = Expr::Op::Not, .args = {e}});
  CHECK(verify(p).size() == 1);
}

TEST_CASE("a record that contains itself is refused") {
  auto p = good();
  const auto record = p.records.add({"Order", {}});
  const auto type = p.types.add({.kind = Type::Kind::Record, .record = record});
  const auto list = p.types.add({.kind = Type::Kind::List, .element = type});
  CHECK(verify(p) == Problems{});
  p.records[record].fields.push_back({.name = "orders", .type = list});
  REQUIRE_FALSE(verify(p).empty());
  CHECK(verify(p)[0].ends_with("it contains itself, or is nested too deep"));
}

TEST_CASE("what a kind does not use must be empty") {
  auto p = good();
  p.handlers.add({.on = {.kind = EventPattern::Kind::NoMatch, .after = Millis{5}}});
  p.handlers.add({.on = {.kind = EventPattern::Kind::Hangup}, .actions = {{.kind = Action::Kind::EndCall, .state = Id<StateField>{0}}}});
  p.types.add({.kind = Type::Kind::Int, .record = Id<Record>{0}});
  CHECK(verify(p).size() == 1);  // types first: the rest walks over them
  p.types = good().types;
  CHECK(verify(p).size() == 2);
}

TEST_CASE("two tools of one name are a problem") {
  auto p = good();
  Tool tool{.name = "twin", .schema = "{}", .body = Tool::Body::EndCall, .policy = Id<Policy>{0}};
  p.tools.add(tool);
  CHECK(verify(p) == Problems{});
  p.tools.add(tool);
  CHECK(verify(p) == Problems{"tool table: name: `twin` is there twice"});
}

TEST_CASE("numbers of a policy are in range") {
  const auto row = [](Program& p) -> Policy& { return p.policies[Id<Policy>{0}]; };
  CHECK(problems_with([&](Program& p) { row(p).heard_percent = 0; }).size() == 1);
  CHECK(problems_with([&](Program& p) { row(p).timeout = Millis{0}; }).size() == 1);
  CHECK(problems_with([&](Program& p) { row(p).grace = Millis{-1}; }).size() == 1);
  CHECK(problems_with([&](Program& p) { row(p).deliver = static_cast<Policy::Deliver>(77); }).size() == 1);
}

}  // namespace
}  // namespace flow::ir
