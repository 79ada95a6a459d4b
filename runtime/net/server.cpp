#include "runtime/net/server.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <unordered_set>

#include "compiler/base/check.h"
#include "runtime/net/loop_impl.h"
#include "runtime/net/resolve.h"
#include "runtime/net/ws_impl.h"

namespace flow::net {

namespace http = beast::http;

namespace {

constexpr Millis AcceptAgainAfter{50};  // when the process has no file descriptor left

auto as_text(const tcp::endpoint& endpoint) -> std::string {
  const auto address = endpoint.address().to_string();
  const auto host = endpoint.address().is_v6() ? "[" + address + "]" : address;
  return host + ":" + std::to_string(endpoint.port());
}

auto split_list(std::string_view text) -> std::vector<std::string> {
  std::vector<std::string> items;
  for (; !text.empty(); text.remove_prefix(std::min(text.find(',') + 1, text.size()))) {
    auto item = text.substr(0, text.find(','));
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
    if (text.find(',') == std::string_view::npos) break;
  }
  return items;
}

class Connection;

}  // namespace

struct Acceptor::Impl : std::enable_shared_from_this<Acceptor::Impl> {
  Impl(Loop& on, Options how, std::function<void(Incoming)> request)
      : loop(on),
        options(std::move(how)),
        on_request(std::make_shared<std::function<void(Incoming)>>(std::move(request))),
        acceptor(on.impl().context),
        again(on) {}

  auto open() -> Result<void>;
  void accept();

  Loop& loop;
  Options options;
  std::shared_ptr<std::function<void(Incoming)>> on_request;  // shared, as it may drop the acceptor
  tcp::acceptor acceptor;
  std::shared_ptr<ssl::context> context;  // none: no TLS
  Timer again;
  std::size_t connections = 0;
};

// One accepted connection until it becomes a WebSocket or ends.
struct Incoming::Impl : std::enable_shared_from_this<Incoming::Impl> {
  Impl(std::shared_ptr<Acceptor::Impl> owner, tcp::socket accepted)
      : acceptor(std::move(owner)), loop(acceptor->loop), socket(std::move(accepted)), deadline(loop) {
    acceptor->connections += 1;
  }
  ~Impl() { acceptor->connections -= 1; }

  void start();
  void read();
  void request_came();
  void respond(int status, std::string text, Headers extra);
  void drop();

