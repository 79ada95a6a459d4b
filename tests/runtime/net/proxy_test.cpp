#include <poll.h>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>

#include "runtime/net/http.h"
#include "tests/runtime/net/certificates.h"
#include "tests/runtime/net/raw_peer.h"
#include "tests/runtime/net/world.h"

namespace flow::net {

namespace {

// Carries bytes between `peer` and the port on this machine until one side ends.
void tunnel(RawPeer& peer, int port) {
  const int out = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  if (connect(out, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return;
  peer.send("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
  pollfd both[2] = {{peer.fd(), POLLIN, 0}, {out, POLLIN, 0}};
  char buffer[65536];
  while (poll(both, 2, 10'000) > 0) {
    const int from = both[0].revents != 0 ? 0 : 1;
    const auto n = recv(both[from].fd, buffer, sizeof buffer, 0);
    if (n <= 0) break;
    send(both[1 - from].fd, buffer, static_cast<std::size_t>(n), MSG_NOSIGNAL);
  }
  ::close(out);
}

auto proxy_at(const RawServer& server, const std::string& user = "") -> std::string {
  return "http://" + user + "127.0.0.1:" + std::to_string(server.port());
}

}  // namespace

TEST_CASE("through a proxy the connection is encrypted from end to end") {
  Authority authority;
  Loop loop;
  const auto files = authority.issue("DNS:service.example");
  Service service(loop, {.certificate_file = files.certificate, .key_file = files.key});
  std::string head;
  RawServer proxy([&](RawPeer& peer) {
    head = peer.read_head();
    tunnel(peer, service.acceptor->port());
  });
  End near;
  open(loop, near,
       {.url = "wss://service.example/path",
        .tls = {.ca_file = authority.ca_file()},
        .proxies = {.https = proxy_at(proxy, "me:p%3Aw@")}});
  near.socket->send("through");
  await(loop, [&] { return !service.far.texts.empty(); });
  near.socket.reset();
  proxy.join();
  CHECK(head.starts_with("CONNECT service.example:443 HTTP/1.1\r\nHost: service.example:443\r\n"));
  CHECK(head.find("Proxy-Authorization: Basic bWU6cDp3\r\n") != std::string::npos);  // me:p:w
  CHECK(service.targets == std::vector<std::string>{"/path"});
  CHECK_FALSE(find(service.headers, "proxy-authorization"));
}

TEST_CASE("a proxy that refuses, wants a password or is none is told as R0112") {
  const auto [answer, part] = GENERATE(table<std::string, std::string>({
      {"HTTP/1.1 403 Forbidden\r\n\r\n", "does not connect to service.example:443: 403 Forbidden"},
      {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "wants a user name and password"},
      {"SOCKS?\r\n\r\n", "no HTTP answer"},
      {"", "gave no answer"},
  }));
  RawServer proxy([&](RawPeer& peer) {
    peer.read_head();
    peer.send(answer);
  });
  Loop loop;
  End near;
  near.socket = WebSocket::connect(
      loop, {.url = "wss://service.example/", .proxies = {.https = proxy_at(proxy, "user:hunter2@")}}, near.handlers());
  await(loop, [&] { return near.closed.has_value(); });
  CHECK(near.code() == "R0112");
  CHECK(near.closed->error->text.find(part) != std::string::npos);
  CHECK(near.closed->error->text.find("hunter2") == std::string::npos);
}

TEST_CASE("a proxy that cannot be reached is named as such") {
  Loop loop;
  End near;
  near.socket = WebSocket::connect(
      loop, {.url = "wss://service.example/", .proxies = {.https = "http://127.0.0.1:" + std::to_string(dead_port())}},
      near.handlers());
  await(loop, [&] { return near.closed.has_value(); });
  CHECK(near.code() == "R0101");
  CHECK(near.closed->error->text.starts_with("cannot reach the proxy 127.0.0.1:"));
}

TEST_CASE("a plain HTTP request is given to the proxy whole") {
  std::string head;
  RawServer proxy([&](RawPeer& peer) {
    head = peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  });
  Loop loop;
  std::optional<Result<HttpResponse>> response;
  const auto call =
      HttpCall::start(loop, {.url = "http://service.example:8080/a?b", .proxies = {.http = proxy_at(proxy)}},
                      [&](Result<HttpResponse> r) { response = std::move(r); });
  await(loop, [&] { return response.has_value(); });
  REQUIRE(*response);
  CHECK((*response)->body == "hi");
  CHECK(head.starts_with("GET http://service.example:8080/a?b HTTP/1.1\r\n"));
}

}  // namespace flow::net
