#pragma once
// The Language Server Protocol over a workspace: messages in, messages out. It does not read or write; whoever owns the
// pipe does (cli/lsp.cpp). Source: Language Server Protocol 3.17.
//
//   Server server{{.workspace = …, .list = …}};
//   for (const auto& message : server.take(text)) write(framed(message));
//   if (nothing_is_waiting) for (const auto& message : server.rest()) …
//
// What is said about the file that changed comes with the change; other files come with `rest`, one at a time, when nobody
// types. So nothing waits for a clock.

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/value.h"
#include "compiler/lsp/workspace.h"

namespace flow::lsp {

struct ServerOptions {
  WorkspaceOptions workspace = {};
  // The flows below a folder.
  std::function<std::vector<std::string>(const std::string& folder)> list = {};
  std::string version = {};
};

class Server {
 public:
  explicit Server(ServerOptions options);

  // One message of the editor; gives the messages that answer it. Never throws, whatever it is given.
  auto take(std::string_view message) -> std::vector<std::string>;
  // Part of what is left to be said; nothing is left when it is empty.
  auto rest() -> std::vector<std::string>;

  // After `exit`; the code says whether `shutdown` came before.
  auto ended() const -> bool { return ended_; }
  auto exit_code() const -> int { return shut_down_ ? 0 : 1; }

 private:
  using Answer = Result<Value>;
  struct Call {
    const Value& params;
    auto text(std::string_view name) const -> std::string;
    auto path() const -> std::string;  // of `textDocument`; empty: not a file
    auto position() const -> Position;
  };

  auto request(const std::string& method, const Value& params) -> Answer;
  void notification(const std::string& method, const Value& params);
  auto initialize(const Value& params) -> Value;
  void find_files();
  void publish(const std::string& path);
  void changed(const std::string& path);

  void did_open(const Call& call);
  void did_change(const Call& call);
  void did_close(const Call& call);

  auto completion(const Call& call) -> Value;
  auto hover(const Call& call) -> Value;
  auto rename(const Call& call) -> Answer;
  auto prepare_rename(const Call& call) -> Answer;
  auto code_actions(const Call& call) -> Value;
  auto semantic_tokens(const Call& call) -> Value;
  auto hints(const Call& call) -> Value;
  auto references(const Call& call) -> Value;
  auto folds(const Call& call) -> Value;
  auto graph(const Call& call) -> Answer;

  ServerOptions options_;
  Workspace work_;
  std::vector<std::string> folders_;
  std::vector<std::string> out_;
  std::set<std::string> unsaid_;  // files whose messages are to be said anew
  bool initialized_ = false, shut_down_ = false, ended_ = false;
  bool snippets_ = false;
};

}  // namespace flow::lsp
