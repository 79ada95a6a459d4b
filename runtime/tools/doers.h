#pragma once
// Everybody who does tools' work outside of Lua, for all calls of a loop: they share connections, tokens and servers.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/net/blocking.h"
#include "runtime/tools/access.h"
#include "runtime/tools/doer.h"
#include "runtime/tools/settings.h"

namespace flow::tools {

// What they all need.
struct Outside {
  const ir::Program& program;  // verified; outlives them
  net::Loop& loop;
  net::Pool& pool;             // for databases
  Fetch fetch;
  Settings settings;
  std::string folder;          // of the flow's file: where programs and databases are looked for
  Environment environment = {};  // of programs: the names they list, and a few that every program needs
};

class Doers {
 public:
  explicit Doers(Outside outside);
  ~Doers();
  Doers(const Doers&) = delete;
  auto operator=(const Doers&) -> Doers& = delete;

  auto of(ir::Tool::Body body) -> Doer&;

  // What speaks exact lines; see speech.h.
  auto speak(Id<ir::Service> service, const std::string& words, std::function<void(std::string_view piece)> on_piece, std::function<void(Result<void>)> done) -> std::shared_ptr<void>;

  // Whether what is outside is as the flow says: MCP servers answer and have the tools with the declared parameters,
  // databases are there. One error for each thing that is not (R0212, R0211, and those of the network). `done` is called once, on the
  // loop, never inside.
  void check(net::Millis at_most, std::function<void(std::vector<Error>)> done);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What a program may see of the environment: PATH, HOME, LANG, LC_ALL, TZ, TMPDIR, USER, and these names.
auto environment_for(const std::vector<std::string>& names, const Environment& environment) -> std::vector<std::pair<std::string, std::string>>;

// One file each; for Doers and tests.
auto http_doer(const Outside& outside, Access& access) -> std::unique_ptr<Doer>;
auto exec_doer(const Outside& outside) -> std::unique_ptr<Doer>;
auto sql_doer(const Outside& outside) -> std::unique_ptr<Doer>;
auto batch_doer(const Outside& outside) -> std::unique_ptr<Doer>;

}  // namespace flow::tools
