#pragma once
// A call that a channel can be tried on: time that the test moves, and a listener that writes down what it is told.

#include <functional>
#include <string>
#include <vector>

#include "runtime/channels/channel.h"
#include "runtime/channels/pacer.h"

namespace flow::channels {

class NotedListener final : public Listener {
 public:
  std::vector<core::Event> events;
  std::vector<std::int16_t> caller, agent;
  std::vector<audio::Samples> agent_places;
  std::vector<Error> errors;
  std::function<void(const core::Event&)> on_event;  // what a driver would do

  void happened(core::Event event) override {
    events.push_back(event);
    if (on_event) on_event(event);
  }
  void caller_audio(audio::Samples at, audio::Pcm pcm) override {
    caller.resize(static_cast<std::size_t>(at.count), 0);
    caller.insert(caller.end(), pcm.begin(), pcm.end());
  }
  void agent_audio(audio::Samples at, audio::Pcm pcm) override {
    agent_places.push_back(at);
    agent.insert(agent.end(), pcm.begin(), pcm.end());
  }
  void channel_failed(const Error& error) override { errors.push_back(error); }

  auto hung_up() const -> bool { return !events.empty() && std::holds_alternative<core::CallerHungUp>(events.back()); }
};

struct Call {
  net::ManualClock clock;
  net::Loop loop{clock};
  Pacer pacer{loop};
  audio::BlockPool pool;
  audio::Playout playout{pool};
  NotedListener listener;

  void pass(net::Millis time) {
    for (net::Millis passed{0}; passed < time; passed += Beats::Period) {
      clock.advance(Beats::Period);
      loop.fire_due();
    }
  }
  void say(net::Millis length, std::int16_t level = 5000, core::ResponseId response = core::ResponseId{1}) {
    playout.admit(response);
    playout.push(response, std::vector<std::int16_t>(static_cast<std::size_t>(core::to_samples(length).count), level));
  }
};

}  // namespace flow::channels
