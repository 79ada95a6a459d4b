// A near end that is ours, and a far end that misbehaves.

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>

#include "tests/runtime/net/raw_peer.h"
#include "tests/runtime/net/world.h"

namespace flow::net {

namespace {

auto ends_as(RawServer& server, WebSocket::Options options = {}) -> End {
  Loop loop;
  End near;
  options.url = server.url();
  near.socket = WebSocket::connect(loop, std::move(options), near.handlers());
  await(loop, [&] { return near.closed.has_value(); });
  near.socket.reset();
  return near;
}

}  // namespace

TEST_CASE("what a peer sends before any turn of our loop was written inside send") {
  std::string got;
  RawServer server([&](RawPeer& peer) {
    peer.handshake();
    got = peer.read_frame().payload;
    peer.send(RawPeer::frame(8, std::string("\x03\xe8", 2)));
  });
  Loop loop;
  End near;
  open(loop, near, {.url = server.url()});
  near.socket->send("without a turn of the loop");
  server.join();  // it has read the frame, and the loop has not run
  CHECK(got == "without a turn of the loop");
  await(loop, [&] { return near.closed.has_value(); });
}

TEST_CASE("a fragmented text is given as one, with control frames in between") {
  RawServer server([](RawPeer& peer) {
    peer.handshake();
    peer.send(RawPeer::frame(1, "one ", false) + RawPeer::frame(9, "ping") + RawPeer::frame(0, "two ", false));
    if (peer.read_frame().opcode == 10) peer.send(RawPeer::frame(0, "three"));
    peer.send(RawPeer::frame(8, std::string("\x03\xe8", 2) + "bye"));
    peer.read_frame();
  });
  const auto near = ends_as(server);
  CHECK(near.texts == std::vector<std::string>{"one two three"});
  CHECK(near.closed->code == 1000);
  CHECK(near.closed->reason == "bye");
  CHECK_FALSE(near.closed->error);
}

TEST_CASE("text that is no UTF-8 breaks the protocol and is never seen") {
  int close_code = 0;
  RawServer server([&](RawPeer& peer) {
    peer.handshake();
    peer.send(RawPeer::frame(1, "\xc3\x28"));
    const auto frame = peer.read_frame();
    if (frame.opcode == 8)
      close_code = static_cast<unsigned char>(frame.payload[0]) << 8 | static_cast<unsigned char>(frame.payload[1]);
  });
  const auto near = ends_as(server);
  server.join();
  CHECK(near.texts.empty());
  CHECK(near.code() == "R0111");
  CHECK(close_code == 1007);
}

TEST_CASE("frames that no server may send break the protocol") {
  const auto bytes = GENERATE_COPY(std::string("\x83\x01x", 3),  // a reserved opcode
                                   std::string("\xc1\x01x", 3),  // compressed, which was never agreed
                                   std::string("\x81\x81"
                                               "abcd"
                                               "x",
                                               7),                // masked
                                   std::string("\x80\x01x", 3),   // a continuation of nothing
                                   std::string("\x09\x01x", 3));  // a fragmented ping
  RawServer server([&](RawPeer& peer) {
    peer.handshake();
    peer.send(bytes);
    peer.read_frame();
  });
  CHECK(ends_as(server).code() == "R0111");
}

TEST_CASE("binary messages are passed over unless somebody asks for them") {
  RawServer server([](RawPeer& peer) {
    peer.handshake();
    peer.send(RawPeer::frame(2, "\xff\xfe") + RawPeer::frame(1, "text") +
              RawPeer::frame(8, std::string("\x03\xe8", 2)));
    peer.read_frame();
  });
  CHECK(ends_as(server).texts == std::vector<std::string>{"text"});
}

TEST_CASE("a connection lost in the middle of a frame is a loss") {
  const bool by_reset = GENERATE(false, true);
  RawServer server([&](RawPeer& peer) {
    peer.handshake();
    peer.send(RawPeer::frame(1, "whole") + std::string("\x81\x64", 2) + "only a part");
    peer.read_frame();  // the near end has seen "whole" and answers
    by_reset ? peer.reset() : peer.hang_up();
  });
  Loop loop;
  End near;
  auto handlers = near.handlers();
  handlers.on_text = [&](std::string_view text) {
    near.texts.emplace_back(text);
    near.socket->send("seen");
  };
  near.socket = WebSocket::connect(loop, {.url = server.url()}, std::move(handlers));
  await(loop, [&] { return near.closed.has_value(); });
  CHECK(near.texts == std::vector<std::string>{"whole"});
  CHECK(near.code() == "R0108");
  CHECK(near.closed->opened);
}

TEST_CASE("a peer that does not answer a ping in time is given up") {
  RawServer server([](RawPeer& peer) {
    peer.handshake();
    while (peer.read_frame().opcode >= 0) {
    }  // pings are read and never answered
  });
  ManualClock clock;
  Loop loop(clock);
  End near;
  open(loop, near, {.url = server.url(), .limits = {.ping_every = 15s, .pong_within = 10s}});
  clock.advance(15s);
  loop.fire_due();
  turn(loop);
  CHECK_FALSE(near.closed);
  clock.advance(10s);
  loop.fire_due();
  REQUIRE(near.closed);
  CHECK(near.code() == "R0106");
}

TEST_CASE("a peer that never answers the handshake is given up at the deadline") {
  RawServer server([](RawPeer& peer) {
    peer.read_head();
    peer.read(1);
  });
  ManualClock clock;
  Loop loop(clock);
  End near;
  near.socket = WebSocket::connect(loop, {.url = server.url(), .limits = {.handshake = 10s}}, near.handlers());
  // Connected, and the request is out, when the handshake's own deadline ends it; before that, the dial's.
  bool in_time = false;
  for (int i = 0; i < 1'000 && !near.closed; ++i) {
    turn(loop);
    clock.advance(1s);
    loop.fire_due();
    if (i == 8) in_time = !near.closed;
  }
  CHECK(in_time);
  REQUIRE(near.closed);
  CHECK(near.code() == "R0106");
  CHECK_FALSE(near.closed->opened);
}

TEST_CASE("a peer that does not answer a close frame holds nobody up") {
  RawServer server([](RawPeer& peer) {
    peer.handshake();
    while (peer.read_frame().opcode >= 0) {
    }
  });
  ManualClock clock;
  Loop loop(clock);
  End near;
  open(loop, near, {.url = server.url(), .limits = {.close = 3s}});
  near.socket->close(1000, "bye");
  turn(loop);
  CHECK_FALSE(near.closed);
  clock.advance(3s);
  loop.fire_due();
  REQUIRE(near.closed);
  CHECK_FALSE(near.closed->error);
  CHECK(near.closed->code == 1006);
}

TEST_CASE("towards a slow reader old audio gives way and control messages never do") {
  std::atomic<bool> may_read = false;
  std::vector<std::string> got;
  RawServer server(
      [&](RawPeer& peer) {
        peer.handshake();
        may_read.wait(false);
        for (auto frame = peer.read_frame(); frame.opcode == 1; frame = peer.read_frame())
          got.push_back(frame.payload.substr(0, 8));
      },
      16'384);
  Loop loop;
  End near;
  open(loop, near, {.url = server.url(), .limits = {.audio_queue_max = 256 << 10}});
  const auto numbered = [](char kind, int i) {
    auto text = std::string(1, kind) + std::to_string(1'000'000 + i);
    text.resize(kind == 'a' ? 32'000 : 8, ' ');
    return text;
  };
  int control = 0;
  for (int i = 0; i < 600; ++i) {
    near.socket->send(numbered('a', i), Kind::Audio);
    if (i % 10 == 0) near.socket->send(numbered('c', control++));
    turn(loop);
  }
  const auto counters = near.socket->counters();
  CHECK(counters.audio_dropped > 0);
  CHECK(counters.queued_bytes_max <= (256 << 10) + 60 * 8 + 32'000);
  near.socket->close();
  may_read = true;
  may_read.notify_all();
  await(loop, [&] { return near.closed.has_value(); });
  server.join();

  std::vector<std::string> audio, controls;
  for (const auto& text : got) (text[0] == 'a' ? audio : controls).push_back(text);
  REQUIRE(controls.size() == 60);
  for (int i = 0; i < 60; ++i) CHECK(controls[static_cast<std::size_t>(i)] == numbered('c', i));
  CHECK(audio.size() == 600 - near.socket->counters().audio_dropped);
  CHECK(std::is_sorted(audio.begin(), audio.end()));
  CHECK(audio.back() == numbered('a', 599).substr(0, 8));
}

TEST_CASE("a peer that takes nothing at all ends the connection instead of filling the memory") {
  std::atomic<bool> over = false;
  RawServer server(
      [&](RawPeer& peer) {
        peer.handshake();
        over.wait(false);
      },
      16'384);
  Loop loop;
  End near;
  open(loop, near, {.url = server.url(), .limits = {.queue_max = 1 << 20}});
  for (int i = 0; i < 400 && !near.closed; ++i) {
    near.socket->send(std::string(64'000, 'x'));
    turn(loop);
  }
  over = true;
  over.notify_all();
  REQUIRE(near.closed);
  CHECK(near.code() == "R0113");
}

TEST_CASE("refused handshakes tell status, body and what it means") {
  struct Case {
    int status;
    const char* code;
    bool fatal;
  };
  const auto expected = GENERATE(Case{401, "R0105", true}, Case{403, "R0105", true}, Case{404, "R0103", true},
                                 Case{429, "R0109", false}, Case{500, "R0103", false}, Case{503, "R0103", false});
  Loop loop;
  Service service(loop);
  service.refuse = expected.status;
  service.refusal = R"({"error":{"message":"no"}})";
  End near;
  near.socket = WebSocket::connect(loop, {.url = service.url()}, near.handlers());
  await(loop, [&] { return near.closed.has_value(); });
  CHECK(near.code() == expected.code);
  CHECK(near.closed->http_status == expected.status);
  CHECK(near.closed->http_body == service.refusal);
  CHECK(is_fatal(*near.closed) == expected.fatal);
  CHECK_FALSE(near.closed->error->hint.empty());
}

TEST_CASE("what is no WebSocket service is told so") {
  const std::string answer = GENERATE(as<std::string>{}, "SSH-2.0-OpenSSH\r\n\r\n", "",
                                      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
                                      "Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n");
  RawServer server([&](RawPeer& peer) {
    peer.read_head();
    peer.send(answer);
  });
  const auto near = ends_as(server);
  CHECK(near.code() == "R0103");
  CHECK_FALSE(near.closed->opened);
}

TEST_CASE("connecting to nothing is told as refused, unknown or wrong") {
  Loop loop;
  const auto fails_as = [&](const std::string& url, Headers headers = {}) {
    End near;
    near.socket = WebSocket::connect(loop, {.url = url, .headers = std::move(headers)}, near.handlers());
    CHECK_FALSE(near.closed);  // never inside connect
    await(loop, [&] { return near.closed.has_value(); });
    return near.code();
  };
  CHECK(fails_as("ws://127.0.0.1:" + std::to_string(dead_port())) == "R0101");
  CHECK(fails_as("wss://127.0.0.1:" + std::to_string(dead_port())) == "R0101");
  CHECK(fails_as("ws://no-such-host.invalid/") == "R0102");
  CHECK(fails_as("gopher://x/") == "R0107");
  CHECK(fails_as("ws://127.0.0.1:1/", {{"X", "a\r\nb"}}) == "R0107");
}

}  // namespace flow::net
