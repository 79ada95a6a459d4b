#pragma once
// The order that the protocol promises, checked over a whole stream of server events: session first, what is announced
// before it is used, indexes from zero, texts equal to their deltas, one active response, everything closed.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/base/match.h"
#include "runtime/wire/openai/server_event.h"

namespace flow::simulate::test {

namespace server = wire::openai::server;

class Sequence {
 public:
  void next(const server::Event& event) {
    number_ += 1;
    const bool created = std::holds_alternative<server::SessionCreated>(event.what);
    if (created != (number_ == 1)) bad("session.created is the first event and comes once");
    if (!event.event_id.empty() && !ids_.insert(event.event_id).second) bad("event id used twice");
    match(event.what, [&](const auto& what) { on(what); });
  }
  void end() {
    for (const auto& [id, response] : responses_) {
      if (!response.done) bad("response " + id + " has no end");
    }
  }
  auto problems() const -> const std::vector<std::string>& { return problems_; }

 private:
  struct Part {
    std::string text, transcript;
    bool done = false;
  };
  struct Item {
    std::int64_t index = 0;
    std::map<std::int64_t, Part> parts;
    std::string arguments;
    bool done = false;
  };
  struct Response {
    bool done = false, out_of_band = false;
    std::map<std::string, Item> items;
  };

  void bad(const std::string& what) { problems_.push_back("event " + std::to_string(number_) + ": " + what); }

  auto response(const std::string& id) -> Response* {
    const auto found = responses_.find(id);
    if (found == responses_.end()) return bad("response " + id + " was never created"), nullptr;
    if (found->second.done) return bad("response " + id + " is over"), nullptr;
    return &found->second;
  }
  auto item(const server::ItemPlace& at) -> Item* {
    auto* owner = response(at.response_id);
    if (owner == nullptr) return nullptr;
    const auto found = owner->items.find(at.item_id);
    if (found == owner->items.end()) return bad("item " + at.item_id + " was not announced"), nullptr;
    if (found->second.done) bad("item " + at.item_id + " is over");
    if (found->second.index != at.output_index) bad("wrong output index");
    return &found->second;
  }
  auto part(const server::PartPlace& at) -> Part* {
    auto* owner = item(at.item);
    if (owner == nullptr) return nullptr;
    const auto found = owner->parts.find(at.content_index);
    if (found == owner->parts.end()) return bad("part was not announced"), nullptr;
    if (found->second.done) bad("part is over");
    return &found->second;
  }

  void on(const server::SpeechStarted&) {
    if (speaking_) bad("speech started twice");
    speaking_ = true;
  }
  void on(const server::SpeechStopped&) {
    if (!speaking_) bad("speech stopped that never started");
    speaking_ = false;
  }
  void on(const server::AudioCleared&) { speaking_ = false; }
  void on(const server::ResponseCreated& e) {
    const bool out_of_band = e.response.conversation_id.is_null();
    for (const auto& [id, other] : responses_) {
      if (!out_of_band && !other.done && !other.out_of_band) bad("two active responses");
    }
    if (e.response.status != wire::openai::ResponseStatus::InProgress) bad("created, but not in progress");
    if (!responses_.emplace(e.response.id, Response{false, out_of_band, {}}).second) bad("response created twice");
  }
  void on(const server::OutputItemAdded& e) {
    auto* owner = response(e.response_id);
    if (owner == nullptr) return;
    if (e.output_index != static_cast<std::int64_t>(owner->items.size())) bad("output index out of order");
    owner->items[std::string(id_of(e.item))].index = e.output_index;
  }
  void on(const server::PartAdded& e) {
    auto* owner = item(e.at.item);
    if (owner == nullptr) return;
    if (e.at.content_index != static_cast<std::int64_t>(owner->parts.size())) bad("content index out of order");
    owner->parts[e.at.content_index] = {};
  }
  void on(const server::AudioDelta& e) { part(e.at); }
  void on(const server::AudioDone& e) { part(e.at); }
  void on(const server::TextDelta& e) { if (auto* p = part(e.at)) p->text += e.delta; }
  void on(const server::SpokenTextDelta& e) { if (auto* p = part(e.at)) p->transcript += e.delta; }
  void on(const server::TextDone& e) { if (auto* p = part(e.at); p != nullptr && p->text != e.text) bad("text is not its deltas"); }
  void on(const server::SpokenTextDone& e) { if (auto* p = part(e.at); p != nullptr && p->transcript != e.transcript) bad("transcript is not its deltas"); }
  void on(const server::PartDone& e) { if (auto* p = part(e.at)) p->done = true; }
  void on(const server::ArgumentsDelta& e) { if (auto* i = item(e.at)) i->arguments += e.delta; }
  void on(const server::ArgumentsDone& e) { if (auto* i = item(e.at); i != nullptr && i->arguments != e.arguments) bad("arguments are not their deltas"); }
  void on(const server::OutputItemDone& e) {
    auto* owner = response(e.response_id);
    if (owner == nullptr) return;
    const auto found = owner->items.find(std::string(id_of(e.item)));
    if (found == owner->items.end()) return bad("item done that was not announced");
    if (found->second.done) bad("item done twice");
    for (const auto& [index, each] : found->second.parts) {
      if (!each.done) bad("item done before its part");
    }
    found->second.done = true;
  }
  void on(const server::ResponseDone& e) {
    auto* owner = response(e.response.id);
    if (owner == nullptr) return;
    if (e.response.status == wire::openai::ResponseStatus::InProgress) bad("done, but in progress");
    std::set<std::string> listed;
    for (const auto& each : *e.response.output) listed.insert(std::string(id_of(each)));
    for (const auto& [id, each] : owner->items) {
      if (!each.done) bad("response done before its item");
      if (listed.count(id) == 0) bad("response lacks its item");
    }
    if (e.response.usage.get() == nullptr) bad("done without usage");
    owner->done = true;
  }
  void on(const auto&) {}

  int number_ = 0;
  bool speaking_ = false;
  std::set<std::string> ids_;
  std::map<std::string, Response> responses_;
  std::vector<std::string> problems_;
};

}  // namespace flow::simulate::test
