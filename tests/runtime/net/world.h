#pragma once
// A loop to run, and words for waiting: an event that does not come within seconds fails the test, nothing sleeps.

#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>
#include <vector>

#include "runtime/net/loop.h"
#include "runtime/net/server.h"
#include "runtime/net/ws.h"

namespace flow::net {

using namespace std::chrono_literals;

inline void await(Loop& loop, const std::function<bool()>& happened) { REQUIRE(loop.run_until(happened, 10s)); }

// Everything that is ready now gets its turn.
inline void turn(Loop& loop) {
  for (int i = 0; i < 3; ++i) {
    bool turned = false;
    loop.post([&] { turned = true; });
    await(loop, [&] { return turned; });
  }
}

// One end of a connection that remembers what happened to it.
struct End {
  std::unique_ptr<WebSocket> socket;
  bool opened = false;
  std::vector<std::string> texts;
  std::optional<Closed> closed;

  auto handlers() -> WsHandlers {
    return {.on_open = [this] { opened = true; },
            .on_text = [this](std::string_view text) { texts.emplace_back(text); },
            .on_closed = [this](const Closed& why) { closed = why; }};
  }
  auto code() const -> std::string { return closed && closed->error ? closed->error->code : ""; }
};

// Accepts every WebSocket; `on_server` is the far end of the last one.
struct Service {
  explicit Service(Loop& on, Acceptor::Options options = {}) : loop(on) {
    auto listening = Acceptor::listen(loop, std::move(options), [this](Incoming request) {
      targets.push_back(request.target);
      headers = request.headers;
      if (refuse != 0) return request.respond(refuse, refusal);
      if (!request.wants_websocket) return request.respond(400);
      far.socket = request.accept(far.handlers(), limits, {}, subprotocol);
    });
    REQUIRE(listening);
    acceptor = std::move(*listening);
  }
  auto url(const std::string& target = "/", const std::string& scheme = "ws",
           const std::string& host = "127.0.0.1") const -> std::string {
    return scheme + "://" + host + ":" + std::to_string(acceptor->port()) + target;
  }

  Loop& loop;
  std::unique_ptr<Acceptor> acceptor;
  std::vector<std::string> targets;
  Headers headers;
  WsLimits limits;
  std::string subprotocol;
  int refuse = 0;
  std::string refusal;
  End far;
};

inline void open(Loop& loop, End& near, WebSocket::Options options) {
  near.socket = WebSocket::connect(loop, std::move(options), near.handlers());
  await(loop, [&] { return near.opened || near.closed; });
  REQUIRE(near.opened);
}

}  // namespace flow::net
