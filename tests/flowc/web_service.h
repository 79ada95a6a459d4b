#pragma once
// A web service on this machine, on a thread of its own.

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "runtime/net/server.h"

namespace flow::test {

class WebService {
 public:
  // A status and a body of JSON; on the service's thread.
  using Answer = std::function<std::pair<int, std::string>(const net::Incoming& request)>;
  explicit WebService(Answer answer) {
    auto listening = net::Acceptor::listen(loop_, {}, [answer = std::move(answer)](net::Incoming request) {
      const auto [status, body] = answer(request);
      request.respond(status, body, {{"Content-Type", "application/json"}});
    });
    REQUIRE(listening);
    acceptor_ = std::move(*listening);
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~WebService() { stop(); }
  // After this nothing is answered, and what `answer` wrote down may be read.
  void stop() {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
  }
  auto url() const -> std::string { return "http://127.0.0.1:" + std::to_string(acceptor_->port()); }

 private:
  net::Loop loop_;
  std::unique_ptr<net::Acceptor> acceptor_;
  std::thread thread_;
};

}  // namespace flow::test
