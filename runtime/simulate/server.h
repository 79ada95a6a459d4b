#pragma once
// The simulated service behind a real socket: `flowc simulate`, and the service that `flowc run` brings along.
//
// It listens on `/v1/realtime?model=…` and answers as the vendor's service does. Each connection is one `Service`; they
// share one loop and one voice and nothing else.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "compiler/base/result.h"
#include "runtime/simulate/options.h"

namespace flow::simulate {

struct ServeOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;           // 0: one that is free
  // Empty: no log. One line an event, `in` is what a client sent. The second connection's log is OUT.2.jsonl, and so on:
  // each can be checked by itself.
  std::filesystem::path wire;
  // Spoken turns are recognised, if they are English; else they have the words that `expect_words` tells, or none.
  bool recognise = false;
  std::filesystem::path speech_model;  // its folder; empty: where the system's packages put it
  // Told once that nothing can be recognised, and why: R0122. From `listen`, `start` or `serve`, or later on the service's
  // thread.
  std::function<void(const Error&)> on_deaf = {};
  Options service;
};

// Reads `HOST:PORT` (`[::1]:80` for addresses with colons). R0503 if it is neither.
auto read_listen(const std::string& text, ServeOptions& into) -> Result<void>;

// `flowc simulate`: serves until SIGINT or SIGTERM. `on_listening` gets the address once clients can come, with the real
// port. R0114 the port cannot be had, R0120 the script cannot be read, R0504 the log cannot be written.
auto serve(const ServeOptions& options, const std::function<void(const std::string& url)>& on_listening) -> Result<void>;

// The same on a thread of its own, inside another program. Synthesis takes some milliseconds a phrase; the thread keeps
// that away from the caller's audio. Ends with the object.
class Embedded {
 public:
  static auto start(ServeOptions options) -> Result<std::unique_ptr<Embedded>>;
  Embedded(const Embedded&) = delete;
  auto operator=(const Embedded&) -> Embedded& = delete;
  ~Embedded();

  auto port() const -> std::uint16_t;
  auto url() const -> std::string;  // `ws://127.0.0.1:PORT/v1/realtime`

  // Whether spoken turns are recognised: it was asked for, and there is a model.
  auto recognises() const -> bool;

  // The words of the next utterance that is heard on any connection, if turns are not recognised. Any thread.
  void expect_words(std::string words);

 private:
  struct Running;
  explicit Embedded(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace flow::simulate
