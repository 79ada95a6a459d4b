#pragma once
// One dialect with what it is asked and what it says, for tests.

#include <catch2/catch_test_macros.hpp>

#include "runtime/json/json.h"
#include "runtime/wire/openai/codec.h"
#include "runtime/wire/openai/dialect.h"
#include "runtime/wire/openai/shape.h"

namespace flow::wire::openai {

inline constexpr core::Epoch E1{1};

// Lets in at most `room` samples a time, and keeps them.
struct Ear final : AudioSink {
  std::size_t room = 1'000'000;
  std::vector<std::int16_t> heard;
  std::vector<std::pair<core::ResponseId, core::ItemId>> from;
  auto audio(core::ResponseId response, core::ItemId item, std::span<const std::int16_t> pcm) -> std::size_t override {
    const auto count = std::min(room, pcm.size());
    heard.insert(heard.end(), pcm.begin(), pcm.begin() + static_cast<std::ptrdiff_t>(count));
    from.emplace_back(response, item);
    return count;
  }
};

inline auto desk() -> const ir::Program& {
  static const auto program = [] {
    ir::Program p;
    ir::Realtime realtime;
    realtime.provider = "openai";
    realtime.model = "gpt-realtime";
    realtime.transcription = "gpt-4o-mini-transcribe";
    realtime.noise_reduction = "far_field";
    p.realtime = p.realtimes.add(realtime);
    ir::Agent desk;
    desk.name = "Desk";
    desk.voice = "marin";
    p.start = p.agents.add(desk);
    ir::Agent billing;
    billing.name = "Billing";
    billing.voice = "cedar";
    billing.speed = 1.25;
    billing.max_output_tokens = 800;
    p.agents.add(billing);
    return p;
  }();
  return program;
}
inline constexpr Id<ir::Agent> Desk{0}, Billing{1};

struct Talk {
  explicit Talk(Numbers after = {}, std::int64_t unix_now = 0)
      : dialect(make_dialect(
            {.program = &desk(), .realtime = desk().realtime, .epoch = E1, .after = after, .unix_now = unix_now})) {}

  auto receive(std::string_view frame) -> std::vector<core::Event> {
    std::vector<core::Event> events;
    dialect->receive(frame, ear, events);
    return events;
  }
  template <class What>
    requires Tagged<What>
  auto receive(What what) -> std::vector<core::Event> {
    return receive(encode(server::Event{"ev", std::move(what)}));
  }
  auto send(const core::Effect& effect) -> std::vector<std::string> {
    std::vector<std::string> frames;
    dialect->send(effect, frames);
    return frames;
  }
  // The one event that `effect` becomes, as a service reads it.
  auto sent(const core::Effect& effect) -> client::Event {
    const auto frames = send(effect);
    REQUIRE(frames.size() == 1);
    const auto event = decode_client(frames[0]);
    REQUIRE(event);
    return *event;
  }

  Ear ear;
  std::unique_ptr<Dialect> dialect;
};

}  // namespace flow::wire::openai
