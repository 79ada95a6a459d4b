#pragma once
// The simulated service on a loop of its host's: many connections, one voice.

#include <map>
#include <memory>

#include "runtime/net/server.h"
#include "runtime/simulate/connection.h"
#include "runtime/simulate/server.h"

namespace flow::simulate {

class Listener {
 public:
  // R0114 if the address cannot be had, R0120 for a script that cannot be read, R0504 for a log that cannot be written.
  static auto listen(net::Loop& loop, ServeOptions options) -> Result<std::unique_ptr<Listener>>;
  ~Listener();

  auto port() const -> std::uint16_t;
  void expect_words(std::string words) { ears_.expect(std::move(words)); }
  auto recognises() const -> bool { return recogniser_ != nullptr; }
  auto connections() const -> std::size_t { return connections_.size(); }

 private:
  Listener(net::Loop& loop, ServeOptions options, Script script);
  void open_ears();
  void arrived(net::Incoming incoming);
  auto log_for(std::uint64_t number) const -> std::ofstream;

  net::Loop& loop_;
  ServeOptions options_;
  Script script_;
  Voice voice_;
  ExpectedWords ears_;
  std::unique_ptr<Recogniser> recogniser_;  // none: turns have the words that a host tells
  std::uint64_t arrived_ = 0;
  std::map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::unique_ptr<net::Acceptor> acceptor_;
};

}  // namespace flow::simulate
