#pragma once
// A service that says what a test tells it to, on a real loopback socket of the test's loop.

#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>

#include "runtime/json/json.h"
#include "runtime/net/server.h"
#include "runtime/wire/base64.h"
#include "tests/runtime/net/world.h"

namespace flow::edge {

using namespace std::chrono_literals;

class FakeService {
 public:
  explicit FakeService(net::Loop& loop) : loop_(loop) {
    auto listening = net::Acceptor::listen(loop, {}, [this](net::Incoming request) { asked(std::move(request)); });
    REQUIRE(listening);
    acceptor_ = std::move(*listening);
  }

  auto url() const -> std::string { return fmt::format("ws://127.0.0.1:{}", acceptor_->port()); }

  int refuses = 0;         // an HTTP status for who comes next
  bool greets = true;      // says session.created
  bool configures = true;  // answers session.update
  int links = 0;           // so far
  net::Headers headers;    // of the last link
  std::string target;
  std::vector<std::string> got;       // frames of the last link
  std::vector<std::string> types;     // of each
  std::optional<net::Closed> closed;  // how the last link ended

  void tell(const std::string& frame) { socket_->send(frame); }
  void drop() { socket_.reset(); }  // without a word
  void close(std::uint16_t code, std::string reason) { socket_->close(code, std::move(reason)); }

  // ── What came, by its type ──
  auto all(std::string_view type) const -> std::vector<Value> {
    std::vector<Value> found;
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (types[i] == type) found.push_back(*json::parse(got[i]));
    }
    return found;
  }
  auto count(std::string_view type) const -> std::size_t {
    return static_cast<std::size_t>(std::count(types.begin(), types.end(), type));
  }
  auto await(std::string_view type, std::size_t times = 1) -> Value {
    net::await(loop_, [&] { return count(type) >= times; });
    return all(type).at(times - 1);
  }
  void await_text(std::string_view text) {
    net::await(loop_, [&] {
      return std::any_of(got.begin(), got.end(),
                         [&](const auto& frame) { return frame.find(text) != std::string::npos; });
    });
  }
  // All of the caller's voice that came over this link.
  auto heard() const -> std::vector<std::int16_t> {
    std::vector<std::int16_t> all_of_it, piece;
    for (const auto& append : all("input_audio_buffer.append")) {
      REQUIRE(wire::base64_decode(*append.field("audio")->text(), piece));
      all_of_it.insert(all_of_it.end(), piece.begin(), piece.end());
    }
    return all_of_it;
  }

  // ── What a service says ──
  void caller_speaks(const std::string& item) {
    tell(fmt::format(
        R"({{"type":"input_audio_buffer.speech_started","event_id":"e","audio_start_ms":0,"item_id":"{}"}})", item));
  }
  void caller_stops(const std::string& item) {
    tell(fmt::format(R"({{"type":"input_audio_buffer.speech_stopped","event_id":"e","audio_end_ms":0,"item_id":"{}"}})",
                     item));
    tell(fmt::format(
        R"({{"type":"input_audio_buffer.committed","event_id":"e","previous_item_id":null,"item_id":"{}"}})", item));
    tell(fmt::format(
        R"({{"type":"conversation.item.input_audio_transcription.completed","event_id":"e","item_id":"{}","content_index":0,"transcript":"hello there"}})",
        item));
  }
  // Begins the response that was asked for last.
  void starts(const std::string& response) {
    const auto asked_for = all("response.create");
    REQUIRE_FALSE(asked_for.empty());
    const auto tag = *asked_for.back().field("response")->field("metadata")->field("flow_ask")->text();
    tell(fmt::format(
        R"({{"type":"response.created","event_id":"e","response":{{"object":"realtime.response","id":"{}","status":"in_progress","output":[],"metadata":{{"flow_ask":"{}"}}}}}})",
        response, tag));
  }
  void says(const std::string& response, const std::string& item, core::Millis length,
            std::string_view words = "some words") {
    tell(fmt::format(
        R"({{"type":"response.output_item.added","event_id":"e","response_id":"{}","output_index":0,"item":{{"id":"{}","type":"message","role":"assistant","status":"in_progress","content":[]}}}})",
        response, item));
    tell(fmt::format(
        R"({{"type":"response.output_audio_transcript.delta","event_id":"e","response_id":"{}","item_id":"{}","output_index":0,"content_index":0,"delta":"{}"}})",
        response, item, words));
    sounds(response, item, length);
  }
  void sounds(const std::string& response, const std::string& item, core::Millis length) {
    std::string audio;
    wire::base64_encode(std::vector<std::int16_t>(static_cast<std::size_t>(core::to_samples(length).count), 5'000),
                        audio);
    tell(fmt::format(
        R"({{"type":"response.output_audio.delta","event_id":"e","response_id":"{}","item_id":"{}","output_index":0,"content_index":0,"delta":"{}"}})",
        response, item, audio));
  }
  void calls(const std::string& response, const std::string& item, const std::string& call, std::string_view function,
             std::string_view arguments) {
    tell(fmt::format(
        R"({{"type":"response.output_item.done","event_id":"e","response_id":"{}","output_index":0,"item":{{"id":"{}","type":"function_call","status":"completed","name":"{}","call_id":"{}","arguments":{}}}}})",
        response, item, function, call, to_json(Value(arguments))));
  }
  void ends(const std::string& response, std::string_view status = "completed") {
    tell(fmt::format(
        R"({{"type":"response.done","event_id":"e","response":{{"object":"realtime.response","id":"{}","status":"{}","output":[]}}}})",
        response, status));
  }

 private:
  void came(std::string_view frame) {
    const auto value = json::parse(frame);
    REQUIRE(value);
    got.emplace_back(frame);
    types.push_back(*value->field("type")->text());
  }
  void asked(net::Incoming request) {
    headers = request.headers;
    target = request.target;
    if (refuses != 0) return request.respond(refuses, R"({"error":{"message":"no"}})");
    links += 1;
    got.clear();
    types.clear();
    closed.reset();
    socket_ = request.accept(
        {.on_open =
             [this] {
               if (greets)
                 tell(
                     R"({"type":"session.created","event_id":"e","session":{"type":"realtime","id":"sess","object":"realtime.session"}})");
             },
         .on_text =
             [this](std::string_view frame) {
               came(frame);
               if (configures && frame.find("\"session.update\"") != std::string_view::npos) {
                 tell(
                     R"({"type":"session.updated","event_id":"e","session":{"type":"realtime","id":"sess","object":"realtime.session"}})");
               }
             },
         .on_closed = [this](const net::Closed& why) { closed = why; }},
        {.ping_every = 0ms});
  }

  net::Loop& loop_;
  std::unique_ptr<net::Acceptor> acceptor_;
  std::unique_ptr<net::WebSocket> socket_;
};

}  // namespace flow::edge
