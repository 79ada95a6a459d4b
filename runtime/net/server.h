#pragma once
// Listens on one address for HTTP: a request is answered, or becomes a WebSocket.

#include <functional>
#include <memory>
#include <string>

#include "runtime/net/ws.h"

namespace flow::net {

// A request that waits for its answer. One of `accept`, `respond` ends it; destroyed without, it is answered with 404.
class Incoming {
 public:
  std::string method, target;
  Headers headers;
  std::string body;  // at most Acceptor::BodyMax
  std::string peer;  // address:port of the other side
  bool wants_websocket = false;
  std::vector<std::string> subprotocols;  // offered with the upgrade

  // The connection, already open when on_open is called. Only if `wants_websocket`.
  auto accept(WsHandlers handlers, WsLimits limits = {}, Headers extra = {}, std::string subprotocol = {})
      -> std::unique_ptr<WebSocket>;
  // Any status, also the refusal of an upgrade. The connection stays open for the next request if the other side wants.
  void respond(int status, std::string text = {}, Headers extra = {});

  struct Impl;
  explicit Incoming(std::shared_ptr<Impl> impl);
  Incoming(Incoming&&) noexcept;
  auto operator=(Incoming&&) noexcept -> Incoming&;
  ~Incoming();

 private:
  std::shared_ptr<Impl> impl_;
};

class Acceptor {
 public:
  static constexpr std::size_t BodyMax = 1 << 20;

  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;              // 0: any free one
    std::string certificate_file = {};   // PEM chain; with it, TLS only
    std::string key_file = {};           // PEM
    Millis request{10'000};              // for TLS and one whole request
    std::size_t connections_max = 4096;  // that have not become WebSockets; more are closed at once
  };

  // Listens from here on; `on_request` is called on the loop's thread. R0114 if the address cannot be had.
  static auto listen(Loop& loop, Options options, std::function<void(Incoming)> on_request)
      -> Result<std::unique_ptr<Acceptor>>;
  ~Acceptor();  // stops listening; accepted WebSockets live on

  auto port() const -> std::uint16_t;  // the real one

  struct Impl;
  explicit Acceptor(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace flow::net
