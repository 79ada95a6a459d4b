#include "runtime/net/endpoint.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

namespace flow::net {

TEST_CASE("addresses give host, port and target") {
  const auto url = parse_url("wss://api.example.com/v1/realtime?model=gpt-realtime");
  REQUIRE(url);
  CHECK(*url ==
        Url{.scheme = "wss", .host = "api.example.com", .port = 443, .target = "/v1/realtime?model=gpt-realtime"});
  CHECK(url->encrypted());

  CHECK(parse_url("ws://127.0.0.1:8080")->target == "/");
  CHECK(parse_url("WS://Host:1")->scheme == "ws");
  CHECK(parse_url("http://[::1]:99/x")->host == "::1");
  CHECK(authority(*parse_url("http://[::1]:99/x")) == "[::1]:99");
  CHECK(authority(*parse_url("https://h:443/")) == "h");
  const auto with_user = parse_url("http://us%65r:p%40ss@proxy:3128");
  CHECK(with_user->user == "user");
  CHECK(with_user->password == "p@ss");
}

TEST_CASE("what is no address is refused with R0107 and without showing secrets") {
  for (const auto* text : {"", "api.example.com", "ftp://host/", "ws://", "ws://host:0", "ws://host:99999",
                           "wss://ho st/", "ws://h/\r\nX: y"}) {
    const auto url = parse_url(text);
    INFO(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().code == "R0107");
  }
  const auto secret = parse_url("ftp://user:hunter2@host/?key=hunter2");
  CHECK(secret.error().text.find("hunter2") == std::string::npos);
}

TEST_CASE("headers are found whatever their case, and none can be smuggled in") {
  const Headers headers{{"Content-Type", "text/plain"}, {"X-A", "1"}};
  CHECK(find(headers, "content-type") == "text/plain");
  CHECK(find(headers, "x-b") == std::nullopt);
  CHECK(check(headers));
  CHECK(check({{"X", "a\r\nHost: evil"}}).error().code == "R0107");
  CHECK(check({{"X: y", "a"}}).error().code == "R0107");
  CHECK(check({{"", "a"}}).error().code == "R0107");
}

namespace {

auto proxies(std::map<std::string, std::string> environment) -> Proxies {
  return Proxies::from([&](const char* name) -> const char* {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second.c_str();
  });
}

auto chosen(const Proxies& from, const char* url) -> std::string {
  const auto choice = from.choose(*parse_url(url));
  if (!choice) return choice.error().code;
  return *choice ? authority(**choice) : "direct";
}

}  // namespace

TEST_CASE("proxies are taken from the environment as other programs do") {
  const auto both =
      proxies({{"https_proxy", "http://secure:1"}, {"HTTPS_PROXY", "http://other:9"}, {"http_proxy", "plain:2"}});
  CHECK(chosen(both, "wss://host/") == "secure:1");
  CHECK(chosen(both, "https://host/") == "secure:1");
  CHECK(chosen(both, "ws://host/") == "plain:2");
  CHECK(chosen(proxies({{"HTTP_PROXY", "http://evil:1"}}), "ws://host/") == "direct");
  CHECK(chosen(proxies({{"ALL_PROXY", "http://all:3"}}), "wss://host/") == "all:3");
  CHECK(chosen(proxies({}), "wss://host/") == "direct");
  CHECK(chosen(proxies({{"https_proxy", "socks5://s:1"}}), "wss://host/") == "R0107");
}

TEST_CASE("this machine itself is never reached through a proxy") {
  const auto all = proxies({{"ALL_PROXY", "http://p:1"}});
  for (const auto* url : {"ws://127.0.0.1:8080/", "ws://localhost:8080/", "wss://[::1]/", "http://127.9.9.9/"}) {
    CHECK(chosen(all, url) == "direct");
  }
  CHECK(chosen(all, "ws://127.example/") == "p:1");
  CHECK(chosen(all, "ws://10.0.0.1/") == "p:1");
}

TEST_CASE("NO_PROXY names hosts, domains and ports that are reached directly") {
  const auto some =
      proxies({{"https_proxy", "http://p:1"}, {"no_proxy", "near, .corp.example,other.example:8443,10.0.0.1"}});
  CHECK(chosen(some, "wss://near/") == "direct");
  CHECK(chosen(some, "wss://NEAR/") == "direct");
  CHECK(chosen(some, "wss://api.corp.example/") == "direct");
  CHECK(chosen(some, "wss://corp.example/") == "direct");
  CHECK(chosen(some, "wss://notcorp.example/") == "p:1");
  CHECK(chosen(some, "wss://other.example/") == "p:1");
  CHECK(chosen(some, "wss://other.example:8443/") == "direct");
  CHECK(chosen(some, "wss://10.0.0.1/") == "direct");
  CHECK(chosen(proxies({{"https_proxy", "http://p:1"}, {"NO_PROXY", "*"}}), "wss://x/") == "direct");
}

}  // namespace flow::net
