#include "cli/channels.h"

#include <catch2/catch_test_macros.hpp>

using namespace flow;
using namespace flow::cli;

namespace {

using Kind = ir::Channel::Kind;

auto with(std::vector<ir::Channel> channels) -> ir::Program {
  ir::Program program;
  for (auto& each : channels) program.channels.add(std::move(each));
  return program;
}

const ir::Channel Hotline{.name = "hotline", .doc = {}, .kind = Kind::Phone, .address = "+15550190"};
const ir::Channel Room{.name = "room", .doc = {}, .kind = Kind::Microphone, .address = {}};

}  // namespace

TEST_CASE("the microphone of a call is the first one that takes calls") {
  CHECK(microphone_of(with({})) == nullptr);
  CHECK(microphone_of(with({Hotline})) == nullptr);
  CHECK(microphone_of(with({Hotline, Room}))->name == "room");
  auto off = Room;
  off.active = false;
  CHECK(microphone_of(with({off})) == nullptr);
}

TEST_CASE("channels are told in words, and a rehearsal says what it stands for") {
  auto off = Room;
  off.active = false;
  CHECK(channels_in_words(with({Hotline, off})) == "`hotline` is the phone +15550190, `room` is a microphone and takes no calls");
  CHECK(rehearsal_of(with({Hotline, Room})).find("hotline") != std::string::npos);
  CHECK(rehearsal_of(with({Room})).empty());
}
