#include "runtime/net/ws.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/websocket/error.hpp>

#include "runtime/net/loop_impl.h"
#include "runtime/net/ws_impl.h"

namespace flow::net {

namespace {

constexpr std::size_t BodyShown = 4'096;
constexpr std::uint16_t NoCloseFrame = 1006;

auto refusal(const std::string& where, int status) -> Error {
  const auto said = where + " refused the connection with HTTP status " + std::to_string(status);
  switch (status) {
    case 401:
    case 403:
      return {"R0105", said + ": the key is not accepted",
              "set the key that belongs to this service, and look whether it may use this model"};
    case 404: return {"R0103", said, "look at the path and the model of the address"};
    case 429: return {"R0109", said + ": too many requests", "wait, or ask the service for a higher limit"};
    default:
      return {"R0103", said,
              status >= 500 ? "the service has trouble of its own; try again later"
                            : "is it a WebSocket service, and the address right?"};
  }
}

auto is_of_websocket(const error_code& error) -> bool {
  return error.category() == error_code(beast::websocket::error::bad_opcode).category();
}

auto no_websocket(const std::string& where, const error_code& error) -> Error {
  const bool gone = error == asio::error::eof || error == beast::http::error::end_of_stream;
  return {"R0103", where + " did not answer as a WebSocket service: " + (gone ? "it hung up" : error.message()),
          "look at host, port and path of the address, and whether it is ws:// or wss:// that is spoken there"};
}

auto broken(const std::string& where, const error_code& error) -> Error {
  namespace websocket = beast::websocket;
  if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
    return {"R0111", where + " sent a message that is too large", "the connection was closed; a new one may do"};
  }
  if (is_of_websocket(error)) {
    return {"R0111", where + " broke the WebSocket protocol: " + error.message(),
            "is it a WebSocket service, or does a proxy change what passes?"};
  }
  const bool gone = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
  return {"R0108",
          "the connection to " + where + " was lost: " + (gone ? "it was closed without a word" : error.message()),
          "is the network steady? The service may also have ended it"};
}

}  // namespace

auto is_fatal(const Closed& closed) -> bool {
  if (!closed.error) return false;
  const auto& code = closed.error->code;
  const bool refused = code == "R0103" && closed.http_status >= 400 && closed.http_status < 500 &&
                       closed.http_status != 408 && closed.http_status != 425;
  return refused || code == "R0104" || code == "R0105" || code == "R0107";
}

void WebSocket::Impl::connect(Options options) {
  auto url = parse_url(options.url);
  auto proxy = url ? options.proxies.choose(*url) : Result<std::optional<Url>>{};
  auto fit = check(options.headers);
  const auto* wrong = !url ? &url.error() : !proxy ? &proxy.error() : !fit ? &fit.error() : nullptr;
  if (wrong != nullptr) {
    return loop_.post([self = shared_from_this(), error = *wrong] { self->fail(error); });
  }
  where_ = authority(*url);
  Route route{.to = *url, .via = *proxy, .tls = options.tls};
  dial_ = Dial::start(loop_, std::move(route), limits_.connect,
                      [this, options = std::move(options)](Result<std::unique_ptr<Bytes>> bytes) mutable {
                        dialled(options, std::move(bytes));
                      });
}

void WebSocket::Impl::dialled(Options& options, Result<std::unique_ptr<Bytes>> bytes) {
  const auto keep = shared_from_this();
  dial_.reset();
  if (!bytes) return fail(bytes.error());
  deadline_.set_after(limits_.handshake, [this] {
    fail({"R0106", where_ + " did not answer the WebSocket handshake in time", "is it a WebSocket service?"});
  });
  stream_handshake(AnyStream(loop_.impl().context.get_executor(), std::move(*bytes)), options, *parse_url(options.url));
}

void WebSocket::Impl::accept(AnyStream stream, WsRequest request, Headers extra, std::string subprotocol) {
  where_ = "the other side";
  subprotocol_ = std::move(subprotocol);
  deadline_.set_after(limits_.handshake,
                      [this] { fail({"R0106", "the other side took no answer to its handshake", ""}); });
  stream_accept(std::move(stream), std::move(request), std::move(extra));
}

void WebSocket::Impl::handshake_done(error_code error) {
  if (error) return lost(error);
  opened();
}

void WebSocket::Impl::refused(int status, std::string body) {
  body.resize(std::min(body.size(), BodyShown));
  finish({.http_status = status, .http_body = std::move(body), .error = refusal(where_, status)});
}

void WebSocket::Impl::opened() {
  state_ = State::Open;
  opened_ = true;
  deadline_.drop();
  schedule_ping();
  const auto handlers = handlers_;
  if (handlers && handlers->on_open) handlers->on_open();
  if (state_ != State::Closed) stream_read();
}

// ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────

void WebSocket::Impl::send(std::string text, Kind kind, Task on_handed) {
  if (state_ != State::Open) return;
  enqueue({std::move(text), kind, std::move(on_handed)});
  if (!writing_) start_write();
}

void WebSocket::Impl::enqueue(Message message) {
  const auto size = message.text.size();
  const bool is_audio = message.kind == Kind::Audio;
  // Nothing waits unless something is being written, so the first message is never too large.
  while (is_audio && queued_audio_ > 0 && queued_audio_ + size > limits_.audio_queue_max) drop_oldest_audio();
  while (writing_ && counters_.queued_bytes + size > limits_.queue_max) {
    if (drop_oldest_audio()) continue;
    return loop_.post([self = shared_from_this()] {
      self->fail({"R0113", self->where_ + " takes nothing of what is sent to it",
                  "the connection was closed; is the network too slow?"});
    });
  }
  counters_.queued_bytes += size;
  counters_.queued_bytes_max = std::max(counters_.queued_bytes_max, counters_.queued_bytes);
  if (is_audio) queued_audio_ += size;
  queue_.push_back(std::move(message));
}

