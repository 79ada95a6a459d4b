#pragma once
// A client of one Service on a clock that the test moves. Keeps everything the service said and checks its order.

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "runtime/simulate/service.h"
#include "runtime/wire/base64.h"
#include "runtime/wire/openai/codec.h"
#include "tests/runtime/simulate/sequence.h"

namespace flow::simulate::test {

inline auto shared_voice() -> Voice& {  // its cache makes the many tests quick
  static Voice voice;
  return voice;
}

class Talk {
 public:
  // `other`: the ears, if not those that are told by `say`.
  explicit Talk(Options options = {}, std::string script = {}, bool transcription_only = false, Ears* other = nullptr)
      : service_(Setup{options, *Script::read(script), "gpt-realtime", transcription_only, &shared_voice(), other ? other : &ears}) {
    Events out;
    service_.open(out);
    keep(out);
  }
  ~Talk() {
    if (service_.goodbye() && service_.goodbye()->lost) return;
    if (finished_) sequence_.end();
    for (const auto& problem : sequence_.problems()) FAIL_CHECK(problem);
  }

  void send(const std::string& frame) {
    Events out;
    service_.receive(frame, now, out);
    keep(out);
  }
  void wait(Millis time) {
    now += time;
    Events out;
    service_.advance(now, out);
    keep(out);
  }
  // Until nothing is under way; the session's end and the idle timeout do not count.
  void settle(Millis at_most = Millis{60'000}) {
    const auto end = now + at_most;
    while (service_.next_wakeup() && *service_.next_wakeup() <= end && busy()) wait(*service_.next_wakeup() - now);
    finished_ = !busy();
  }
  void update(const std::string& members) { send(R"({"type":"session.update","session":{"type":"realtime",)" + members + "}}"); }
  void type(const std::string& words) {
    send(R"({"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":")" + words + "\"}]}}");
  }
  void respond(const std::string& members = {}) { send(R"({"type":"response.create")" + (members.empty() ? "" : R"(,"response":{)" + members + "}") + "}"); }
  // In chunks of 20 ms, time passing as it is spoken.
  void speak(const std::vector<std::int16_t>& pcm) {
    for (std::size_t at = 0; at < pcm.size(); at += 480) {
      std::string text;
      wire::base64_encode(std::span(pcm).subspan(at, std::min<std::size_t>(480, pcm.size() - at)), text);
      send(R"({"type":"input_audio_buffer.append","audio":")" + text + "\"}");
      wait(Millis{20});
    }
  }
  void silence(int ms) { speak(std::vector<std::int16_t>(static_cast<std::size_t>(ms) * 24)); }
  void say(const std::string& words) {
    ears.expect(words);
    speak(shared_voice().speak(words, {.voice = "cedar"}).pcm);
  }

  // All events of a type since the test began, oldest first.
  template <class What>
  auto all() const -> std::vector<What> {
    std::vector<What> found;
    for (const auto& event : events) {
      if (const auto* what = std::get_if<What>(&event.what)) found.push_back(*what);
    }
    return found;
  }
  template <class What>
  auto last() const -> What {
    const auto found = all<What>();
    if (found.empty()) FAIL("no " << What::Type << " among\n" << names());
    return found.empty() ? What{} : found.back();
  }
  auto error_code() const -> std::string { return last<server::Error>().error.code.get() != nullptr ? *last<server::Error>().error.code.get() : "null"; }
  // The types, one a line; deltas of a kind in a row once.
  auto names(std::size_t from = 0) const -> std::string {
    std::string text, before;
    for (auto i = from; i < events.size(); ++i) {
      auto name = std::visit([]<class T>(const T&) -> std::string { if constexpr (requires { T::Type; }) return std::string(T::Type); else return "unknown"; }, events[i].what);
      if (name != before || name.find("delta") == std::string::npos) text += name + "\n";
      before = name;
    }
    return text;
  }
  auto service() -> Service& { return service_; }

  Millis now{0};
  ExpectedWords ears;
  Events events;

 private:
  auto busy() const -> bool {
    const auto due = service_.next_wakeup();
    return due && *due < now + Millis{4'900};
  }
  void keep(const Events& out) {
    for (const auto& event : out) {
      sequence_.next(event);
      events.push_back(event);
    }
  }
  Service service_;
  Sequence sequence_;
  bool finished_ = false;
};

}  // namespace flow::simulate::test
