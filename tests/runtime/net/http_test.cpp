#include "runtime/net/http.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>

#include <atomic>
#include <map>
#include <thread>
#include <tuple>

#include "tests/runtime/net/certificates.h"
#include "tests/runtime/net/raw_peer.h"
#include "tests/runtime/net/world.h"

namespace flow::net {

namespace {

auto fetch(Loop& loop, HttpRequest request) -> Result<HttpResponse> {
  std::optional<Result<HttpResponse>> response;
  const auto call = HttpCall::start(loop, std::move(request), [&](Result<HttpResponse> r) { response = std::move(r); });
  CHECK_FALSE(response);  // never inside start
  await(loop, [&] { return response.has_value(); });
  return *response;
}

auto code_of(const Result<HttpResponse>& result) -> std::string { return result ? "" : result.error().code; }

// Answers by the target, and remembers what was asked.
struct Site {
  explicit Site(Loop& loop, Acceptor::Options options = {}) {
    auto listening = Acceptor::listen(loop, std::move(options), [this](Incoming request) {
      asked.push_back(request.method + " " + request.target);
      body = request.body;
      headers = request.headers;
      const auto found = answers.find(request.target);
      if (found == answers.end()) return;  // dropped: 404
      const auto& [status, text, extra] = found->second;
      request.respond(status, text, extra);
    });
    REQUIRE(listening);
    acceptor = std::move(*listening);
  }
  auto url(const std::string& target, const std::string& scheme = "http", const std::string& host = "127.0.0.1") const
      -> std::string {
    return scheme + "://" + host + ":" + std::to_string(acceptor->port()) + target;
  }
  std::map<std::string, std::tuple<int, std::string, Headers>> answers;
  std::vector<std::string> asked;
  std::string body;
  Headers headers;
  std::unique_ptr<Acceptor> acceptor;
};

}  // namespace

TEST_CASE("a request gives status, headers and body, whatever the status") {
  Loop loop;
  Site site(loop);
  site.answers["/orders"] = {201, "made", {{"X-Id", "7"}, {"Content-Type", "application/json"}}};
  const auto response = fetch(
      loop,
      {.method = "POST", .url = site.url("/orders"), .headers = {{"Content-Type", "application/json"}}, .body = "{}"});
  REQUIRE(response);
  CHECK(response->status == 201);
  CHECK(response->body == "made");
  CHECK(find(response->headers, "x-id") == "7");
  CHECK(find(response->headers, "content-type") == "application/json");
  CHECK(site.asked == std::vector<std::string>{"POST /orders"});
  CHECK(site.body == "{}");
  CHECK(find(site.headers, "content-type") == "application/json");
  CHECK(find(site.headers, "host") == "127.0.0.1:" + std::to_string(site.acceptor->port()));
  CHECK(fetch(loop, {.url = site.url("/nothing")})->status == 404);
}

TEST_CASE("https is verified as wss is") {
  Authority authority;
  Loop loop;
  const auto files = authority.issue("DNS:localhost");
  Site site(loop, {.certificate_file = files.certificate, .key_file = files.key});
  site.answers["/"] = {200, "secret", {}};
  const Tls tls{.ca_file = authority.ca_file()};
  CHECK(fetch(loop, {.url = site.url("/", "https", "localhost"), .tls = tls})->body == "secret");
  CHECK(code_of(fetch(loop, {.url = site.url("/", "https", "localhost")})) == "R0104");
  CHECK(code_of(fetch(loop, {.url = site.url("/", "https"), .tls = tls})) == "R0104");
}

TEST_CASE("redirects are followed for GET, to a limit") {
  Loop loop;
  Site site(loop);
  site.answers["/a"] = {302, "", {{"Location", "b?x=1"}}};
  site.answers["/b?x=1"] = {200, "there", {}};
  site.answers["/loop"] = {307, "", {{"Location", "/loop"}}};
  const auto response = fetch(loop, {.url = site.url("/a")});
  REQUIRE(response);
  CHECK(response->body == "there");
  CHECK(response->url == site.url("/b?x=1"));
  CHECK(code_of(fetch(loop, {.url = site.url("/loop")})) == "R0116");
  CHECK(fetch(loop, {.method = "POST", .url = site.url("/a")})->status == 302);
}

TEST_CASE("a redirect to another host leaves secrets behind, and none leads out of https") {
  Authority authority;
  Loop loop;
  Site other(loop);
  other.answers["/"] = {200, "", {}};
  Site site(loop);
  site.answers["/"] = {302, "", {{"Location", other.url("/", "http", "localhost")}}};
  CHECK(fetch(loop, {.url = site.url("/"), .headers = {{"authorization", "Bearer k"}, {"X-Trace", "1"}}})->status ==
        200);
  CHECK_FALSE(find(other.headers, "Authorization"));
  CHECK(find(other.headers, "X-Trace") == "1");

  const auto files = authority.issue("IP:127.0.0.1");
  Site secure(loop, {.certificate_file = files.certificate, .key_file = files.key});
  secure.answers["/"] = {302, "", {{"Location", other.url("/")}}};
  CHECK(code_of(fetch(loop, {.url = secure.url("/", "https"), .tls = {.ca_file = authority.ca_file()}})) == "R0116");
}

TEST_CASE("a body has a limit, with and without a length") {
  const std::string head =
      GENERATE(as<std::string>{}, "Content-Length: 2000\r\n", "Transfer-Encoding: chunked\r\n", "");
  RawServer server(
      [&](RawPeer& peer) {
        peer.read_head();
        const std::string data(2000, 'x');
        peer.send("HTTP/1.1 200 OK\r\n" + head + "\r\n" +
                  (head.starts_with("T") ? "7d0\r\n" + data + "\r\n0\r\n\r\n" : data));
        peer.hang_up();
      },
      0, 2);
  Loop loop;
  const auto enough = fetch(loop, {.url = server.url("http"), .body_max = 2000});
  REQUIRE(enough);
  CHECK(enough->body.size() == 2000);
  CHECK(code_of(fetch(loop, {.url = server.url("http"), .body_max = 1999})) == "R0115");
}

TEST_CASE("an answer that breaks off or is none is an error") {
  const auto [answer, code] = GENERATE(table<std::string, std::string>({
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "R0108"},
      {"", "R0108"},
      {"nonsense\r\n\r\n", "R0111"},
  }));
  RawServer server([&](RawPeer& peer) {
    peer.read_head();
    peer.send(answer);
  });
  Loop loop;
  CHECK(code_of(fetch(loop, {.url = server.url("http")})) == code);
}