// False: none waits.
auto WebSocket::Impl::drop_oldest_audio() -> bool {
  const auto oldest =
      std::find_if(queue_.begin(), queue_.end(), [](const Message& m) { return m.kind == Kind::Audio; });
  if (oldest == queue_.end()) return false;
  counters_.queued_bytes -= oldest->text.size();
  counters_.audio_dropped += 1;
  queued_audio_ -= oldest->text.size();
  queue_.erase(oldest);
  return true;
}

void WebSocket::Impl::start_write() {
  if (queue_.empty()) {
    if (state_ == State::Closing) send_close();
    return;
  }
  writing_ = true;
  current_ = std::move(queue_.front());
  queue_.pop_front();
  counters_.queued_bytes -= current_.text.size();
  if (current_.kind == Kind::Audio) queued_audio_ -= current_.text.size();
  counters_.sent += 1;
  counters_.sent_bytes += current_.text.size();
  stream_write();  // tries the socket before it returns
  if (const auto handed = std::move(current_.on_handed)) handed();
}

void WebSocket::Impl::wrote(error_code error) {
  writing_ = false;
  current_.text.clear();
  spare_ = std::move(current_.text);
  if (error) return;  // the read under way ends for the same reason, and says why
  start_write();
}

// ── Receiving ────────────────────────────────────────────────────────────────────────────────────────────────

void WebSocket::Impl::message_came(std::string_view text, bool is_text) {
  counters_.received += 1;
  counters_.received_bytes += text.size();
  if (state_ != State::Open) return;
  const auto handlers = handlers_;
  const auto& handler = is_text ? handlers->on_text : handlers->on_binary;
  if (handler) handler(text);
}

void WebSocket::Impl::schedule_ping() {
  if (limits_.ping_every == Millis::zero()) return;
  ping_.set_after(limits_.ping_every, [this] {
    if (!ping_under_way_) stream_ping();
    if (!pong_.armed()) {
      pong_.set_after(limits_.pong_within, [this, before = stream_received()] {
        if (stream_received() != before) return;
        fail({"R0106", where_ + " has gone silent: it did not answer a ping", "is the network steady?"});
      });
    }
    schedule_ping();
  });
}

// ── Ending ───────────────────────────────────────────────────────────────────────────────────────────────────

void WebSocket::Impl::close(std::uint16_t code, std::string reason) {
  if (state_ == State::Closing || state_ == State::Closed) return;
  if (state_ == State::Connecting) {
    state_ = State::Closing;
    return loop_.post([self = shared_from_this()] { self->finish({}); });
  }
  state_ = State::Closing;
  close_code_ = code;
  close_text_ = reason.substr(0, 123);  // what a control frame holds
  deadline_.set_after(limits_.close,
                      [this] { finish({.code = NoCloseFrame, .reason = "the other side did not close in time"}); });
  if (!writing_) send_close();
}

void WebSocket::Impl::send_close() {
  if (std::exchange(close_under_way_, true)) return;
  stream_close();
}

// Beast says why the stream is over. A close frame that was received in order is no error.
void WebSocket::Impl::lost(error_code error) {
  if (error == beast::websocket::error::closed) {
    auto [code, reason] = stream_close_reason();
    return finish({.code = code, .reason = std::move(reason)});
  }
  if (state_ == State::Closing && close_under_way_) return finish({.code = NoCloseFrame});
  fail(opened_ ? broken(where_, error) : no_websocket(where_, error));
}

void WebSocket::Impl::fail(Error error) { finish({.error = std::move(error)}); }

void WebSocket::Impl::finish(Closed closed) {
  if (state_ == State::Closed) return;
  const auto keep = shared_from_this();
  const auto handlers = handlers_;
  closed.opened = opened_;
  abandon();
  if (handlers && handlers->on_closed) handlers->on_closed(closed);
}

void WebSocket::Impl::abandon() {
  state_ = State::Closed;
  handlers_.reset();
  deadline_.drop();
  ping_.drop();
  pong_.drop();
  queue_.clear();
  if (dial_) dial_->abandon();
  dial_.reset();
  stream_drop();
}

auto WebSocket::connect(Loop& loop, Options options, WsHandlers handlers) -> std::unique_ptr<WebSocket> {
  const auto limits = options.limits;
  auto impl = std::make_shared<Impl>(loop, std::move(handlers), limits);
  impl->connect(std::move(options));
  return std::make_unique<WebSocket>(std::move(impl));
}

WebSocket::WebSocket(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

WebSocket::~WebSocket() { impl_->abandon(); }

void WebSocket::send(std::string text, Kind kind, Task on_handed) {
  impl_->send(std::move(text), kind, std::move(on_handed));
}

auto WebSocket::spare() -> std::string { return impl_->spare(); }

void WebSocket::close(std::uint16_t code, std::string reason) { impl_->close(code, std::move(reason)); }

auto WebSocket::is_open() const -> bool { return impl_->is_open(); }

auto WebSocket::subprotocol() const -> std::string { return impl_->subprotocol(); }

auto WebSocket::counters() const -> const WsCounters& { return impl_->counters(); }

}  // namespace flow::net
