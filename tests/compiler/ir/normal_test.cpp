// What a caller or a model may write, and what is kept of it.

#include "compiler/ir/normal.h"

#include <catch2/catch_test_macros.hpp>

#include "compiler/ir/eval.h"

using namespace flow;
using namespace flow::ir;

namespace {

using Kind = Type::Kind;

auto fitted(Kind kind, const Value& given) -> std::string {
  Program program;
  program.enums.add({"Reason", {"too_small", "damaged"}});
  Type type{.kind = kind};
  if (kind == Kind::Enum) type.enumeration = program.enums.id_at(0);
  const auto value = fit_value(program, given, program.types.add(type), "it");
  return value ? to_json(*value) : "refused: " + value.error().code;
}

}  // namespace

TEST_CASE("what is meant is kept in one way of writing it") {
  CHECK(fitted(Kind::Date, "2026-3-1") == "\"2026-03-01\"");
  CHECK(fitted(Kind::Time, "9:30") == "\"09:30\"");
  CHECK(fitted(Kind::Time, "9:30 PM") == "\"21:30\"");
  CHECK(fitted(Kind::Time, "12 am") == "\"00:00\"");
  CHECK(fitted(Kind::Time, "14:30:00") == "\"14:30\"");
  CHECK(fitted(Kind::DateTime, "2026-3-1 9:30") == "\"2026-03-01T09:30\"");
  CHECK(fitted(Kind::DateTime, "2026-03-01T09:30:00Z") == "\"2026-03-01T09:30Z\"");
  CHECK(fitted(Kind::Phone, "+1 (555) 010-0123") == "\"+15550100123\"");
  CHECK(fitted(Kind::Email, " Ann@Example.COM ") == "\"Ann@example.com\"");
  CHECK(fitted(Kind::Money, "12.5 eur") == "\"12.50 EUR\"");
  CHECK(fitted(Kind::Money, "EUR 12") == "\"12.00 EUR\"");
  CHECK(fitted(Kind::Duration, "90s") == "90000");
  CHECK(fitted(Kind::Duration, "1.5 hours") == "5400000");
  CHECK(fitted(Kind::Int, "47 11") == "4711");
  CHECK(fitted(Kind::Bool, "Yes") == "true");
  CHECK(fitted(Kind::Enum, "Too small") == "\"too_small\"");
  CHECK(fitted(Kind::String, "  A1 ") == "\"A1\"");
}

TEST_CASE("what cannot be meant is refused by code") {
  CHECK(fitted(Kind::Date, "2026-13-01") == "refused: R0220");
  CHECK(fitted(Kind::Date, "tomorrow") == "refused: R0220");
  CHECK(fitted(Kind::Time, "25:00") == "refused: R0220");
  CHECK(fitted(Kind::Time, "13 pm") == "refused: R0220");
  CHECK(fitted(Kind::Phone, "ask my wife") == "refused: R0220");
  CHECK(fitted(Kind::Email, "ann at example") == "refused: R0220");
  CHECK(fitted(Kind::Money, "a lot") == "refused: R0220");
  CHECK(fitted(Kind::Duration, "a while") == "refused: R0220");
  CHECK(fitted(Kind::Int, "many") == "refused: R0220");
  CHECK(fitted(Kind::Enum, "ugly") == "refused: R0220");
}
