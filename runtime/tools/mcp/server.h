#pragma once
// One MCP server, seen by its client: opened when first asked, asked by many calls at once, opened again when it is gone.
//
// Over streamable HTTP, or as a program whose input and output are lines. The revisions from 2024-11-05 to 2025-11-25.
// One thread: the loop's. Errors: R0207 (it refuses), R0208 (it cannot now), R0209 (it cannot be understood), R0210 (the
// program cannot be started), R0108 (it went away) and those of the network.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/ir/value.h"
#include "runtime/net/http.h"
#include "runtime/net/process.h"

namespace flow::tools::mcp {

struct ServerSetup {
  net::Loop& loop;
  std::string name;  // for messages
  std::string url = {};
  // How requests go to `url`. As tools::Fetch, and adds the key.
  std::function<std::shared_ptr<void>(net::HttpRequest, std::function<void(Result<net::HttpResponse>)>)> send = {};
  net::ProcessOptions program = {};  // with a command: the server, instead of `url`
  std::function<void(const std::string&)> log = {};  // what the program says beside
};

// What a server offers.
struct Offer {
  std::string name;
  Value schema;  // of its arguments: JSON Schema
};

class Server {
 public:
  explicit Server(ServerSetup setup);
  ~Server();
  Server(const Server&) = delete;
  auto operator=(const Server&) -> Server& = delete;

  // All tools. What comes back keeps the question alive; `done` is called once, never inside.
  auto list(net::Time until, std::function<void(Result<std::vector<Offer>>)> done) -> std::shared_ptr<void>;
  // The result as the server gives it: a record with `content`, `structuredContent`, `isError`. Dropping what comes back
  // tells the server that nobody waits any more.
  auto call(const std::string& tool, Value arguments, net::Time until, std::function<void(const std::string&)> progress, std::function<void(Result<Value>)> done) -> std::shared_ptr<void>;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace flow::tools::mcp
