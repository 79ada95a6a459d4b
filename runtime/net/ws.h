#pragma once
// WebSocket connections, the client's side. One object is one connection; all of it happens on its loop's thread.
//
// What is sent while the connection is idle reaches the socket inside `send`. Else it waits in a queue with bounds and
// a rule: the oldest audio gives way, control messages never do. Compression is neither offered nor accepted.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/net/endpoint.h"
#include "runtime/net/loop.h"

namespace flow::net {

// Why and how a connection ended, or why there never was one.
struct Closed {
  bool opened = false;         // on_open had been called
  std::uint16_t code = 1006;   // the close frame's code; 1006: there was none
  std::string reason;          // the close frame's reason
  int http_status = 0;         // of a refused handshake
  std::string http_body;       // of a refused handshake, its first 4 KiB
  std::optional<Error> error;  // none: closed in order by either side. See the table of codes below
};
// R0101 cannot be reached   R0102 no such name    R0103 handshake refused   R0104 certificate or TLS
// R0105 key refused         R0106 timed out       R0107 wrong address       R0108 connection lost
// R0109 too many requests   R0111 the other side broke the protocol         R0112 the proxy refused
// R0113 the other side takes nothing

// Whether trying again with the same settings is useless: wrong address, key, certificate or path.
auto is_fatal(const Closed& closed) -> bool;

struct WsLimits {
  std::size_t message_max = 16 << 20;       // bytes of one received message
  std::size_t audio_queue_max = 512 << 10;  // bytes of audio that wait; some seconds
  std::size_t queue_max = 32 << 20;         // bytes that wait at all; more ends the connection with R0113
  Millis connect{10'000};                   // name, TCP, proxy and TLS together
  Millis handshake{10'000};                 // the HTTP upgrade
  Millis close{3'000};                      // for the other side's close frame
  Millis ping_every{15'000};                // zero: no pings
  Millis pong_within{10'000};               // nothing at all received for so long after a ping: R0106
};

struct WsCounters {
  std::uint64_t sent = 0, received = 0;              // messages
  std::uint64_t sent_bytes = 0, received_bytes = 0;  // of messages
  std::uint64_t audio_dropped = 0;                   // messages that gave way
  std::uint64_t pongs = 0;
  std::size_t queued_bytes = 0, queued_bytes_max = 0;
};

// Called on the loop's thread, never inside connect or send. on_closed is called exactly once, and is the last.
struct WsHandlers {
  std::function<void()> on_open = {};
  std::function<void(std::string_view)> on_text = {};    // checked UTF-8; the view ends with the call
  std::function<void(std::string_view)> on_binary = {};  // none: binary messages are ignored
  std::function<void(const Closed&)> on_closed = {};
};

enum class Kind { Control, Audio };

class WebSocket {
 public:
  struct Options {
    std::string url;  // ws:// or wss://
    Headers headers = {};
    std::vector<std::string> subprotocols = {};
    Tls tls = {};
    Proxies proxies = {};
    WsLimits limits = {};
  };

  // Begins to connect; what becomes of it is told to the handlers. Never fails by itself.
  static auto connect(Loop& loop, Options options, WsHandlers handlers) -> std::unique_ptr<WebSocket>;

  // Drops the connection without a close frame; no handler is called any more. Allowed inside handlers.
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  auto operator=(const WebSocket&) -> WebSocket& = delete;

  // One text message; nothing happens unless open. `on_handed` is called when its first bytes have been handed to the
  // socket, inside this call if the connection is idle.
  void send(std::string text, Kind kind = Kind::Control, Task on_handed = {});

  // An empty text with the memory of one that was sent, so that a steady stream of messages allocates nothing.
  auto spare() -> std::string;

  // Sends what waits, then a close frame; on_closed follows, at latest after limits.close. Before on_open: gives up.
  void close(std::uint16_t code = 1000, std::string reason = {});

  auto is_open() const -> bool;
  auto subprotocol() const -> std::string;  // what the server chose, or empty
  auto counters() const -> const WsCounters&;

  class Impl;  // runtime/net/ws_impl.h, for this folder
  explicit WebSocket(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace flow::net
