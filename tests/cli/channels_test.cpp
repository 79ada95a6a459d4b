#include "cli/channels.h"

#include <catch2/catch_test_macros.hpp>

using namespace flow;
using namespace flow::cli;

namespace {

using Kind = ir::Channel::Kind;

auto with(std::vector<ir::Channel> channels) -> ir::Program {
  ir::Program program;
  program.name = "shop";
  for (auto& each : channels) program.channels.add(std::move(each));
  return program;
}

auto off(ir::Channel channel) -> ir::Channel {
  channel.active = false;
  return channel;
}

const ir::Channel Hotline{.name = "hotline", .doc = {}, .kind = Kind::Phone, .address = "+15550190"};
const ir::Channel Night{.name = "night", .doc = {}, .kind = Kind::Phone, .address = "+15550191"};
const ir::Channel Page{.name = "page", .doc = {}, .kind = Kind::Browser, .address = "/call"};
const ir::Channel Room{.name = "room", .doc = {}, .kind = Kind::Microphone, .address = {}};

// The name of the channel that is taken, `none`, or the error's code.
auto taken(const ir::Program& program, const std::string& name, bool device) -> std::string {
  const auto channel = channel_of(program, name, device);
  if (!channel) return channel.error().code;
  return *channel ? (*channel)->name : "none";
}

}  // namespace

TEST_CASE("a call stands for the first phone that takes calls, then the first page") {
  CHECK(taken(with({}), "", false) == "none");
  CHECK(taken(with({Room}), "", false) == "none");
  CHECK(taken(with({Page, Room, Hotline, Night}), "", false) == "hotline");
  CHECK(taken(with({Page, off(Hotline), Night}), "", false) == "night");
  CHECK(taken(with({Page, off(Hotline)}), "", false) == "page");
}

TEST_CASE("the microphone of a call is the first one that takes calls, and none is needed where nothing is declared") {
  CHECK(taken(with({}), "", true) == "none");
  CHECK(taken(with({Hotline, Room}), "", true) == "room");
  CHECK(taken(with({Hotline}), "", true) == "R0521");
  CHECK(taken(with({off(Room)}), "", true) == "R0521");
}

TEST_CASE("a channel may be named, whether it takes calls or not") {
  CHECK(taken(with({Hotline, off(Night)}), "night", false) == "night");
  CHECK(taken(with({Hotline, Room}), "room", false) == "room");
  CHECK(taken(with({Hotline, off(Room)}), "room", true) == "room");
  CHECK(taken(with({Hotline, Room}), "hotline", true) == "R0521");
  CHECK(taken(with({}), "night", false) == "R0522");
  const auto program = with({Hotline, Room});
  CHECK(channel_of(program, "nigth", false).error() == Error{"R0522", "`shop` has no channel `nigth`", "`hotline` is the phone +15550190, `room` is a microphone"});
}

TEST_CASE("channels are told in words, and a rehearsal says what it stands for") {
  CHECK(channels_in_words(with({Hotline, off(Room)})) == "`hotline` is the phone +15550190, `room` is a microphone and takes no calls");
  CHECK(rehearsal_of(nullptr).empty());
  CHECK(rehearsal_of(&Room).empty());
  CHECK(rehearsal_of(&Hotline) == "this is a rehearsal: no call comes in by `hotline` (the phone +15550190) yet");
  auto line = Hotline;
  line.audio = ir::AudioFormat::Mulaw;
  line.keys = ir::Channel::Keys::Inband;
  CHECK(rehearsal_of(&line) == "this is a rehearsal: no call comes in by `hotline` (the phone +15550190) yet; it sounds like a line of mulaw, and keys are heard as tones");
  line.audio.reset();
  line.keys = ir::Channel::Keys::None;
  CHECK(rehearsal_of(&line) == "this is a rehearsal: no call comes in by `hotline` (the phone +15550190) yet; no keys come in");
}
