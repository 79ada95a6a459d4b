#include "runtime/tools/doers.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "compiler/base/check.h"
#include "runtime/sqlite/database.h"
#include "runtime/tools/mcp_doer.h"
#include "runtime/tools/speech.h"

namespace flow::tools {

struct Doers::Impl {
  explicit Impl(Outside its)
      : outside(std::move(its)),
        access(outside.loop, outside.fetch, outside.settings),
        servers(outside, access),
        http(http_doer(outside, access)),
        mcp(mcp_doer(outside, servers)),
        exec(exec_doer(outside)),
        sql(sql_doer(outside)),
        batch(batch_doer(outside)) {}

  Outside outside;
  Access access;
  McpServers servers;
  std::unique_ptr<Doer> http, mcp, exec, sql, batch;

  // What is being asked before calls begin.
  struct Check {
    std::vector<std::shared_ptr<void>> asked;
    std::optional<net::Timer> deadline;
    std::vector<Error> errors;
    std::set<std::uint32_t> open;  // services
    std::function<void(std::vector<Error>)> done;
  };
  std::shared_ptr<Check> check;

  void answered(std::uint32_t service, std::vector<Error> errors);
  void finish_check();
  auto misfits(Id<ir::Service> service, const std::vector<mcp::Offer>& offers) const -> std::vector<Error>;
  auto used(ir::Service::Kind kind) const -> std::set<std::uint32_t>;
  void look_at_databases();
};

auto Doers::Impl::used(ir::Service::Kind kind) const -> std::set<std::uint32_t> {
  std::set<std::uint32_t> all;
  for (const auto& tool : outside.program.tools) {
    if (tool.work && tool.work->service && outside.program.services[tool.work->service].kind == kind) all.insert(tool.work->service.index);
  }
  return all;
}

auto Doers::Impl::misfits(Id<ir::Service> service, const std::vector<mcp::Offer>& offers) const -> std::vector<Error> {
  std::vector<Error> errors;
  for (const auto& tool : outside.program.tools) {
    if (!tool.work || tool.body != ir::Tool::Body::Mcp || tool.work->service != service) continue;
    const auto why = unlike(outside.program, tool, offers);
    if (!why.empty()) errors.push_back({"R0212", fmt::format("tool `{}` is not as MCP server `{}` has it: {}", tool.name, outside.program.services[service].name, why), "change the tool's parameters, or name another tool of the server"});
  }
  return errors;
}

void Doers::Impl::answered(std::uint32_t service, std::vector<Error> errors) {
  if (!check || check->open.erase(service) == 0) return;
  for (auto& error : errors) check->errors.push_back(std::move(error));
  if (check->open.empty()) finish_check();
}

void Doers::Impl::finish_check() {
  const auto over = std::exchange(check, nullptr);
  if (over) over->done(std::move(over->errors));
}

// Once, before calls: a moment's wait is nothing then.
void Doers::Impl::look_at_databases() {
  for (const auto index : used(ir::Service::Kind::Database)) {
    const auto& service = outside.program.services[Id<ir::Service>{index}];
    const auto path = (std::filesystem::path(outside.folder) / outside.settings.text(service.at)).string();
    const auto opened = sqlite::Database::open(path, sqlite::Access::Read);
    if (!opened) check->errors.push_back({"R0211", fmt::format("the database of service `{}` cannot be opened: {}: {}", service.name, path, opened.error().text), "is the file there? Its place is seen from the flow's folder"});
  }
}

Doers::Doers(Outside outside) : impl_(std::make_unique<Impl>(std::move(outside))) {}
Doers::~Doers() = default;

auto Doers::of(ir::Tool::Body body) -> Doer& {
  switch (body) {
    case ir::Tool::Body::Http: return *impl_->http;
    case ir::Tool::Body::Mcp: return *impl_->mcp;
    case ir::Tool::Body::Exec: return *impl_->exec;
    case ir::Tool::Body::Sql: return *impl_->sql;
    case ir::Tool::Body::Batch: return *impl_->batch;
    default: break;
  }
  FLOW_ASSERT(false, "a tool that is done outside");
  return *impl_->http;
}

auto Doers::speak(Id<ir::Service> service, const std::string& words, std::function<void(std::string_view piece)> on_piece, std::function<void(Result<void>)> done) -> std::shared_ptr<void> {
  return tools::speak(impl_->access, impl_->outside.settings, impl_->outside.program.services[service], words, std::move(on_piece), std::move(done));
}

void Doers::check(net::Millis at_most, std::function<void(std::vector<Error>)> done) {
  auto& self = *impl_;
  self.check = std::make_shared<Impl::Check>();
  self.check->done = std::move(done);
  self.look_at_databases();
  self.check->open = self.used(ir::Service::Kind::Mcp);
  const auto until = self.outside.loop.now() + at_most;
  self.check->deadline.emplace(self.outside.loop).set(until, [&self] {
    for (const auto index : std::set(self.check->open)) {
      const auto& service = self.outside.program.services[Id<ir::Service>{index}];
      self.answered(index, {{"R0106", fmt::format("MCP server `{}` did not answer in time", service.name), "does it run, and does it speak the Model Context Protocol?"}});
    }
  });
  const auto servers = self.check->open;
  for (const auto index : servers) {
    const Id<ir::Service> service{index};
    self.check->asked.push_back(self.servers.of(service).list(until, [&self, service](const Result<std::vector<mcp::Offer>>& offers) {
      self.answered(service.index, offers ? self.misfits(service, *offers) : std::vector{offers.error()});
    }));
  }
  if (servers.empty()) self.outside.loop.post([&self] { self.finish_check(); });
}

}  // namespace flow::tools
