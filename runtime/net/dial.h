#pragma once
// From an address to a connected stream of bytes: name, TCP, proxy, TLS. For this folder only.

#include <optional>

#include "runtime/net/bytes.h"
#include "runtime/net/loop.h"

namespace flow::net {

struct Route {
  Url to;
  std::optional<Url> via = {};  // a proxy
  bool tunnel = true;           // through the proxy by CONNECT; false: the proxy itself is talked to
  Tls tls = {};
};

class Dial : public std::enable_shared_from_this<Dial> {
 public:
  using Done = std::function<void(Result<std::unique_ptr<Bytes>>)>;

  // `done` is called once, not before `start` has returned. Errors: R0101, R0102, R0104, R0106, R0112.
  static auto start(Loop& loop, Route route, Millis at_most, Done done) -> std::shared_ptr<Dial>;
  void abandon();  // `done` is not called any more

  Dial(Loop& loop, Route route, Done done);

 private:
  void resolve();
  void resolved(Result<std::vector<tcp::endpoint>> addresses);
  void connect_next();
  void connected();
  void ask_proxy();
  void proxy_answered(const std::string& head);
  void encrypt();
  void finish(Result<std::unique_ptr<Bytes>> result);
  auto host() const -> const Url& { return route_.via ? *route_.via : route_.to; }  // what is really connected to

  Loop& loop_;
  Route route_;
  Done done_;
  Timer deadline_;
  Timer address_deadline_;  // so that one dead address leaves time for the next
  tcp::socket socket_;
  std::vector<tcp::endpoint> addresses_;
  std::size_t tried_ = 0;
  error_code last_error_;
  std::string proxy_text_;
  std::shared_ptr<TlsStart> tls_;
};

}  // namespace flow::net
