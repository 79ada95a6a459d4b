#include "runtime/channels/typed_line.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::channels {
namespace {

using core::DigitPressed;
using core::TextTyped;
using Several = std::vector<Typed>;

auto is_notice(std::string_view line) -> bool {
  const auto typed = read_typed_line(line);
  return typed.size() == 1 && std::holds_alternative<Notice>(typed.front());
}

}  // namespace

TEST_CASE("what is typed is what the caller says, without the blanks around it") {
  CHECK(read_typed_line("  what did I order?\r") == Several{TextTyped{"what did I order?"}});
}

TEST_CASE("a line of blanks says nothing") {
  CHECK(read_typed_line("").empty());
  CHECK(read_typed_line(" \t ").empty());
}

TEST_CASE("keys are pressed one after the other") {
  CHECK(read_typed_line("/dtmf 1 2#") == Several{DigitPressed{'1'}, DigitPressed{'2'}, DigitPressed{'#'}});
}

TEST_CASE("keys that a phone does not have are not pressed, none of the line's") {
  CHECK(is_notice("/dtmf 1x"));
  CHECK(is_notice("/dtmf"));
}

TEST_CASE("a caller can hang up and can say a line that begins with a slash") {
  CHECK(read_typed_line("/hangup") == Several{core::CallerHungUp{}});
  CHECK(read_typed_line("/say /etc is a folder") == Several{TextTyped{"/etc is a folder"}});
}

TEST_CASE("what nobody can do anything with is told to the person who typed it") {
  CHECK(is_notice("/help"));
  CHECK(is_notice("/say "));
  CHECK(is_notice("/dance"));
  CHECK(is_notice("\xC3\x28"));
  CHECK(is_notice(std::string(TypedLineMax + 1, 'a')));
}

TEST_CASE("lines are found wherever the bytes are cut") {
  const std::string typed = "one\r\ntwo\n\nthree";
  for (std::size_t cut = 0; cut <= typed.size(); ++cut) {
    Lines lines;
    std::vector<std::string> found;
    lines.add(typed.substr(0, cut), found);
    lines.add(typed.substr(cut), found);
    CHECK(found == std::vector<std::string>{"one", "two", ""});
    CHECK(lines.rest() == "three");
    CHECK(lines.rest().empty());
  }
}

TEST_CASE("a line without end takes no more room than the longest that is allowed") {
  Lines lines;
  std::vector<std::string> found;
  for (int n = 0; n < 1000; ++n) lines.add(std::string(1000, 'a'), found);
  lines.add("\n", found);
  REQUIRE(found.size() == 1);
  CHECK(is_notice(found.front()));
}

}  // namespace flow::channels
