#include "runtime/json/json.h"

#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "runtime/json/tree.h"

namespace flow::json {
namespace {

auto code_of(std::string_view text, Limits limits = {}) -> std::string {
  const auto read = parse(text, limits);
  return read ? "none" : read.error().code;
}

TEST_CASE("every kind of JSON becomes the value of the same kind, in order") {
  const auto read = parse(R"( {"b":true,"a":null,"n":-7,"f":2.5,"t":"a\"\u00e9\n","l":[1,[],{}]} )");
  REQUIRE(read);
  CHECK(*read == Value{Value::Record{{"b", true},
                                     {"a", Value{}},
                                     {"n", -7},
                                     {"f", 2.5},
                                     {"t", "a\"\xc3\xa9\n"},
                                     {"l", Value::List{1, Value::List{}, Value::Record{}}}}});
}

TEST_CASE("a value printed and read again is the same") {
  const std::string text =
      R"({"order":"A-17","lines":[{"n":1,"price":19.99},{"n":2,"price":0.1}],"note":null,"ok":false})";
  CHECK(to_json(parse(text).value()) == text);
}

TEST_CASE("doubles are read exactly") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const double number = std::uniform_real_distribution<double>(-1e6, 1e6)(random);
    REQUIRE(parse(fmt::format("{:.17g}", number)).value() == Value{number});
  }
  CHECK(parse("1e-400").value() == Value{0.0});
}

TEST_CASE("whole numbers stay whole as far as 64 bits reach") {
  CHECK(parse("9223372036854775807").value() == Value{std::int64_t{9223372036854775807}});
  CHECK(parse("9223372036854775808").value() == Value{9223372036854775808.0});
  CHECK(parse("-9223372036854775808").value() == Value{std::numeric_limits<std::int64_t>::min()});
}

TEST_CASE("of a name that is there twice the last counts") {
  CHECK(parse(R"({"a":1,"b":2,"a":3})").value() == Value{Value::Record{{"a", 3}, {"b", 2}}});
}

TEST_CASE("what is not one JSON text is an error with a code") {
  for (const auto* text : {"", " ", "{", "[1,]", "{\"a\"}", "nul", "'a'", "\"a", "1 2", "{} x", "\"\x01\"", "\"\xff\"",
                           "\"\\ud800\"", "01", "+1", ".5"}) {
    CAPTURE(text);
    CHECK(code_of(text) == "json_syntax");
  }
  CHECK(code_of("1e400") == "json_number");
  CHECK(code_of("[1e999999999]") == "json_number");
}

TEST_CASE("size and depth are bounded") {
  CHECK(code_of("[1,2,3]", {.bytes = 6}) == "json_too_long");
  CHECK(code_of("[1,2,3]", {.bytes = 7}) == "none");
  CHECK(code_of(std::string(64, '[') + std::string(64, ']')) == "none");
  CHECK(code_of(std::string(65, '[') + std::string(65, ']')) == "json_too_deep");
  CHECK(code_of(std::string(1 << 20, '[')) == "json_too_deep");
}

TEST_CASE("an object is told from what is not one without reading it") {
  for (const auto* text : {"{}", " {\"a\":[1,2.5e3,null,{\"b\":\"\\u00e9\"}]} \n"}) CHECK(is_object(text));
  for (const auto* text : {"", " ", "[]", "{", "{}}", "{x}", "1", "{\"a\":1e400}", "{\"a\":\"\xff\"}"})
    CHECK_FALSE(is_object(text));
  CHECK_FALSE(is_object("{}", {.bytes = 1}));
}

TEST_CASE("an error says where it is") {
  const auto read = parse(R"({"a":x})");
  REQUIRE_FALSE(read);
  CHECK(read.error().text.find("byte 5") != std::string::npos);
}

TEST_CASE("a tree holds the same as the values") {
  const std::string text = R"({"a":[1,2.5,"x",null,true,{"b":[]}],"big":18446744073709551615})";
  const auto tree = parse_tree(text);
  REQUIRE(tree);
  CHECK(to_value(*tree) == parse(text).value());
  CHECK(parse_tree("[").error().code == "json_syntax");
  CHECK(parse_tree(std::string(65, '[') + std::string(65, ']')).error().code == "json_too_deep");
  CHECK(parse_tree("[1,2,3]", {.bytes = 6}).error().code == "json_too_long");
}

}  // namespace
}  // namespace flow::json