  std::shared_ptr<Acceptor::Impl> acceptor;
  Loop& loop;
  tcp::socket socket;
  std::string peer;
  std::shared_ptr<TlsStart> tls;
  std::optional<AnyStream> stream;
  beast::flat_buffer buffer;
  std::optional<http::request_parser<http::string_body>> parser;
  WsRequest request;
  WsResponse response;
  Timer deadline;
};

void Incoming::Impl::start() {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  peer = as_text(socket.remote_endpoint(ignored));
  deadline.set_after(acceptor->options.request, [this] { drop(); });
  const auto executor = loop.impl().context.get_executor();
  if (!acceptor->context) {
    stream.emplace(executor, plain_bytes(std::move(socket)));
    return read();
  }
  tls = tls_start(std::move(socket), acceptor->context);
  tls->server(
      Once<Result<std::unique_ptr<Bytes>>>([self = shared_from_this(), executor](Result<std::unique_ptr<Bytes>> bytes) {
        self->tls.reset();
        if (!bytes) return;
        self->stream.emplace(executor, std::move(*bytes));
        self->read();
      }));
}

void Incoming::Impl::drop() {
  if (tls) tls->close();
  if (stream) stream->bytes().close();
}

void Incoming::Impl::read() {
  deadline.set_after(acceptor->options.request, [this] { drop(); });
  parser.emplace();
  parser->body_limit(Acceptor::BodyMax);
  http::async_read(*stream, buffer, *parser, [self = shared_from_this()](error_code error, std::size_t) {
    if (error == http::error::body_limit)
      return self->respond(413, "the request is too large\n", {{"Connection", "close"}});
    if (error) return self->drop();
    self->request_came();
  });
}

void Incoming::Impl::request_came() {
  deadline.drop();  // from here on it is our turn
  request = parser->release();
  Incoming incoming(shared_from_this());
  incoming.method = std::string(request.method_string());
  incoming.target = std::string(request.target());
  for (const auto& field : request)
    incoming.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  incoming.body = request.body();
  incoming.peer = peer;
  incoming.wants_websocket = beast::websocket::is_upgrade(request);
  incoming.subprotocols = split_list(std::string(request[http::field::sec_websocket_protocol]));
  const auto handler = acceptor->on_request;
  if (*handler) (*handler)(std::move(incoming));
}

void Incoming::Impl::respond(int status, std::string text, Headers extra) {
  response = WsResponse(static_cast<http::status>(status), request.version() == 0 ? 11 : request.version());
  response.set(http::field::server, "flowc");
  if (!text.empty()) response.set(http::field::content_type, "text/plain; charset=utf-8");
  for (const auto& header : extra) response.set(header.name, header.value);
  response.body() = std::move(text);
  response.prepare_payload();
  response.keep_alive(request.keep_alive() && response[http::field::connection] != "close");
  deadline.set_after(acceptor->options.request, [this] { drop(); });
  http::async_write(*stream, response, [self = shared_from_this()](error_code error, std::size_t) {
    if (error) return self->drop();
    if (self->response.keep_alive() && self->acceptor->acceptor.is_open()) return self->read();
    self->stream->bytes().shut_down(Once<error_code>([self](error_code) { self->drop(); }));
  });
}

Incoming::Incoming(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Incoming::Incoming(Incoming&&) noexcept = default;
auto Incoming::operator=(Incoming&&) noexcept -> Incoming& = default;
Incoming::~Incoming() {
  if (impl_) respond(404);
}

auto Incoming::accept(WsHandlers handlers, WsLimits limits, Headers extra, std::string subprotocol)
    -> std::unique_ptr<WebSocket> {
  FLOW_ASSERT(impl_ && wants_websocket, "accept of what asks for no WebSocket");
  const auto impl = std::exchange(impl_, nullptr);
  auto socket = std::make_shared<WebSocket::Impl>(impl->loop, std::move(handlers), limits);
  socket->accept(std::move(*impl->stream), std::move(impl->request), std::move(extra), std::move(subprotocol));
  impl->stream.reset();
  return std::make_unique<WebSocket>(std::move(socket));
}

void Incoming::respond(int status, std::string text, Headers extra) {
  FLOW_ASSERT(impl_, "a request is answered once");
  std::exchange(impl_, nullptr)->respond(status, std::move(text), std::move(extra));
}

auto Acceptor::Impl::open() -> Result<void> {
  if (!options.certificate_file.empty()) {
    auto made = server_context(options.certificate_file, options.key_file);
    if (!made) return tl::make_unexpected(made.error());
    context = *made;
  }
  const auto addresses = resolve(options.host, options.port);
  if (!addresses) return tl::make_unexpected(addresses.error());
  const auto& at = addresses->front();
  error_code error;
  acceptor.open(at.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(at, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) {
    return failure("R0114", "cannot listen on " + as_text(at) + ": " + error.message(),
                   "is another program listening there? Port 0 takes any free one");
  }
  return {};
}

void Acceptor::Impl::accept() {
  acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
    if (!self->acceptor.is_open()) return;
    if (error) return self->again.set_after(AcceptAgainAfter, [raw = self.get()] { raw->accept(); });
    if (self->connections < self->options.connections_max) {
      std::make_shared<Incoming::Impl>(self, std::move(socket))->start();
    }
    self->accept();
  });
}

auto Acceptor::listen(Loop& loop, Options options, std::function<void(Incoming)> on_request)
    -> Result<std::unique_ptr<Acceptor>> {
  auto impl = std::make_shared<Impl>(loop, std::move(options), std::move(on_request));
  if (const auto opened = impl->open(); !opened) return tl::make_unexpected(opened.error());
  impl->accept();
  return std::make_unique<Acceptor>(std::move(impl));
}

Acceptor::Acceptor(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Acceptor::~Acceptor() {
  impl_->on_request = std::make_shared<std::function<void(Incoming)>>();
  impl_->again.drop();
  error_code ignored;
  impl_->acceptor.close(ignored);
}

auto Acceptor::port() const -> std::uint16_t { return impl_->acceptor.local_endpoint().port(); }

}  // namespace flow::net
