#include "compiler/ir/eval.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::ir {
namespace {

using Op = Expr::Op;

struct Builder {
  Program program = {};

  auto literal(Value value) -> Id<Expr> { return program.exprs.add({.literal = std::move(value)}); }
  auto local(std::string name) -> Id<Expr> { return program.exprs.add({.op = Op::Local, .name = std::move(name)}); }
  auto of(Op op, std::vector<Id<Expr>> args) -> Id<Expr> { return program.exprs.add({.op = op, .args = std::move(args)}); }
  auto field(Id<Expr> of, std::string name) -> Id<Expr> {
    return program.exprs.add({.op = Op::Field, .name = std::move(name), .args = {of}});
  }
  auto type(Type::Kind kind, bool optional = false) -> Id<Type> { return program.types.add({.kind = kind, .optional = optional}); }
  auto compare(Op op, Value left, Value right) -> Value {
    return evaluate(program, of(op, {literal(std::move(left)), literal(std::move(right))}), {});
  }
};

TEST_CASE("a path through none is none, not a failure") {
  Builder b;
  const auto name = b.field(b.field(b.local("caller"), "address"), "street");
  const Value locals = Value::Record{{"caller", Value{}}};
  CHECK(evaluate(b.program, name, {.locals = &locals}).is_none());
  CHECK(evaluate(b.program, name, {}).is_none());
}

TEST_CASE("state, locals and facts of the call are looked up where they live") {
  Builder b;
  const auto verified = b.program.state.add({.name = "verified", .type = b.type(Type::Kind::Bool)});
  const auto state_expr = b.program.exprs.add({.op = Op::State, .state = verified});
  const auto call_expr = b.program.exprs.add({.op = Op::Call, .name = "from"});
  const auto local_expr = b.local("id");
  const std::vector<Value> state{true};
  const Value locals = Value::Record{{"id", "A1"}};
  const Value call = Value::Record{{"from", "+15550100"}};
  const Scope scope{&state, &locals, &call};
  CHECK(evaluate(b.program, state_expr, scope) == Value{true});
  CHECK(evaluate(b.program, call_expr, scope) == Value{"+15550100"});
  CHECK(evaluate(b.program, local_expr, scope) == Value{"A1"});
}

TEST_CASE("whole numbers and floats are compared by worth") {
  Builder b;
  CHECK(b.compare(Op::Eq, 1, 1.0) == Value{true});
  CHECK(b.compare(Op::Lt, 1, 1.5) == Value{true});
  CHECK(b.compare(Op::Ge, 2.0, 2) == Value{true});
  CHECK(b.compare(Op::Eq, Value::List{1, 2}, Value::List{1.0, 2.0}) == Value{true});
}

TEST_CASE("values of different kinds are unequal and unordered") {
  Builder b;
  CHECK(b.compare(Op::Eq, 1, "1") == Value{false});
  CHECK(b.compare(Op::Ne, 1, "1") == Value{true});
  for (const auto op : {Op::Lt, Op::Le, Op::Gt, Op::Ge}) {
    CHECK(b.compare(op, 1, "1") == Value{false});
    CHECK(b.compare(op, Value{}, 1) == Value{false});
    CHECK(b.compare(op, true, false) == Value{false});
  }
}

TEST_CASE("none equals none and nothing else") {
  Builder b;
  CHECK(b.compare(Op::Eq, Value{}, Value{}) == Value{true});
  CHECK(b.compare(Op::Eq, Value{}, false) == Value{false});
  CHECK(b.compare(Op::Eq, Value{}, "") == Value{false});
}

TEST_CASE("and, or and not give true or false, whatever they are given") {
  Builder b;
  CHECK(b.compare(Op::And, "x", 0) == Value{true});
  CHECK(b.compare(Op::And, "x", "") == Value{false});
  CHECK(b.compare(Op::Or, Value{}, Value::List{}) == Value{false});
  CHECK(b.compare(Op::Or, Value{}, "x") == Value{true});
  CHECK(evaluate(b.program, b.of(Op::Not, {b.literal(Value{})}), {}) == Value{true});
}

TEST_CASE("in finds a value in a list, and in nothing else") {
  Builder b;
  CHECK(b.compare(Op::In, 2, Value::List{1, 2.0}) == Value{true});
  CHECK(b.compare(Op::In, 3, Value::List{1, 2}) == Value{false});
  CHECK(b.compare(Op::In, "a", "abc") == Value{false});
  CHECK(b.compare(Op::In, "a", Value{}) == Value{false});
}

TEST_CASE("lists and records are built from their parts") {
  Builder b;
  const auto list = b.of(Op::List, {b.literal(1), b.local("x")});
  const auto record = b.program.exprs.add({.op = Op::Record, .names = {"id", "items"}, .args = {b.literal("A1"), list}});
  const Value locals = Value::Record{{"x", 2}};
  CHECK(to_json(evaluate(b.program, record, {.locals = &locals})) == R"({"id":"A1","items":[1,2]})");
}

TEST_CASE("a template takes one side of its condition and keeps every space") {
  Builder b;
  const auto caller = b.local("caller");
  const Template text{
      {.text = "Hello"},
      {.kind = TemplatePart::Kind::If, .expr = caller, .then = {{.text = ", "}, {.kind = TemplatePart::Kind::Hole, .expr = b.field(caller, "name")}},
       .otherwise = {{.text = " there "}}},
      {.text = " . "}};
  const Value known = Value::Record{{"caller", Value::Record{{"name", "Ann"}}}};
  CHECK(render(b.program, text, {.locals = &known}) == "Hello, Ann . ");
  CHECK(render(b.program, text, {}) == "Hello there  . ");
}

TEST_CASE("the state of a call starts with its defaults, and with none where there is none") {
  Builder b;
  b.program.state.add({.name = "verified", .type = b.type(Type::Kind::Bool), .initial = b.literal(false)});
  b.program.state.add({.name = "caller", .type = b.type(Type::Kind::String, true)});
  CHECK(initial_state(b.program) == std::vector<Value>{false, Value{}});
}

}  // namespace
}  // namespace flow::ir
