#include <catch2/catch_test_macros.hpp>

#include "compiler/ir/eval.h"

namespace flow::ir {
namespace {

using Kind = Type::Kind;

struct Builder {
  Program program = {};
  auto type(Kind kind, bool optional = false) -> Id<Type> { return program.types.add({.kind = kind, .optional = optional}); }
  auto list(Id<Type> element) -> Id<Type> { return program.types.add({.kind = Kind::List, .element = element}); }
  auto is(Kind kind, Value value) -> bool { return conforms(program, value, type(kind)); }
};

TEST_CASE("only an optional or free-form type takes none") {
  Builder b;
  CHECK_FALSE(b.is(Kind::String, {}));
  CHECK(b.is(Kind::Json, {}));
  CHECK(conforms(b.program, {}, b.type(Kind::String, true)));
}

TEST_CASE("whole numbers count as floats, not the other way round") {
  Builder b;
  CHECK(b.is(Kind::Float, 3));
  CHECK_FALSE(b.is(Kind::Int, 3.0));
  CHECK_FALSE(b.is(Kind::Bool, 1));
}

TEST_CASE("text that stands for something has its shape") {
  Builder b;
  CHECK(b.is(Kind::Date, "2026-02-28"));
  CHECK_FALSE(b.is(Kind::Date, "2026-13-01"));
  CHECK_FALSE(b.is(Kind::Date, "2026-02-32"));
  CHECK_FALSE(b.is(Kind::Date, "tomorrow"));
  CHECK(b.is(Kind::Time, "23:59"));
  CHECK(b.is(Kind::Time, "23:59:59"));
  CHECK_FALSE(b.is(Kind::Time, "24:00"));
  CHECK(b.is(Kind::DateTime, "2026-02-28T10:00:00Z"));
  CHECK(b.is(Kind::DateTime, "2026-02-28T10:00+01:00"));
  CHECK_FALSE(b.is(Kind::DateTime, "2026-02-28 10:00"));
  CHECK_FALSE(b.is(Kind::DateTime, "2026-02-28T"));
  CHECK(b.is(Kind::Phone, "+1 (555) 0100"));
  CHECK_FALSE(b.is(Kind::Phone, "call me"));
  CHECK(b.is(Kind::Email, "ann@example.com"));
  CHECK_FALSE(b.is(Kind::Email, "ann@"));
  CHECK(b.is(Kind::Money, "12.50 EUR"));
  CHECK_FALSE(b.is(Kind::Duration, -1));
}

TEST_CASE("enums, lists and records are checked to the bottom") {
  Builder b;
  const auto tier = b.program.enums.add({"Tier", {"basic", "gold"}});
  const auto tier_type = b.program.types.add({.kind = Kind::Enum, .enumeration = tier});
  const auto record = b.program.records.add({"Customer", {{.name = "id", .type = b.type(Kind::String)}, {.name = "tier", .type = tier_type}}});
  const auto customers = b.list(b.program.types.add({.kind = Kind::Record, .record = record}));
  CHECK(conforms(b.program, Value::List{Value::Record{{"id", "1"}, {"tier", "gold"}}}, customers));
  CHECK_FALSE(conforms(b.program, Value::List{Value::Record{{"id", "1"}, {"tier", "lead"}}}, customers));
  CHECK_FALSE(conforms(b.program, Value::List{Value::Record{{"tier", "gold"}}}, customers));
}

struct Lookup : Builder {
  std::vector<Field> params;
  Lookup() {
    params.push_back({.name = "query", .type = type(Kind::String), .doc = "what the caller is looking for"});
    params.push_back({.name = "limit", .type = type(Kind::Int), .fallback = program.exprs.add({.literal = 5})});
    params.push_back({.name = "since", .type = type(Kind::Date, true)});
  }
  auto complete(Value::Record given) -> Result<Value> { return complete_arguments(program, params, given); }
};

TEST_CASE("arguments come out in the declared order with defaults filled in") {
  Lookup lookup;
  const auto complete = lookup.complete({{"since", "2026-01-01"}, {"query", "boots"}});
  REQUIRE(complete);
  CHECK(to_json(*complete) == R"({"query":"boots","limit":5,"since":"2026-01-01"})");
}

TEST_CASE("an argument nobody declared is dropped") {
  Lookup lookup;
  const auto complete = lookup.complete({{"query", "boots"}, {"colour", "red"}});
  REQUIRE(complete);
  CHECK(to_json(*complete) == R"({"query":"boots","limit":5,"since":null})");
}

TEST_CASE("a null argument counts as not given") {
  Lookup lookup;
  CHECK(to_json(*lookup.complete({{"query", "boots"}, {"limit", Value{}}})) == R"({"query":"boots","limit":5,"since":null})");
  CHECK_FALSE(lookup.complete({{"query", Value{}}}));
}

TEST_CASE("a number given as text is taken if all of the text is the number") {
  Lookup lookup;
  CHECK(*lookup.complete({{"query", "x"}, {"limit", "12"}})->field("limit") == Value{12});
  CHECK(*lookup.complete({{"query", "x"}, {"limit", 12.0}})->field("limit") == Value{12});
  CHECK_FALSE(lookup.complete({{"query", "x"}, {"limit", "12 or so"}}));
  CHECK_FALSE(lookup.complete({{"query", "x"}, {"limit", "99999999999999999999"}}));
  CHECK_FALSE(lookup.complete({{"query", "x"}, {"limit", 1e300}}));
  CHECK_FALSE(lookup.complete({{"query", "x"}, {"limit", 1.5}}));
}

TEST_CASE("what is missing or wrong is told in sentences that a model can act on") {
  Lookup lookup;
  const auto failed = lookup.complete({{"limit", true}});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "R0220");
  CHECK(failed.error().text == "`query` is missing: give text, what the caller is looking for. `limit` must be a whole number.");
}

TEST_CASE("arguments that are no object at all are as if none were given") {
  Lookup lookup;
  CHECK_FALSE(complete_arguments(lookup.program, lookup.params, "boots"));
  CHECK(complete_arguments(lookup.program, {}, Value{}) == Value{Value::Record{}});
}

TEST_CASE("the fields of an object inside the arguments are completed too, and named by their path") {
  Builder b;
  const auto record = b.program.records.add(
      {"Item", {{.name = "sku", .type = b.type(Kind::String)}, {.name = "count", .type = b.type(Kind::Int), .fallback = b.program.exprs.add({.literal = 1})}}});
  const std::vector<Field> params{{.name = "items", .type = b.list(b.program.types.add({.kind = Kind::Record, .record = record}))}};
  const auto one = [](Value::Record item) { return Value::Record{{"items", Value::List{std::move(item)}}}; };
  CHECK(to_json(*complete_arguments(b.program, params, one({{"sku", "B7"}, {"x", 1}}))) == R"({"items":[{"sku":"B7","count":1}]})");
  CHECK(complete_arguments(b.program, params, one({})).error().text == "`items[0].sku` is missing: give text.");
}

}  // namespace
}  // namespace flow::ir
