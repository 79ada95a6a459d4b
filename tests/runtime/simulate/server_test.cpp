// The service behind a real socket, on loopback.

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "runtime/json/json.h"
#include "runtime/simulate/listener.h"
#include "runtime/wire/openai/codec.h"
#include "tests/support/places.h"

using namespace flow;
using namespace flow::simulate;
namespace server = flow::wire::openai::server;

namespace {

constexpr Millis Deadline{20'000};  // of the machine's time; nothing here waits for it unless it fails

// A client that keeps what it gets.
struct Guest {
  Guest(net::Loop& on, std::uint16_t port, const std::string& query = "?model=gpt-realtime", net::Headers headers = {}, std::vector<std::string> subprotocols = {})
      : loop(on) {
    net::WsHandlers handlers;
    handlers.on_text = [this](std::string_view frame) { events.push_back(*wire::openai::decode_server(frame)); };
    handlers.on_closed = [this](const net::Closed& how) { closed = how; };
    socket = net::WebSocket::connect(loop, {.url = "ws://127.0.0.1:" + std::to_string(port) + "/v1/realtime" + query, .headers = std::move(headers), .subprotocols = std::move(subprotocols)}, std::move(handlers));
  }
  template <class What>
  auto has() const -> bool {
    for (const auto& event : events) {
      if (std::holds_alternative<What>(event.what)) return true;
    }
    return false;
  }
  template <class What>
  auto wait_for() -> bool { return loop.run_until([&] { return has<What>() || closed; }, Deadline) && has<What>(); }
  auto wait_for_end() -> bool { return loop.run_until([&] { return closed.has_value(); }, Deadline); }

  net::Loop& loop;
  std::vector<server::Event> events;
  std::optional<net::Closed> closed;
  std::unique_ptr<net::WebSocket> socket;
};

auto quick() -> ServeOptions {
  ServeOptions options;
  options.service.latency_min = options.service.latency_max = Millis{1};
  options.service.pace = 200;
  return options;
}

auto lines_of(const std::filesystem::path& path) -> std::vector<Value> {
  std::ifstream file(path);
  std::vector<Value> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(*json::parse(line));
  return lines;
}

}  // namespace

TEST_CASE("a client is greeted and answered, and the log has both sides") {
  const auto log = std::filesystem::path(test::binary_dir()) / "simulate_server_test.jsonl";
  auto options = quick();
  options.wire = log;
  net::Loop loop;
  const auto listener = Listener::listen(loop, options);
  REQUIRE(listener);
  Guest guest(loop, (*listener)->port());
  REQUIRE(guest.wait_for<server::SessionCreated>());
  guest.socket->send(R"({"type":"response.create"})");
  REQUIRE(guest.wait_for<server::ResponseDone>());
  CHECK(guest.has<server::AudioDelta>());
  guest.socket->close();
  CHECK(loop.run_until([&] { return (*listener)->connections() == 0; }, Deadline));

  const auto lines = lines_of(log);
  REQUIRE(lines.size() > 3);
  CHECK(*lines[0].field("dir")->text() == "out");
  CHECK(*lines[0].field("event")->field("type")->text() == "session.created");
  CHECK(*lines[1].field("dir")->text() == "in");
  CHECK(*lines[1].field("event")->field("type")->text() == "response.create");
}

TEST_CASE("clients do not see each other") {
  net::Loop loop;
  const auto listener = Listener::listen(loop, quick());
  REQUIRE(listener);
  Guest one(loop, (*listener)->port()), two(loop, (*listener)->port());
  REQUIRE(one.wait_for<server::SessionCreated>());
  REQUIRE(two.wait_for<server::SessionCreated>());
  one.socket->send(R"({"type":"response.create"})");
  REQUIRE(one.wait_for<server::ResponseDone>());
  CHECK(two.events.size() == 1);
  CHECK(one.events.front().event_id != two.events.front().event_id);
}

TEST_CASE("who is turned away hears why, and is closed with 4000") {
  net::Loop loop;
  const auto listener = Listener::listen(loop, quick());
  REQUIRE(listener);
  Guest guest(loop, (*listener)->port(), "?model=gpt-realtime", {{"OpenAI-Beta", "realtime=v1"}});
  REQUIRE(guest.wait_for_end());
  CHECK(guest.closed->code == 4000);
  REQUIRE(guest.events.size() == 1);
  CHECK(*std::get<server::Error>(guest.events[0].what).error.code.get() == "beta_api_shape_disabled");
}

TEST_CASE("a wrong key is answered with 401, and a browser's subprotocol is echoed") {
  auto options = quick();
  options.service.required_key = "right";
  net::Loop loop;
  const auto listener = Listener::listen(loop, options);
  REQUIRE(listener);
  Guest wrong(loop, (*listener)->port(), "?model=gpt-realtime", {{"Authorization", "Bearer wrong"}});
  REQUIRE(wrong.wait_for_end());
  CHECK(wrong.closed->http_status == 401);
  CHECK(wrong.closed->http_body.find("invalid_api_key") != std::string::npos);
  Guest right(loop, (*listener)->port(), "?model=gpt-realtime", {}, {"realtime", "openai-insecure-api-key.right"});
  REQUIRE(right.wait_for<server::SessionCreated>());
  CHECK(right.socket->subprotocol() == "realtime");
}

TEST_CASE("at the end of its time a session is closed with 1001") {
  auto options = quick();
  options.service.lifetime = Millis{50};
  net::Loop loop;
  const auto listener = Listener::listen(loop, options);
  REQUIRE(listener);
  Guest guest(loop, (*listener)->port());
  REQUIRE(guest.wait_for_end());
  CHECK(guest.closed->code == 1001);
  CHECK(guest.closed->reason == "Your session hit the maximum duration of 60 minutes.");
}

TEST_CASE("a connection that asks for it is lost without a word") {
  net::Loop loop;
  const auto listener = Listener::listen(loop, quick());
  REQUIRE(listener);
  Guest guest(loop, (*listener)->port(), "?model=gpt-realtime&chaos=drop");
  REQUIRE(guest.wait_for<server::SessionCreated>());
  std::size_t asked = 0;
  const auto done = [&] {
    std::size_t count = 0;
    for (const auto& event : guest.events) count += std::holds_alternative<server::ResponseDone>(event.what) ? 1 : 0;
    return count;
  };
  while (!guest.closed && asked < 200) {
    guest.socket->send(R"({"type":"response.create"})");
    ++asked;
    REQUIRE(loop.run_until([&] { return done() == asked || guest.closed; }, Deadline));
  }
  REQUIRE(guest.closed);
  CHECK(guest.closed->code == 1006);
}

TEST_CASE("a port that is taken, a log that cannot be written and a script that cannot be read are errors") {
  net::Loop loop;
  const auto first = Listener::listen(loop, quick());
  REQUIRE(first);
  auto options = quick();
  options.port = (*first)->port();
  CHECK(Listener::listen(loop, options).error().code == "R0114");
  options = quick();
  options.wire = "/nowhere/at/all.jsonl";
  CHECK(Listener::listen(loop, options).error().code == "R0504");
  options = quick();
  options.service.script = "nonsense";
  CHECK(Listener::listen(loop, options).error().code == "R0120");
}

TEST_CASE("the embedded service serves from its own thread and ends with its object") {
  auto embedded = Embedded::start(quick());
  REQUIRE(embedded);
  (*embedded)->expect_words("Hello.");
  net::Loop loop;
  Guest guest(loop, (*embedded)->port());
  CHECK(guest.wait_for<server::SessionCreated>());
  CHECK((*embedded)->url() == "ws://127.0.0.1:" + std::to_string((*embedded)->port()) + "/v1/realtime");
  embedded->reset();
  CHECK(guest.wait_for_end());
}
