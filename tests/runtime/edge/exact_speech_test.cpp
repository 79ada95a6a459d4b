// Lines that another service speaks: heard like any other reply, and never lost with it.

#include "runtime/edge/exact_speech.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/edge/world.h"

namespace flow::edge {
namespace {

// The voice service, moved by the test.
struct Speaker {
  std::vector<std::string> words;
  std::function<void(std::string_view)> piece;
  std::function<void(Result<void>)> done;
  std::weak_ptr<void> waits;

  auto speak() -> Speak {
    return [this](Id<ir::Service>, const std::string& what, std::function<void(std::string_view)> on_piece, std::function<void(Result<void>)> on_done) {
      words.push_back(what);
      piece = std::move(on_piece), done = std::move(on_done);
      const auto request = std::make_shared<int>();
      waits = request;
      return std::static_pointer_cast<void>(request);
    };
  }
  // As it comes over a network: pieces that end in the middle of a sample.
  void says(core::Millis length, std::int16_t level = 3'000) const {
    const std::vector<std::int16_t> samples(static_cast<std::size_t>(core::to_samples(length).count), level);
    const std::string_view bytes(reinterpret_cast<const char*>(samples.data()), samples.size() * 2);
    piece(bytes.substr(0, 333));
    piece(bytes.substr(333));
  }
};

// The agent greets with a line.
struct Told {
  Speaker speaker;
  World world;

  Told() {
    auto& p = world.shop.program;
    p.realtimes[p.realtime].exact_speech = p.services.add({.name = "voice", .kind = ir::Service::Kind::Http});
    p.agents[world.shop.desk].greet_first = test::words("Calls are recorded.");
    world.speak = speaker.speak();
    world.connect();
    world.await([&] { return !speaker.words.empty(); });
  }
};

}  // namespace

TEST_CASE("an exact line is spoken by the voice service, and the model is not asked for it") {
  Told told;
  CHECK(told.speaker.words == std::vector<std::string>{"Calls are recorded."});
  told.speaker.says(400ms);
  told.speaker.done({});
  CHECK(last_of<core::ResponseEnded>(told.world.notes.events).status == core::ResponseStatus::Completed);
  told.world.pass(100ms);
  CHECK_FALSE(told.world.phone.silent);
  told.world.pass(600ms);
  CHECK(told.world.phone.silent);
  CHECK(told.world.service.count("response.create") == 0);
  CHECK(told.world.notes.decided(core::Decision::LineSpoken) == 1);
  std::int64_t heard = 0;
  for (const auto& event : told.world.notes.events) {
    if (const auto* audio = std::get_if<core::AudioArrived>(&event)) heard += audio->length.count;
  }
  CHECK(heard == core::to_samples(400ms).count);  // not half a sample is lost
  told.world.turn("item_1");                      // and the model answers as ever
}

TEST_CASE("the model reads the line when the voice service refuses or is silent") {
  for (const bool refuses : {true, false}) {
    Told told;
    if (refuses) told.speaker.done(failure("R0230", "not today"));
    else told.world.pass(2'600ms);
    told.world.service.await("response.create");
    CHECK(told.speaker.waits.expired());
    CHECK(told.world.notes.decided(core::Decision::ErrorReported) == 1);
  }
}

TEST_CASE("a line that breaks off is told as one that the model broke off, and the call goes on") {
  Told told;
  told.speaker.says(200ms);
  told.speaker.done(failure("R0108", "gone"));
  CHECK(last_of<core::ResponseEnded>(told.world.notes.events).status == core::ResponseStatus::Incomplete);
  CHECK(told.world.notes.decided(core::Decision::ErrorReported) == 1);
  told.world.pass(600ms);
  CHECK(told.world.phone.silent);
  told.world.turn("item_1");
}

TEST_CASE("a caller who interrupts stops the voice service, and is answered by the model") {
  Told told;
  told.speaker.says(3'000ms);
  told.world.pass(500ms);
  told.world.service.caller_speaks("item_1");
  told.world.await_event<core::PlayoutFlushed>();
  CHECK(told.speaker.waits.expired());
  told.world.await_event<core::ResponseEnded>();
  CHECK(last_of<core::ResponseEnded>(told.world.notes.events).status == core::ResponseStatus::Cancelled);
  told.world.pass(800ms, 3'000);
  CHECK(told.world.phone.silent);
  told.world.service.caller_stops("item_1");
  told.world.service.await("response.create");
  CHECK(told.world.service.count("conversation.item.truncate") == 0);  // the service never had it
  CHECK(told.world.service.count("response.cancel") == 0);
}

TEST_CASE("what the voice service says after the connection is gone is heard by nobody") {
  Told told;
  const auto piece = told.speaker.piece;
  told.world.service.drop();
  told.world.await_event<core::LinkLost>();
  const auto events = told.world.notes.events.size();
  piece("1234");
  CHECK(told.world.notes.events.size() == events);
}

}  // namespace flow::edge
