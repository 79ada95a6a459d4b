#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/net/certificates.h"
#include "tests/runtime/net/raw_peer.h"
#include "tests/runtime/net/world.h"

namespace flow::net {

namespace {

auto with(const Authority::Files& files) -> Acceptor::Options {
  return {.certificate_file = files.certificate, .key_file = files.key};
}

auto fails_as(Loop& loop, WebSocket::Options options) -> Closed {
  End near;
  near.socket = WebSocket::connect(loop, std::move(options), near.handlers());
  await(loop, [&] { return near.closed.has_value() || near.opened; });
  REQUIRE(near.closed);
  REQUIRE(near.closed->error);
  return *near.closed;
}

}  // namespace

TEST_CASE("an encrypted connection carries texts, large ones too, and closes in order") {
  Authority authority;
  Loop loop;
  Service service(loop, with(authority.issue("IP:127.0.0.1")));
  End near;
  open(loop, near, {.url = service.url("/", "wss"), .tls = {.ca_file = authority.ca_file()}});
  const std::string big(3 << 20, 'x');
  near.socket->send("small");
  near.socket->send(big);
  await(loop, [&] { return service.far.texts.size() == 2; });
  CHECK(service.far.texts[0] == "small");
  CHECK((service.far.texts[1] == big));
  service.far.socket->send(big);
  await(loop, [&] { return near.texts.size() == 1; });
  CHECK((near.texts[0] == big));
  near.socket->close(1000, "bye");
  await(loop, [&] { return near.closed && service.far.closed; });
  CHECK_FALSE(near.closed->error);
  CHECK(service.far.closed->reason == "bye");
}

TEST_CASE("a name is checked against the certificate's names") {
  Authority authority;
  Loop loop;
  Service service(loop, with(authority.issue("DNS:localhost")));
  const Tls tls{.ca_file = authority.ca_file()};
  End near;
  open(loop, near, {.url = service.url("/", "wss", "localhost"), .tls = tls});

  const auto wrong = fails_as(loop, {.url = service.url("/", "wss", "127.0.0.1"), .tls = tls});
  CHECK(wrong.error->code == "R0104");
  CHECK(wrong.error->text == "the certificate of 127.0.0.1 is for another host");
  CHECK(is_fatal(wrong));
}

TEST_CASE("a certificate of an unknown authority is not trusted") {
  Authority authority, other;
  Loop loop;
  Service service(loop, with(authority.issue("IP:127.0.0.1")));
  const auto url = service.url("/", "wss");
  CHECK(fails_as(loop, {.url = url}).error->text.find("is not trusted") != std::string::npos);
  CHECK(fails_as(loop, {.url = url, .tls = {.ca_file = other.ca_file()}}).error->code == "R0104");
  CHECK(service.targets.empty());  // not a byte of a request was sent
}

TEST_CASE("a certificate that has expired is told so") {
  Authority authority;
  Loop loop;
  Service service(loop, with(authority.issue("IP:127.0.0.1", -60)));
  const auto closed = fails_as(loop, {.url = service.url("/", "wss"), .tls = {.ca_file = authority.ca_file()}});
  CHECK(closed.error->code == "R0104");
  CHECK(closed.error->text == "the certificate of 127.0.0.1 is not valid today");
}

TEST_CASE("TLS spoken to what does not speak it is told as R0104") {
  RawServer server([](RawPeer& peer) {
    peer.read(5);
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  Loop loop;
  const auto closed = fails_as(loop, {.url = server.url("wss")});
  CHECK(closed.error->code == "R0104");
  CHECK(closed.error->text.find("no encrypted connection") != std::string::npos);
}

TEST_CASE("certificate files that cannot be read are named") {
  Loop loop;
  Authority authority;
  Service service(loop, with(authority.issue("IP:127.0.0.1")));
  const auto closed = fails_as(loop, {.url = service.url("/", "wss"), .tls = {.ca_file = "/nowhere/ca.pem"}});
  CHECK(closed.error->text.find("/nowhere/ca.pem") != std::string::npos);
  const auto listening = Acceptor::listen(loop, {.certificate_file = "/nowhere/a", .key_file = "/nowhere/b"}, {});
  REQUIRE_FALSE(listening);
  CHECK(listening.error().code == "R0104");
}

}  // namespace flow::net
