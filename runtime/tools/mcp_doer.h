#pragma once
// Tools of MCP servers.

#include "runtime/tools/doers.h"
#include "runtime/tools/mcp/server.h"

namespace flow::tools {

// The servers of a program, each made when it is first asked for.
class McpServers {
 public:
  McpServers(const Outside& outside, Access& access);
  auto of(Id<ir::Service> service) -> mcp::Server&;

 private:
  const Outside& outside_;
  Access& access_;
  std::map<std::uint32_t, std::unique_ptr<mcp::Server>> servers_;
};

auto mcp_doer(const Outside& outside, McpServers& servers) -> std::unique_ptr<Doer>;

// What a server gave, as an outcome: `structuredContent` if there is some, else its texts. `isError` is a failure.
auto outcome_of(const ir::Program& program, const ir::Tool& tool, const Value& result) -> Outcome;

// Why the tool's parameters are not those that the server takes; empty: they are. `offers`: all tools of the server.
auto unlike(const ir::Program& program, const ir::Tool& tool, const std::vector<mcp::Offer>& offers) -> std::string;

}  // namespace flow::tools
