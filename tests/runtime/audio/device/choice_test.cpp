#include "runtime/audio/device/choice.h"

#include <catch2/catch_test_macros.hpp>

using namespace flow::audio::device;

namespace {

const std::vector<Device> Desk{
    {.name = "Built-in Microphone", .inputs = 2, .default_input = true},
    {.name = "Built-in Speaker", .outputs = 2},
    {.name = "USB Headset", .inputs = 1, .outputs = 2, .default_output = true},
};

auto name_of(Side side, std::string_view wanted) { return choose(Desk, side, wanted).value_or(Device{.name = "none"}).name; }
auto error_of(Side side, std::string_view wanted) { return choose(Desk, side, wanted).error(); }

}  // namespace

TEST_CASE("without a word the default device of the side is meant") {
  CHECK(name_of(Side::Input, "") == "Built-in Microphone");
  CHECK(name_of(Side::Output, "") == "USB Headset");
}

TEST_CASE("a device is meant by its number, its name, or a part of it in any case") {
  CHECK(name_of(Side::Input, "3") == "USB Headset");
  CHECK(name_of(Side::Output, "Built-in Speaker") == "Built-in Speaker");
  CHECK(name_of(Side::Input, "headset") == "USB Headset");
}

TEST_CASE("a part of a name counts among devices of that side only") {
  CHECK(name_of(Side::Output, "built-in") == "Built-in Speaker");
  CHECK(name_of(Side::Input, "built-in") == "Built-in Microphone");
}

TEST_CASE("what means no device, or several, is said with what it could be") {
  CHECK(error_of(Side::Input, "4").code == "R0311");
  CHECK(error_of(Side::Input, "0").code == "R0311");
  CHECK(error_of(Side::Output, "1").text.find("Built-in Microphone") != std::string::npos);
  CHECK(error_of(Side::Input, "guitar").text == "no microphone has `guitar` in its name");
  CHECK(error_of(Side::Output, "s").text == "`s` can be `Built-in Speaker`, `USB Headset`");
}

TEST_CASE("a machine with no device of that side says so, whatever was asked for") {
  const std::vector<Device> deaf{{.name = "Speaker", .outputs = 2}};
  CHECK(choose(deaf, Side::Input, "").error().code == "R0310");
  CHECK(choose(deaf, Side::Input, "1").error().code == "R0310");
}
