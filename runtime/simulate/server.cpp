#include "runtime/simulate/server.h"

#include <fmt/core.h>

#include <charconv>
#include <csignal>
#include <thread>

#include "runtime/simulate/listener.h"

namespace flow::simulate {
namespace {

auto url_of(const std::string& host, std::uint16_t port) -> std::string {
  const bool brackets = host.find(':') != std::string::npos;
  return fmt::format("ws://{}{}{}:{}/v1/realtime", brackets ? "[" : "", host, brackets ? "]" : "", port);
}

}  // namespace

auto read_listen(const std::string& text, ServeOptions& into) -> Result<void> {
  const auto colon = text.rfind(':');
  const auto wrong = [&] { return failure("R0503", "cannot listen on `" + text + "`", "write HOST:PORT, for example 127.0.0.1:8080; port 0 takes a free one"); };
  if (colon == std::string::npos || colon == 0) return wrong();
  auto host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || host.empty()) return wrong();
  into.host = host;
  into.port = port;
  return {};
}

auto serve(const ServeOptions& options, const std::function<void(const std::string& url)>& on_listening) -> Result<void> {
  net::Loop loop;
  const auto listener = Listener::listen(loop, options);
  if (!listener) return tl::unexpected(listener.error());
  const net::Signals signals(loop, {SIGINT, SIGTERM}, [&](int) { loop.stop(); });
  on_listening(url_of(options.host, (*listener)->port()));
  loop.run();
  return {};
}

struct Embedded::Running {
  net::Loop loop;
  std::unique_ptr<Listener> listener;
  std::thread thread;
  std::string host;
  std::uint16_t port = 0;
  bool recognises = false;
};

auto Embedded::start(ServeOptions options) -> Result<std::unique_ptr<Embedded>> {
  auto running = std::make_unique<Running>();
  running->host = options.host;
  auto listener = Listener::listen(running->loop, std::move(options));
  if (!listener) return tl::unexpected(listener.error());
  running->listener = std::move(*listener);
  running->port = running->listener->port();
  running->recognises = running->listener->recognises();
  running->thread = std::thread([loop = &running->loop] { loop->run(); });
  return std::unique_ptr<Embedded>(new Embedded(std::move(running)));
}

Embedded::Embedded(std::unique_ptr<Running> running) : running_(std::move(running)) {}

Embedded::~Embedded() {
  running_->loop.stop();
  running_->thread.join();
  running_->listener.reset();
}

auto Embedded::port() const -> std::uint16_t { return running_->port; }
auto Embedded::url() const -> std::string { return url_of(running_->host, running_->port); }

auto Embedded::recognises() const -> bool { return running_->recognises; }

void Embedded::expect_words(std::string words) {
  running_->loop.post([listener = running_->listener.get(), words = std::move(words)] { listener->expect_words(words); });
}

}  // namespace flow::simulate
