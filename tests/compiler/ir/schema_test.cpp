#include "compiler/ir/schema.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::ir {
namespace {

struct Builder {
  Program p;
  auto type(Type::Kind kind, bool optional = false) -> Id<Type> { return p.types.add({.kind = kind, .optional = optional}); }
};

TEST_CASE("a tool without parameters takes an empty object and nothing else") {
  CHECK(parameters_schema({}, {}) == R"({"type":"object","properties":{},"required":[],"additionalProperties":false})");
}

TEST_CASE("descriptions carry the author's words, the shape and the default") {
  Builder b;
  const std::vector<Field> fields{{.name = "query", .type = b.type(Type::Kind::String), .doc = "what the caller is looking for"},
                                  {.name = "limit", .type = b.type(Type::Kind::Int), .fallback = b.p.exprs.add({.literal = 5})},
                                  {.name = "since", .type = b.type(Type::Kind::Date, true), .doc = "not before"}};
  CHECK(parameters_schema(b.p, fields) ==
        R"({"type":"object","properties":{)"
        R"("query":{"type":"string","description":"what the caller is looking for"},)"
        R"("limit":{"type":["integer","null"],"description":"null for the default, 5"},)"
        R"("since":{"type":["string","null"],"description":"not before; a date, YYYY-MM-DD"}},)"
        R"("required":["query","limit","since"],"additionalProperties":false})");
}

TEST_CASE("an enum lists its values, and null if it may be left out") {
  Builder b;
  const auto tier = b.p.enums.add({"Tier", {"basic", "gold"}});
  const auto optional = b.p.types.add({.kind = Type::Kind::Enum, .optional = true, .enumeration = tier});
  CHECK(parameters_schema(b.p, {{.name = "tier", .type = optional}}) ==
        R"({"type":"object","properties":{"tier":{"type":["string","null"],"enum":["basic","gold",null]}},"required":["tier"],"additionalProperties":false})");
}

TEST_CASE("lists and records are described to the bottom") {
  Builder b;
  const auto record = b.p.records.add({"Item", {{.name = "sku", .type = b.type(Type::Kind::String), .doc = "from the label"}}});
  const auto item = b.p.types.add({.kind = Type::Kind::Record, .record = record});
  const auto items = b.p.types.add({.kind = Type::Kind::List, .element = item});
  CHECK(parameters_schema(b.p, {{.name = "items", .type = items}, {.name = "extra", .type = b.type(Type::Kind::Json)}}) ==
        R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{)"
        R"("sku":{"type":"string","description":"from the label"}},"required":["sku"],"additionalProperties":false}},"extra":{}},)"
        R"("required":["items","extra"],"additionalProperties":false})");
}

}  // namespace
}  // namespace flow::ir
