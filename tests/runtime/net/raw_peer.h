#pragma once
// A server that speaks whatever its script says, byte by byte, on a thread of its own with blocking sockets: for all
// that a decent server does not do.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace flow::net {

class RawPeer {
 public:
  explicit RawPeer(int fd) : fd_(fd) {
    const timeval patience{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~RawPeer() { hang_up(); }

  void send(const std::string& bytes) {
    [[maybe_unused]] const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  // Exactly `size` bytes; less if the other side hung up.
  auto read(std::size_t size) -> std::string {
    while (pending_.size() < size && receive()) {
    }
    auto result = pending_.substr(0, size);
    pending_.erase(0, result.size());
    return result;
  }
  // Up to the empty line that ends an HTTP head.
  auto read_head() -> std::string {
    while (pending_.find("\r\n\r\n") == std::string::npos && receive()) {
    }
    return read(pending_.find("\r\n\r\n") + 4);
  }
  void hang_up() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  // The other side sees a reset and no orderly end.
  void reset() {
    const linger at_once{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    hang_up();
  }
  auto fd() const -> int { return fd_; }

  auto handshake() -> std::string {
    const auto head = read_head();
    const auto at = head.find("Sec-WebSocket-Key: ") + 19;
    const auto text = head.substr(at, head.find("\r\n", at) - at) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    unsigned char key[64];
    const auto size = EVP_EncodeBlock(key, digest, SHA_DIGEST_LENGTH);
    send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         std::string(reinterpret_cast<char*>(key), static_cast<std::size_t>(size)) + "\r\n\r\n");
    return head;
  }

  struct Frame {
    int opcode = -1;  // -1: the other side hung up
    std::string payload;
  };
  // One frame of a client, unmasked.
  auto read_frame() -> Frame {
    const auto head = read(2);
    if (head.size() < 2) return {};
    auto size = static_cast<std::size_t>(head[1] & 0x7f);
    if (size >= 126) {
      const auto more = read(size == 126 ? 2 : 8);
      size = 0;
      for (const char c : more) size = size << 8 | static_cast<unsigned char>(c);
    }
    const auto mask = read(4);
    auto payload = read(size);
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
    return {head[0] & 0x0f, std::move(payload)};
  }

  // A server's frame, short payloads only.
  static auto frame(int opcode, const std::string& payload, bool last = true) -> std::string {
    return std::string{static_cast<char>((last ? 0x80 : 0) | opcode), static_cast<char>(payload.size())} + payload;
  }

 private:
  auto receive() -> bool {
    char buffer[65536];
    const auto n = ::recv(fd_, buffer, sizeof buffer, 0);
    if (n > 0) pending_.append(buffer, static_cast<std::size_t>(n));
    return n > 0;
  }
  int fd_;
  std::string pending_;
};

class RawServer {
 public:
  using Script = std::function<void(RawPeer&)>;

  // Plays `script` for one connection after another, `connections` times.
  explicit RawServer(Script script, int receive_buffer = 0, int connections = 1) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    if (receive_buffer != 0) setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at);
    listen(listener_, 8);
    socklen_t size = sizeof at;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this, script = std::move(script), connections] {
      for (int i = 0; i < connections; ++i) {
        const int fd = accept(listener_, nullptr, nullptr);
        if (fd < 0) return;
        RawPeer peer(fd);
        script(peer);
      }
    });
  }
  ~RawServer() {
    shutdown(listener_, SHUT_RDWR);
    join();
    ::close(listener_);
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  auto port() const -> int { return port_; }
  auto url(const std::string& scheme = "ws") const -> std::string {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + "/";
  }

 private:
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

// A port where nothing listens.
inline auto dead_port() -> int {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at);
  socklen_t size = sizeof at;
  getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
  ::close(fd);
  return ntohs(at.sin_port);
}

}  // namespace flow::net
