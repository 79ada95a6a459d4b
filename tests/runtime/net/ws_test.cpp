// Two decent ends on one loop.

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/net/world.h"

namespace flow::net {

TEST_CASE("texts go both ways, in order") {
  Loop loop;
  Service service(loop);
  End near;
  open(loop, near, {.url = service.url()});
  await(loop, [&] { return service.far.opened; });
  for (int i = 0; i < 100; ++i) near.socket->send(std::to_string(i));
  service.far.socket->send("hello");
  await(loop, [&] { return service.far.texts.size() == 100 && near.texts.size() == 1; });
  for (std::size_t i = 0; i < 100; ++i) CHECK(service.far.texts[i] == std::to_string(i));
  CHECK(near.texts[0] == "hello");
  CHECK(near.socket->counters().sent == 100);
  CHECK(near.socket->counters().received == 1);
  CHECK(near.socket->counters().queued_bytes == 0);
}

TEST_CASE("a message of many megabytes arrives whole, and one beyond the limit ends the connection") {
  Loop loop;
  Service service(loop);
  service.limits.message_max = 8 << 20;
  End near;
  open(loop, near, {.url = service.url()});
  const std::string big(8 << 20, 'x');
  near.socket->send(big);
  await(loop, [&] { return !service.far.texts.empty(); });
  CHECK((service.far.texts[0] == big));

  near.socket->send(big + "x");
  await(loop, [&] { return service.far.closed && near.closed; });
  CHECK(service.far.code() == "R0111");
  CHECK(near.closed->code == 1009);
}

TEST_CASE("close codes and reasons reach the other side, and an orderly close is no error") {
  Loop loop;
  Service service(loop);
  End near;
  open(loop, near, {.url = service.url()});
  near.socket->send("last words");
  near.socket->close(4001, "done with you");
  await(loop, [&] { return near.closed && service.far.closed; });
  CHECK(service.far.texts == std::vector<std::string>{"last words"});
  CHECK(service.far.closed->code == 4001);
  CHECK(service.far.closed->reason == "done with you");
  CHECK(service.far.closed->opened);
  CHECK_FALSE(service.far.closed->error);
  CHECK_FALSE(near.closed->error);
}

TEST_CASE("what waits when close is called is still sent") {
  Loop loop;
  Service service(loop);
  End near;
  open(loop, near, {.url = service.url()});
  for (int i = 0; i < 50; ++i) near.socket->send(std::string(100'000, 'x'));
  near.socket->close();
  near.socket->send("too late");
  await(loop, [&] { return near.closed && service.far.closed; });
  CHECK(service.far.texts.size() == 50);
  CHECK(service.far.closed->code == 1000);
}

TEST_CASE("the upgrade shows target, headers and subprotocols, and the server chooses one") {
  Loop loop;
  Service service(loop);
  service.subprotocol = "realtime";
  End near;
  open(loop, near,
       {.url = service.url("/v1/realtime?model=m"),
        .headers = {{"Authorization", "Bearer k"}},
        .subprotocols = {"other", "realtime"}});
  await(loop, [&] { return service.far.opened; });
  CHECK(service.targets == std::vector<std::string>{"/v1/realtime?model=m"});
  CHECK(find(service.headers, "authorization") == "Bearer k");
  CHECK(find(service.headers, "sec-websocket-protocol") == "other, realtime");
  CHECK_FALSE(find(service.headers, "sec-websocket-extensions"));  // no compression is offered
  CHECK(near.socket->subprotocol() == "realtime");
}

TEST_CASE("a socket may be dropped inside its own handlers") {
  Loop loop;
  Service service(loop);
  SECTION("when it opens") {
    std::unique_ptr<WebSocket> socket;
    bool opened = false;
    socket = WebSocket::connect(loop, {.url = service.url()}, {.on_open = [&] {
                                  opened = true;
                                  socket.reset();
                                }});
    await(loop, [&] { return opened && service.far.closed; });
  }
  SECTION("when a text comes") {
    std::unique_ptr<WebSocket> socket;
    int texts = 0;
    bool closed = false;
    socket = WebSocket::connect(loop, {.url = service.url()},
                                {.on_text =
                                     [&](std::string_view) {
                                       texts += 1;
                                       socket.reset();
                                     },
                                 .on_closed = [&](const Closed&) { closed = true; }});
    await(loop, [&] { return service.far.opened; });
    service.far.socket->send("one");
    service.far.socket->send("two");
    await(loop, [&] { return service.far.closed.has_value(); });
    CHECK(texts == 1);
    CHECK_FALSE(closed);
    CHECK(service.far.code() == "R0108");
  }
  SECTION("when it closes") {
    std::unique_ptr<WebSocket> socket;
    bool closed = false;
    socket = WebSocket::connect(loop, {.url = service.url()}, {.on_closed = [&](const Closed&) {
                                  closed = true;
                                  socket.reset();
                                }});
    await(loop, [&] { return service.far.opened; });
    service.far.socket->close();
    await(loop, [&] { return closed; });
  }
}

TEST_CASE("pings keep a quiet connection, and silence after one ends it") {
  ManualClock clock;
  Loop loop(clock);
  Service service(loop);
  service.limits.ping_every = 0ms;
  End near;
  open(loop, near, {.url = service.url(), .limits = {.ping_every = 15s, .pong_within = 10s}});
  await(loop, [&] { return service.far.opened; });

  clock.advance(15s);
  loop.fire_due();
  await(loop, [&] { return near.socket->counters().pongs == 1; });
  clock.advance(10s);
  loop.fire_due();
  turn(loop);
  CHECK_FALSE(near.closed);
}

TEST_CASE("giving up before the connection is open calls no server by surprise") {
  Loop loop;
  Service service(loop);
  End near;
  near.socket = WebSocket::connect(loop, {.url = service.url()}, near.handlers());
  near.socket->close();
  await(loop, [&] { return near.closed.has_value(); });
  CHECK_FALSE(near.closed->opened);
  CHECK_FALSE(near.closed->error);
  CHECK_FALSE(near.opened);
}

TEST_CASE("an idle socket is written to inside send") {
  Loop loop;
  Service service(loop);
  End near;
  open(loop, near, {.url = service.url()});
  bool handed = false;
  near.socket->send("now", Kind::Control, [&] { handed = true; });
  CHECK(handed);
  bool second = false;  // the first is not known to be done, so this one waits
  near.socket->send("next", Kind::Control, [&] { second = true; });
  CHECK_FALSE(second);
  await(loop, [&] { return second && service.far.texts.size() == 2; });
}

TEST_CASE("an end without a close frame is told to the other side as a loss") {
  Loop loop;
  Service service(loop);
  End near;
  open(loop, near, {.url = service.url()});
  await(loop, [&] { return service.far.opened; });
  service.far.socket.reset();
  await(loop, [&] { return near.closed.has_value(); });
  CHECK(near.code() == "R0108");
  CHECK(near.closed->code == 1006);
  CHECK(near.closed->opened);
  CHECK_FALSE(is_fatal(*near.closed));
}

TEST_CASE("five hundred connections live on one loop") {
  Loop loop;
  std::vector<std::unique_ptr<WebSocket>> accepted;
  auto listening = Acceptor::listen(loop, {}, [&](Incoming request) {
    const auto index = accepted.size();
    accepted.push_back(request.accept(
        {.on_text = [&accepted, index](std::string_view text) { accepted[index]->send(std::string(text)); }}));
  });
  REQUIRE(listening);
  std::vector<End> ends(500);
  for (auto& end : ends) {
    end.socket =
        WebSocket::connect(loop, {.url = "ws://127.0.0.1:" + std::to_string((*listening)->port())}, end.handlers());
  }
  await(loop, [&] { return std::all_of(ends.begin(), ends.end(), [](const End& end) { return end.opened; }); });
  for (std::size_t i = 0; i < ends.size(); ++i) ends[i].socket->send(std::to_string(i));
  await(loop,
        [&] { return std::all_of(ends.begin(), ends.end(), [](const End& end) { return end.texts.size() == 1; }); });
  for (std::size_t i = 0; i < ends.size(); ++i) CHECK(ends[i].texts[0] == std::to_string(i));
}

}  // namespace flow::net
