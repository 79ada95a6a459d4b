#include <sys/socket.h>

#include <cerrno>

#include "runtime/net/bytes.h"

namespace flow::net {

namespace {

constexpr std::size_t DrainedAtMost = 64 << 20;

class PlainBytes final : public Bytes {
 public:
  explicit PlainBytes(tcp::socket socket) : socket_(std::move(socket)) {}

  void read_some(const FewToRead& buffers, Done done) override { socket_.async_read_some(buffers, std::move(done)); }
  void write_some(const FewToWrite& buffers, Done done) override { socket_.async_write_some(buffers, std::move(done)); }

  void shut_down(Once<error_code> done) override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    drain(std::move(done));
  }

  auto is_idle() -> bool override { return socket_.is_open() && nothing_came(socket_); }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  // Closing while data is unread makes the system send a reset, which takes our last words (the close frame) from the
  // other side before it has read them.
  void drain(Once<error_code> done) {
    socket_.async_read_some(asio::buffer(waste_),
                            [this, done = std::move(done)](error_code error, std::size_t size) mutable {
                              if (error) return done(error == asio::error::eof ? error_code{} : error);
                              drained_ += size;
                              if (drained_ > DrainedAtMost) return done(asio::error::no_buffer_space);
                              drain(std::move(done));
                            });
  }

  tcp::socket socket_;
  std::array<char, 4'096> waste_;
  std::size_t drained_ = 0;
};

}  // namespace

auto nothing_came(tcp::socket& socket) -> bool {
  char byte = 0;
  const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

auto plain_bytes(tcp::socket socket) -> std::unique_ptr<Bytes> {
  return std::make_unique<PlainBytes>(std::move(socket));
}

}  // namespace flow::net
