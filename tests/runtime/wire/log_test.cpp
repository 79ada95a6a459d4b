#include "runtime/wire/log.h"

#include <catch2/catch_test_macros.hpp>

#include "runtime/json/json.h"

namespace flow::wire {
namespace {

auto line(Direction direction, std::string_view frame) -> std::string {
  std::string out;
  log_line(core::Millis{1'250}, direction, frame, out);
  return out;
}

TEST_CASE("a wire log line holds the frame as it was") {
  CHECK(line(Direction::In, R"({"type":"x","a":1.50})") ==
        "{\"t_ms\":1250,\"dir\":\"in\",\"event\":{\"type\":\"x\",\"a\":1.50}}\n");
  CHECK(line(Direction::Out, R"({})") == "{\"t_ms\":1250,\"dir\":\"out\",\"event\":{}}\n");
}

TEST_CASE("a frame of many lines is one line of the log") {
  const auto text = line(Direction::In, "\n{\n  \"type\": \"x\",\r\n  \"a\": \"b\\nc\"\n}\n");
  CHECK(text.find('\n') == text.size() - 1);
  const auto event = json::parse(text).value();
  CHECK(event.field("event")->field("a")->text()->find('\n') == 1);
}

TEST_CASE("what is not a JSON object is kept as text") {
  for (const auto* frame : {"", "hello \"you\"", "[1]", "{", "null", "\x01", "{x}", "{\"a\":1}}"}) {
    const auto read = json::parse(line(Direction::In, frame));
    REQUIRE(read);
    CHECK(*read->field("text")->text() == frame);
    CHECK(read->field("event") == nullptr);
  }
}

TEST_CASE("lines are appended") {
  std::string out = "before\n";
  log_line(core::Millis{0}, Direction::Out, "{}", out);
  log_line(core::Millis{1}, Direction::Out, "{}", out);
  CHECK(out == "before\n{\"t_ms\":0,\"dir\":\"out\",\"event\":{}}\n{\"t_ms\":1,\"dir\":\"out\",\"event\":{}}\n");
}

}  // namespace
}  // namespace flow::wire
