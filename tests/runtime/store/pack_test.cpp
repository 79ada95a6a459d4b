#include "runtime/store/pack.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/store/random.h"

namespace flow::store {
namespace {

using namespace flow::core;

auto packed(const Event& event) -> std::string {
  std::string out;
  pack(event, out);
  return out;
}
auto packed(const Effect& effect) -> std::string {
  std::string out;
  pack(effect, out);
  return out;
}

TEST_CASE("an event is one line with its name and its fields in order") {
  CHECK(packed(Event{ToolFinished{JobId{3}, 1, Value::Record{{"id", "A1"}}}}) == R"(["ToolFinished",3,1,{"id":"A1"}])");
  CHECK(packed(Event{CallerHungUp{}}) == R"(["CallerHungUp"])");
  CHECK(packed(Event{DigitPressed{'#'}}) == R"(["DigitPressed","#"])");
  CHECK(packed(Event{ItemAdded{Epoch{1}, ResponseId{2}, ItemId{3}, ItemKind::AgentSpeech}}) == R"(["ItemAdded",1,2,3,"AgentSpeech"])");
  CHECK(packed(Event{PlayoutFlushed{FlushId{1}, Samples{4800}}}) == R"(["PlayoutFlushed",1,4800])");
}

TEST_CASE("an effect shows ids that point nowhere, optionals and instants plainly") {
  CHECK(packed(Effect{SetTimer{TimerId{4}, Instant{Millis{1500}}}}) == R"(["SetTimer",4,1500])");
  CHECK(packed(Effect{Decided{.what = Decision::CallerSaid, .text = "two\nlines"}}) == R"(["Decided","CallerSaid",0,null,0,"two\nlines"])");
}

TEST_CASE("arguments that were no object differ from an empty object, and from null") {
  const auto call = [](std::optional<Value> arguments) { return packed(Event{FunctionCalled{.name = "f", .arguments = arguments}}); };
  CHECK(call(std::nullopt).ends_with(R"("f",null])"));
  CHECK(call(Value{}).ends_with(R"("f",[null]])"));
  CHECK(call(Value::Record{}).ends_with(R"("f",[{}]])"));
}

TEST_CASE("whole numbers and doubles stay what they are") {
  for (const auto& value : {Value{3}, Value{3.0}, Value{-0.0}, Value{1e300}, Value{std::int64_t{1} << 62}}) {
    const Event event = ToolFinished{JobId{1}, 1, value};
    const auto back = unpack_event(packed(event));
    REQUIRE(back);
    CHECK(std::get<ToolFinished>(*back).result.data.index() == value.data.index());
    CHECK(packed(*back) == packed(event));
  }
}

TEST_CASE("every generated event reads back as itself, byte for byte") {
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto event = random.one_of(std::type_identity<Event>{});
    const auto text = packed(event);
    const auto back = unpack_event(text);
    INFO(text);
    REQUIRE(back);
    REQUIRE(*back == event);
    REQUIRE(packed(*back) == text);
    REQUIRE(text.find('\n') == text.npos);
  }
}

TEST_CASE("every generated list of effects reads back as itself, byte for byte") {
  Random random(2);
  for (int i = 0; i < 5'000; ++i) {
    EffectList effects;
    for (auto n = random.below(4); n > 0; --n) effects.push_back(random.one_of(std::type_identity<Effect>{}));
    std::string text;
    pack(effects, text);
    const auto back = unpack_effects(text);
    INFO(text);
    REQUIRE(back);
    REQUIRE(*back == effects);
  }
}

TEST_CASE("a line with damaged bytes is refused or read, never worse") {
  Random random(3);
  for (int i = 0; i < 50'000; ++i) {
    auto text = packed(random.one_of(std::type_identity<Event>{}));
    for (auto n = 1 + random.below(3); n > 0; --n) text[random.below(text.size())] = static_cast<char>(random.below(256));
    if (random.below(4) == 0) text.resize(random.below(text.size()));
    if (const auto back = unpack_event(text)) CHECK(unpack_event(packed(*back)));
  }
}

TEST_CASE("what is no event says from which byte on") {
  const auto error = [](std::string_view text) { return unpack_event(text).error(); };
  CHECK(error(R"(["TimerFired",x])").text == "this is no event from byte 14 on");
  CHECK(error(R"(["TimerFired",1]])").text == "this is no event from byte 16 on");
  CHECK(error(R"(["NoSuchThing"])").code == "R0402");
  CHECK(error(R"(["TimerFired",4294967296])").code == "R0402");
  CHECK(error(R"(["ItemAdded",1,2,3,"NoKind"])").code == "R0402");
  CHECK(error("").code == "R0402");
}

TEST_CASE("nesting without end is refused, not followed") {
  const auto deep = R"(["ToolFinished",1,1,)" + std::string(1'000'000, '[');
  CHECK_FALSE(unpack_event(deep));
}

}  // namespace
}  // namespace flow::store
