#include "runtime/edge/collector.h"

#include <catch2/catch_test_macros.hpp>
#include <optional>

#include "runtime/net/server.h"
#include "tests/runtime/net/world.h"

namespace flow::edge {
namespace {

// A collector on this machine that answers as the test says.
struct Receiver {
  net::Loop loop;
  int status = 200;
  std::string body = "{}";
  bool silent = false;
  std::vector<std::string> targets, bodies, types;
  std::vector<net::Incoming> unanswered;
  std::unique_ptr<net::Acceptor> acceptor;

  Receiver() {
    auto listening = net::Acceptor::listen(loop, {}, [this](net::Incoming request) {
      targets.push_back(request.method + " " + request.target);
      bodies.push_back(request.body);
      types.emplace_back(net::find(request.headers, "Content-Type").value_or(""));
      if (silent) return unanswered.push_back(std::move(request));
      request.respond(status, body, {{"Content-Type", "application/json"}});
    });
    REQUIRE(listening);
    acceptor = std::move(*listening);
  }
  auto url() const -> std::string { return "http://127.0.0.1:" + std::to_string(acceptor->port()); }
  auto send(std::string url, std::chrono::milliseconds deadline = std::chrono::milliseconds{3'000}) -> Result<void> {
    std::optional<Result<void>> outcome;
    const auto request = send_trace(loop, {.url = std::move(url), .deadline = deadline}, R"({"resourceSpans":[]})", [&](Result<void> result) { outcome = std::move(result); });
    net::await(loop, [&] { return outcome.has_value(); });
    return *outcome;
  }
};

}  // namespace

TEST_CASE("a trace is posted to the collector's place for traces, as JSON") {
  Receiver at;
  CHECK(at.send(at.url()));
  CHECK(at.send(at.url() + "/"));
  CHECK(at.targets == std::vector<std::string>{"POST /v1/traces", "POST /v1/traces"});
  CHECK(at.bodies[0] == R"({"resourceSpans":[]})");
  CHECK(at.types[0] == "application/json");
}

TEST_CASE("a collector that refuses the trace, or a part of it, is told of") {
  Receiver at;
  at.status = 404;
  auto sent = at.send(at.url());
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == "R0407");
  CHECK(sent.error().text.find("404") != std::string::npos);
  at.status = 200;
  at.body = R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}})";
  sent = at.send(at.url());
  REQUIRE_FALSE(sent);
  CHECK(sent.error().text.find("3 spans") != std::string::npos);
  at.body = R"({"partialSuccess":{}})";
  CHECK(at.send(at.url()));
}

TEST_CASE("a collector that is away or says nothing is given up at the deadline") {
  Receiver at;
  const auto gone = "http://127.0.0.1:" + std::to_string(at.acceptor->port());
  at.silent = true;
  const auto late = at.send(gone, std::chrono::milliseconds{100});
  REQUIRE_FALSE(late);
  CHECK(late.error().code == "R0407");
  at.acceptor.reset();
  const auto away = at.send(gone);
  REQUIRE_FALSE(away);
  CHECK(away.error().code == "R0407");
}

}  // namespace flow::edge
