#pragma once
// One WebSocket, made of a stream of bytes. For this folder only: here is the one instantiation of Beast's WebSocket.

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <deque>

#include "runtime/net/dial.h"
#include "runtime/net/ws.h"

namespace flow::net {

using WsRequest = beast::http::request<beast::http::string_body>;
using WsResponse = beast::http::response<beast::http::string_body>;

struct WsStream;  // Beast's; complete in ws_stream.cpp only

class WebSocket::Impl : public std::enable_shared_from_this<WebSocket::Impl> {
 public:
  Impl(Loop& loop, WsHandlers handlers, WsLimits limits);
  ~Impl();

  void connect(Options options);
  void accept(AnyStream stream, WsRequest request, Headers extra, std::string subprotocol);
  void send(std::string text, Kind kind, Task on_handed);
  auto spare() -> std::string { return std::exchange(spare_, {}); }
  void close(std::uint16_t code, std::string reason);
  void abandon();

  auto is_open() const -> bool { return state_ == State::Open; }
  auto subprotocol() const -> const std::string& { return subprotocol_; }
  auto counters() const -> const WsCounters& { return counters_; }

 private:
  enum class State { Connecting, Open, Closing, Closed };
  struct Message {
    std::string text;
    Kind kind = Kind::Control;
    Task on_handed;
  };

  // ws.cpp: the rules
  void dialled(Options& options, Result<std::unique_ptr<Bytes>> bytes);
  void handshake_done(error_code error);
  void refused(int status, std::string body);
  void opened();
  void enqueue(Message message);
  auto drop_oldest_audio() -> bool;
  void start_write();
  void wrote(error_code error);
  void message_came(std::string_view text, bool is_text);
  void schedule_ping();
  void send_close();
  void lost(error_code error);
  void fail(Error error);
  void finish(Closed closed);

  // ws_stream.cpp: what Beast does
  void stream_handshake(AnyStream bytes, const Options& options, const Url& url);
  void stream_accept(AnyStream bytes, WsRequest request, Headers extra);
  void stream_watch();
  void stream_read();
  void stream_write();
  void stream_ping();
  void stream_close();
  void stream_drop();
  auto stream_received() const -> std::uint64_t;
  auto stream_close_reason() const -> std::pair<std::uint16_t, std::string>;

  Loop& loop_;
  std::shared_ptr<WsHandlers> handlers_;  // shared, so that a handler may drop the socket while it runs
  WsLimits limits_;
  State state_ = State::Connecting;
  bool opened_ = false;
  std::string subprotocol_;
  std::string where_;  // for messages
  WsCounters counters_;

  std::shared_ptr<Dial> dial_;
  std::unique_ptr<WsStream> stream_;

  std::deque<Message> queue_;
  Message current_;
  std::string spare_;
  bool writing_ = false;
  std::size_t queued_audio_ = 0;

  bool ping_under_way_ = false;
  bool close_under_way_ = false;
  std::uint16_t close_code_ = 1000;
  std::string close_text_;

  Timer deadline_;  // of the handshake, then of the close
  Timer ping_;
  Timer pong_;
};

}  // namespace flow::net
