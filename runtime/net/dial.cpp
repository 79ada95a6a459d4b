#include "runtime/net/dial.h"

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "runtime/net/loop_impl.h"
#include "runtime/net/resolve.h"

namespace flow::net {

namespace {

constexpr Millis AddressAtMost{4'000};
constexpr std::size_t ProxyHeadMax = 16'384;

auto host_and_port(const Url& url) -> std::string {
  const auto host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  return host + ":" + std::to_string(url.port);
}

auto timed_out(const Url& url, const char* what) -> tl::unexpected<Error> {
  return failure("R0106", host_and_port(url) + " " + what, "is a firewall in between, or is a proxy needed?");
}

auto not_connected(const Url& url, const error_code& error, bool is_proxy) -> tl::unexpected<Error> {
  if (error == asio::error::operation_aborted || error == asio::error::timed_out) {
    return timed_out(url, "did not answer in time");
  }
  return failure(
      "R0101",
      std::string(is_proxy ? "cannot reach the proxy " : "cannot reach ") + host_and_port(url) + ": " + error.message(),
      error == asio::error::connection_refused ? "nothing listens there: is the service running, and the port right?"
                                               : "is this machine connected, and the address right?");
}

}  // namespace

auto Dial::start(Loop& loop, Route route, Millis at_most, Done done) -> std::shared_ptr<Dial> {
  auto dial = std::make_shared<Dial>(loop, std::move(route), std::move(done));
  dial->deadline_.set_after(at_most,
                            [self = dial.get()] { self->finish(timed_out(self->host(), "did not answer in time")); });
  loop.post([weak = std::weak_ptr(dial)] {
    if (const auto self = weak.lock()) self->resolve();
  });
  return dial;
}

Dial::Dial(Loop& loop, Route route, Done done)
    : loop_(loop),
      route_(std::move(route)),
      done_(std::move(done)),
      deadline_(loop),
      address_deadline_(loop),
      socket_(loop.impl().context) {}

void Dial::abandon() {
  done_ = nullptr;
  deadline_.drop();
  address_deadline_.drop();
  error_code ignored;
  socket_.close(ignored);
  if (tls_) tls_->close();
}

void Dial::finish(Result<std::unique_ptr<Bytes>> result) {
  const auto keep = shared_from_this();
  const auto done = std::exchange(done_, nullptr);
  abandon();
  if (done) done(std::move(result));
}

void Dial::resolve() {
  if (!done_) return;
  if (auto known = numeric(host().host, host().port); !known.empty()) return resolved(std::move(known));
  using Found = Result<std::vector<tcp::endpoint>>;
  const auto found = std::make_shared<Found>();
  // The thread may outlast us and the loop: what it holds is its own.
  const bool taken = loop_.blocking().run(
      loop_.poster(), [found, name = host().host, port = host().port] { *found = net::resolve(name, port); },
      [found, weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->resolved(std::move(*found));
      },
      Pool::AtExit::Leave);
  if (!taken) finish(failure("R0102", "too many names are being looked up", "try again in a moment"));
}

void Dial::resolved(Result<std::vector<tcp::endpoint>> addresses) {
  if (!done_) return;
  if (!addresses) return finish(tl::make_unexpected(addresses.error()));
  addresses_ = std::move(*addresses);
  last_error_ = asio::error::host_unreachable;
  connect_next();
}

void Dial::connect_next() {
  error_code ignored;
  socket_.close(ignored);
  if (tried_ == addresses_.size()) return finish(not_connected(host(), last_error_, route_.via.has_value()));
  const bool is_last = tried_ + 1 == addresses_.size();
  if (!is_last) {
    address_deadline_.set_after(AddressAtMost, [this] {
      error_code none;
      socket_.close(none);
    });
  }
  socket_.async_connect(addresses_[tried_++], [self = shared_from_this()](error_code error) {
    self->address_deadline_.drop();
    if (!self->done_) return;
    if (!error) return self->connected();
    self->last_error_ = error;
    self->connect_next();
  });
}

void Dial::connected() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  if (route_.via && route_.tunnel) return ask_proxy();
  encrypt();
}

void Dial::ask_proxy() {
  const auto to = host_and_port(route_.to);
  proxy_text_ = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n";
  if (!route_.via->user.empty()) {
    proxy_text_ += "Proxy-Authorization: " + basic_authorization(route_.via->user, route_.via->password) + "\r\n";
  }
  proxy_text_ += "\r\n";
  asio::async_write(socket_, asio::buffer(proxy_text_), [self = shared_from_this()](error_code error, std::size_t) {
    if (!self->done_) return;
    if (error) return self->finish(not_connected(*self->route_.via, error, true));
    self->proxy_text_.clear();
    asio::async_read_until(
        self->socket_, asio::dynamic_buffer(self->proxy_text_, ProxyHeadMax), "\r\n\r\n",
        [self](error_code failed, std::size_t) {
          if (!self->done_) return;
          if (failed)
            return self->finish(failure(
                "R0112", "the proxy " + host_and_port(*self->route_.via) + " gave no answer: " + failed.message(),
                "is it an HTTP proxy that allows CONNECT?"));
          self->proxy_answered(self->proxy_text_);
        });
  });
}

void Dial::proxy_answered(const std::string& head) {
  const auto line = head.substr(0, head.find("\r\n"));
  const auto space = line.find(' ');
  const auto status =
      line.starts_with("HTTP/1.") && space != std::string::npos ? line.substr(space + 1, 3) : std::string();
  if (status.starts_with("2")) return encrypt();
  const auto proxy = host_and_port(*route_.via);
  if (status == "407") {
    return finish(failure("R0112", "the proxy " + proxy + " wants a user name and password",
                          "put them into HTTPS_PROXY: http://user:password@host:port"));
  }
  finish(failure("R0112",
                 "the proxy " + proxy + " does not connect to " + host_and_port(route_.to) + ": " +
                     (status.empty() ? "no HTTP answer" : line.substr(space + 1)),
                 "ask whoever runs it to allow this address, or name the host in NO_PROXY"));
}

void Dial::encrypt() {
  const bool wanted = route_.to.encrypted() && !(route_.via && !route_.tunnel);
  if (!wanted) return finish(plain_bytes(std::move(socket_)));
  auto& context = loop_.impl().contexts[route_.tls.ca_file];
  if (!context) {
    auto made = client_context(route_.tls);
    if (!made) return finish(tl::make_unexpected(made.error()));
    context = *made;
  }
  tls_ = tls_start(std::move(socket_), context);
  tls_->client(route_.to.host,
               Once<Result<std::unique_ptr<Bytes>>>([self = shared_from_this()](Result<std::unique_ptr<Bytes>> result) {
                 if (!self->done_) return;
                 self->tls_.reset();
                 self->finish(std::move(result));
               }));
}

}  // namespace flow::net
