#pragma once
// Server events to events of the session. Audio does not come through here but through the dialect's fast way.

#include <unordered_map>
#include <unordered_set>

#include "runtime/wire/openai/link.h"
#include "runtime/wire/openai/server_event.h"

namespace flow::wire::openai {

class Receiver {
 public:
  using Events = std::vector<core::Event>;

  explicit Receiver(Link& link) : link_(link), epoch_(link.setup.epoch) {}

  void take(server::Event event, Events& out);

  // The item that streaming events of a response are about.
  auto item(std::string_view response, std::string_view name) -> core::ItemId;

 private:
  // One overload an event that means something to a session; the rest means nothing.
  void on(const server::SessionCreated& e, Events& out);
  void on(const server::SessionUpdated& e, Events& out);
  void on(const server::Error& e, Events& out);
  void on(const server::SpeechStarted& e, Events& out);
  void on(const server::SpeechStopped& e, Events& out);
  void on(const server::AudioCommitted& e, Events& out);
  void on(const server::TimeoutTriggered& e, Events& out);
  void on(const server::TranscriptDelta& e, Events& out);
  void on(const server::TranscriptCompleted& e, Events& out);
  void on(const server::TranscriptFailed& e, Events& out);
  void on(const server::ItemAdded& e, Events& out);
  void on(const server::ItemDone& e, Events& out);
  void on(const server::ResponseCreated& e, Events& out);
  void on(const server::OutputItemAdded& e, Events& out);
  void on(const server::OutputItemDone& e, Events& out);
  void on(const server::SpokenTextDelta& e, Events& out);
  void on(const server::TextDelta& e, Events& out);
  void on(const server::ResponseDone& e, Events& out);
  void on(const Unknown& e, Events& out);

  struct Progress {
    bool added = false, ended = false, called = false;
  };

  auto known_item(std::string_view name) -> core::ItemId;
  void item_added(core::ResponseId response, const Item& item, Events& out);
  void item_ended(core::ResponseId response, const Item& item, Events& out);
  void function_called(core::ResponseId response, core::ItemId item, const FunctionCall& call, Events& out);

  Link& link_;
  core::Epoch epoch_;
  bool greeted_ = false;
  std::unordered_map<std::uint32_t, Progress> progress_;  // by item
  std::unordered_set<std::uint32_t> outside_;             // responses that leave the conversation alone
};

}  // namespace flow::wire::openai