TEST_CASE("no answer within the deadline is R0106, by the loop's clock") {
  RawServer server([](RawPeer& peer) {
    peer.read_head();
    peer.read(1);
  });
  ManualClock clock;
  Loop loop(clock);
  std::optional<Result<HttpResponse>> response;
  const auto call = HttpCall::start(loop, {.url = server.url("http"), .deadline = 5s},
                                    [&](Result<HttpResponse> r) { response = std::move(r); });
  turn(loop);
  clock.advance(4'999ms);
  loop.fire_due();
  CHECK_FALSE(response);
  clock.advance(1ms);
  loop.fire_due();
  REQUIRE(response);
  CHECK(code_of(*response) == "R0106");
}

TEST_CASE("a request that is given up is never answered") {
  Loop loop;
  Site site(loop);
  bool answered = false;
  auto call = HttpCall::start(loop, {.url = site.url("/")}, [&](Result<HttpResponse>) { answered = true; });
  call.reset();
  turn(loop);
  CHECK_FALSE(answered);
}

TEST_CASE("requests that cannot be written are refused before anything is sent") {
  Loop loop;
  Site site(loop);
  CHECK(code_of(fetch(loop, {.method = "GET / HTTP/1.1\r\nX:", .url = site.url("/")})) == "R0107");
  CHECK(code_of(fetch(loop, {.url = site.url("/"), .headers = {{"X", "a\nb"}}})) == "R0107");
  CHECK(code_of(fetch(loop, {.url = "ws://127.0.0.1/"})) == "R0107");
  CHECK(code_of(fetch(loop, {.url = "http://127.0.0.1:" + std::to_string(dead_port()) + "/"})) == "R0101");
  CHECK(site.asked.empty());
}

TEST_CASE("one connection serves request after request, and a request that is too large is refused") {
  Loop loop;
  Site site(loop);
  site.answers["/1"] = {200, "one", {}};
  site.answers["/2"] = {200, "two", {}};
  std::string got;
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(site.acceptor->port());
  REQUIRE(connect(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
  RawPeer client(fd);
  client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  await(loop, [&] { return site.asked.size() == 1; });
  turn(loop);
  client.send("GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  await(loop, [&] { return site.asked.size() == 2; });
  turn(loop);
  got = client.read(100'000);
  CHECK(got.find("one") < got.find("two"));

  const auto refused =
      fetch(loop, {.method = "POST", .url = site.url("/1"), .body = std::string(Acceptor::BodyMax + 1, 'x')});
  CHECK((!refused || refused->status == 413));
  CHECK(site.asked.size() == 2);
}

TEST_CASE("an address that is taken cannot be listened on") {
  Loop loop;
  Site site(loop);
  const auto second = Acceptor::listen(loop, {.port = site.acceptor->port()}, {});
  REQUIRE_FALSE(second);
  CHECK(second.error().code == "R0114");
}

// ── Connections that are used again, and answers piece by piece ──

namespace {

// A peer that counts its connections and answers `times` requests on each before it hangs up.
struct Counting {
  std::atomic<int> connections = 0, hung_up = 0;
  RawServer server;
  explicit Counting(int times, std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      : server(
            [this, times, answer](RawPeer& peer) {
              ++connections;
              for (int i = 0; i < times; ++i) {
                if (peer.read_head().empty()) return;
                peer.send(answer);
              }
              peer.hang_up();
              ++hung_up;
            },
            0, 4) {}
  auto url() const -> std::string { return server.url("http"); }
};

}  // namespace

TEST_CASE("a connection that is left open carries the next request to the same place") {
  Counting peer(100);
  Loop loop;
  for (int i = 0; i < 5; ++i) CHECK(fetch(loop, {.url = peer.url(), .keep = true})->body == "ok");
  CHECK(peer.connections == 1);
}

TEST_CASE("a connection that the other side closed is not used again, and nothing is lost") {
  Counting peer(1);
  Loop loop;
  for (int i = 0; i < 3; ++i) {
    const auto response = fetch(loop, {.method = i == 1 ? "POST" : "GET", .url = peer.url(), .keep = true});
    REQUIRE(response);
    CHECK(response->body == "ok");
    while (peer.hung_up <= i) std::this_thread::yield();
  }
  CHECK(peer.connections == 3);
}

TEST_CASE("a connection is not left open against the other side's word") {
  Counting peer(1, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
  Loop loop;
  for (int i = 0; i < 2; ++i) CHECK(fetch(loop, {.url = peer.url(), .keep = true})->body == "ok");
  CHECK(peer.connections == 2);
}

TEST_CASE("pieces of an answer are heard as they come, until it is enough") {
  std::atomic<bool> first_heard = false;
  Loop loop;
  RawServer server([&](RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Id: 7\r\n\r\n3\r\none\r\n");
    while (!first_heard) std::this_thread::yield();
    peer.send("3\r\ntwo\r\n5\r\nthree\r\n");  // and no end
    peer.read(1);
  });
  std::string heard;
  const auto response = fetch(loop, {.url = server.url("http"), .on_piece = [&](const HttpResponse& head, std::string_view piece) {
                                       CHECK(find(head.headers, "X-Id") == "7");
                                       heard += piece;
                                       first_heard = true;
                                       return heard.find("two") == std::string::npos;
                                     }});
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK(response->body.empty());
  CHECK(heard.starts_with("onetwo"));
}

TEST_CASE("a refusal is heard whole, by whoever wanted pieces") {
  Loop loop;
  Site site(loop);
  site.answers["/no"] = {403, "not you", {}};
  const auto response = fetch(loop, {.url = site.url("/no"), .on_piece = [](const HttpResponse&, std::string_view) { return true; }});
  CHECK(response->status == 403);
  CHECK(response->body == "not you");
}

}  // namespace flow::net
