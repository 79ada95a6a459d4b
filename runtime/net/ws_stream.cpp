// Beast's WebSocket over a stream of any kind. Compiled here and nowhere else: it is the costliest unit of the project.

#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "runtime/net/ws_impl.h"

namespace flow::net {

namespace websocket = beast::websocket;

namespace {

// Frames up to this size leave in one write.
constexpr std::size_t WriteBufferBytes = 16'384;
constexpr std::size_t KeptBufferBytes = 256 << 10;

void configure(websocket::stream<AnyStream, false>& ws, std::size_t message_max) {
  ws.set_option(websocket::stream_base::timeout{websocket::stream_base::none(), websocket::stream_base::none(), false});
  ws.auto_fragment(false);
  ws.write_buffer_bytes(WriteBufferBytes);
  ws.read_message_max(message_max);
  ws.text(true);
}

}  // namespace

struct WsStream {
  explicit WsStream(AnyStream bytes) : ws(std::move(bytes)) {}

  websocket::stream<AnyStream, false> ws;
  beast::flat_buffer buffer;
  WsResponse response;
  WsRequest request;
};

WebSocket::Impl::Impl(Loop& loop, WsHandlers handlers, WsLimits limits)
    : loop_(loop),
      handlers_(std::make_shared<WsHandlers>(std::move(handlers))),
      limits_(limits),
      deadline_(loop),
      ping_(loop),
      pong_(loop) {}

WebSocket::Impl::~Impl() = default;

void WebSocket::Impl::stream_handshake(AnyStream bytes, const Options& options, const Url& url) {
  stream_ = std::make_unique<WsStream>(std::move(bytes));
  auto& ws = stream_->ws;
  configure(ws, limits_.message_max);
  stream_watch();
  ws.set_option(websocket::stream_base::decorator(
      [headers = options.headers, offered = options.subprotocols](websocket::request_type& request) {
        request.set(beast::http::field::user_agent, "flowc");
        for (const auto& header : headers) request.set(header.name, header.value);
        std::string all;
        for (const auto& one : offered) all += (all.empty() ? "" : ", ") + one;
        if (!all.empty()) request.set(beast::http::field::sec_websocket_protocol, all);
      }));
  ws.async_handshake(stream_->response, authority(url), url.target, [self = shared_from_this()](error_code error) {
    if (self->state_ == State::Closed) return;
    const auto& response = self->stream_->response;
    if (error == websocket::error::upgrade_declined) {
      return self->refused(static_cast<int>(response.result_int()), response.body());
    }
    self->subprotocol_ = std::string(response[beast::http::field::sec_websocket_protocol]);
    self->handshake_done(error);
  });
}

void WebSocket::Impl::stream_accept(AnyStream bytes, WsRequest request, Headers extra) {
  stream_ = std::make_unique<WsStream>(std::move(bytes));
  stream_->request = std::move(request);
  auto& ws = stream_->ws;
  configure(ws, limits_.message_max);
  stream_watch();
  ws.set_option(websocket::stream_base::decorator(
      [extra = std::move(extra), chosen = subprotocol_](websocket::response_type& response) {
        response.set(beast::http::field::server, "flowc");
        for (const auto& header : extra) response.set(header.name, header.value);
        if (!chosen.empty()) response.set(beast::http::field::sec_websocket_protocol, chosen);
      }));
  ws.async_accept(stream_->request, [self = shared_from_this()](error_code error) {
    if (self->state_ != State::Closed) self->handshake_done(error);
  });
}

void WebSocket::Impl::stream_watch() {
  stream_->ws.control_callback([this](websocket::frame_type type, beast::string_view) {
    if (type == websocket::frame_type::pong) counters_.pongs += 1;
  });
}

void WebSocket::Impl::stream_read() {
  stream_->ws.async_read(stream_->buffer, [self = shared_from_this()](error_code error, std::size_t) {
    if (self->state_ == State::Closed) return;
    if (error) return self->lost(error);
    auto& buffer = self->stream_->buffer;
    const auto data = buffer.cdata();
    self->message_came({static_cast<const char*>(data.data()), data.size()}, self->stream_->ws.got_text());
    if (self->state_ == State::Closed) return;
    buffer.clear();
    if (buffer.capacity() > KeptBufferBytes) buffer.shrink_to_fit();
    self->stream_read();
  });
}

void WebSocket::Impl::stream_write() {
  stream_->ws.async_write(asio::buffer(current_.text), [self = shared_from_this()](error_code error, std::size_t) {
    if (self->state_ != State::Closed) self->wrote(error);
  });
}

void WebSocket::Impl::stream_ping() {
  ping_under_way_ = true;
  stream_->ws.async_ping({}, [self = shared_from_this()](error_code) { self->ping_under_way_ = false; });
}

void WebSocket::Impl::stream_close() {
  const websocket::close_reason reason(static_cast<websocket::close_code>(close_code_), close_text_);
  stream_->ws.async_close(reason, [self = shared_from_this()](error_code error) {
    if (self->state_ == State::Closed) return;
    self->lost(error ? error : error_code(websocket::error::closed));
  });
}

void WebSocket::Impl::stream_drop() {
  if (stream_) stream_->ws.next_layer().bytes().close();
}

auto WebSocket::Impl::stream_received() const -> std::uint64_t { return stream_->ws.next_layer().received(); }

auto WebSocket::Impl::stream_close_reason() const -> std::pair<std::uint16_t, std::string> {
  const auto& reason = stream_->ws.reason();
  return {static_cast<std::uint16_t>(reason.code), std::string(reason.reason.data(), reason.reason.size())};
}

}  // namespace flow::net
