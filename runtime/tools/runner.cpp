#include "runtime/tools/runner.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/base/check.h"
#include "compiler/base/match.h"
#include "compiler/ir/eval.h"
#include "runtime/tools/lua/script.h"
#include "runtime/tools/secrets.h"
#include "runtime/tools/shape.h"

namespace flow::tools {
namespace {

// One try at one tool.
struct Job {
  core::JobId id;
  std::uint32_t attempt = 0;
  std::shared_ptr<const ir::Tool> tool;
  Secrets secrets;
  std::optional<net::Timer> deadline;
  std::shared_ptr<void> work;  // while it lives, somebody works
};
using JobRef = std::shared_ptr<Job>;

}  // namespace

struct Runner::Impl : std::enable_shared_from_this<Impl> {
  explicit Impl(Setup its) : setup(std::move(its)), lua(lua_doer({setup.loop, setup.pool, setup.fetch, setup.environment, setup.limits})) {}

  Setup setup;
  std::unique_ptr<Doer> lua;
  std::map<std::pair<core::JobId, std::uint32_t>, JobRef> jobs;
  bool silent = false;  // the runner is gone

  void start(const core::StartTool& order);
  void stop(const core::StopTool& order);
  void end(const JobRef& job, core::Event report);
  void tell(core::Event report) const {
    if (!silent) setup.report(std::move(report));
  }

  auto doer(const ir::Tool& tool) -> Doer&;
  auto task(const std::shared_ptr<const ir::Tool>& tool, Value arguments, Value state, std::string handle) const -> Task;
  auto secrets(const ir::Tool& tool) const -> Secrets;
  auto hearer(const JobRef& job) -> Hearer;
  auto report(const Job& job, Outcome outcome) const -> core::Event;
  auto result(const Job& job, Value value) const -> core::Event;
  auto failed(const Job& job, std::string code, std::string text, bool network = false) const -> core::Event {
    return core::ToolFailed{.job = job.id, .attempt = job.attempt, .code = std::move(code), .text = job.secrets.blot(std::move(text)), .network = network};
  }
};

// ── Beginning ────────────────────────────────────────────────────────────────────────────────────────────────

auto Runner::Impl::doer(const ir::Tool& tool) -> Doer& {
  FLOW_ASSERT(!ir::is_builtin(tool.body), "what the runtime does itself is not started");
  if (tool.body == ir::Tool::Body::Lua) return *lua;
  FLOW_ASSERT(setup.doers, "somebody does the work of tools that are not Lua");
  return setup.doers->of(tool.body);
}

auto Runner::Impl::task(const std::shared_ptr<const ir::Tool>& tool, Value arguments, Value state, std::string handle) const -> Task {
  return {.tool = tool, .arguments = std::move(arguments), .state = std::move(state),
          .call = Value::Record{{"id", setup.call_id}, {"from", setup.call_from}}, .handle = std::move(handle)};
}

auto Runner::Impl::secrets(const ir::Tool& tool) const -> Secrets {
  Secrets all;
  for (const auto& secret : setup.secrets) all.add(secret);
  for (const auto& name : tool.env) {
    if (const auto value = setup.environment ? setup.environment(name) : std::nullopt) all.add(*value);
  }
  return all;
}

void Runner::Impl::start(const core::StartTool& order) {
  auto job = std::make_shared<Job>(Job{.id = order.job, .attempt = order.attempt});
  job->tool = std::make_shared<const ir::Tool>(setup.program.tools[order.tool]);
  job->secrets = secrets(*job->tool);
  auto& who = doer(*job->tool);
  const bool is_new = jobs.emplace(std::pair{job->id, job->attempt}, job).second;
  FLOW_ASSERT(is_new, "a job's attempt is started once");

  auto work = task(job->tool, order.arguments, order.state, order.handle);
  work.ends_at = setup.loop.now() + order.deadline;
  job->deadline.emplace(setup.loop).set(work.ends_at, [this, weak = std::weak_ptr(job), allowed = order.deadline] {
    const auto late = weak.lock();
    if (late) end(late, failed(*late, "R0203", fmt::format("`{}` took longer than {} s", late->tool->name, static_cast<double>(allowed.count()) / 1000)));
  });
  job->work = who.start(std::move(work), hearer(job));
}

auto Runner::Impl::hearer(const JobRef& job) -> Hearer {
  const auto weak = std::weak_ptr(job);
  Hearer hearer;
  hearer.done = [this, weak](Outcome outcome) {
    if (const auto over = weak.lock()) end(over, report(*over, std::move(outcome)));
  };
  hearer.progress = [this, weak](const std::string& text) {
    if (const auto going_on = weak.lock()) tell(core::ToolProgressed{going_on->id, going_on->secrets.blot(text)});
  };
  hearer.log = [this, weak](const std::string& text) {
    if (const auto going_on = weak.lock(); going_on && setup.log) setup.log(going_on->id, going_on->secrets.blot(text));
  };
  return hearer;
}

// ── Ending ───────────────────────────────────────────────────────────────────────────────────────────────────

auto Runner::Impl::report(const Job& job, Outcome outcome) const -> core::Event {
  return match(
      std::move(outcome), [&](Done&& done) { return result(job, std::move(done.result)); },
      [&](Failed&& wrong) { return failed(job, std::move(wrong.code), std::move(wrong.text), wrong.network); },
      [&](Pending&& pending) -> core::Event { return core::ToolPending{job.id, job.attempt, std::move(pending.handle)}; });
}

auto Runner::Impl::result(const Job& job, Value value) const -> core::Event {
  const auto type = job.tool->result;
  if (!type) return core::ToolFinished{job.id, job.attempt, Value{}};
  value = shape(setup.program, std::move(value), type);
  if (ir::conforms(setup.program, value, type)) return core::ToolFinished{job.id, job.attempt, std::move(value)};
  constexpr std::size_t Shown = 120;
  auto shown = to_json(value);
  if (shown.size() > Shown) shown = shown.substr(0, Shown) + " …";
  return failed(job, "R0204", fmt::format("`{}` must return {}, but it returned {}", job.tool->name, type_text(setup.program, type), shown));
}

// The last that is heard of a job.
void Runner::Impl::end(const JobRef& ended, core::Event report) {
  const auto keep = shared_from_this();  // whoever hears the report may let the runner go
  const auto job = ended;                // may be the map's own reference
  jobs.erase({job->id, job->attempt});
  job->deadline.reset();
  job->work.reset();
  tell(std::move(report));
}

void Runner::Impl::stop(const core::StopTool& order) {
  if (!order.handle.empty()) {
    const auto tool = std::make_shared<const ir::Tool>(setup.program.tools[order.tool]);
    doer(*tool).give_up(task(tool, {}, {}, order.handle));
  }
  const auto job = jobs.find({order.job, order.attempt});
  if (job != jobs.end()) end(job->second, core::ToolStopped{order.job, order.attempt});
}

// ── The public side ──────────────────────────────────────────────────────────────────────────────────────────

Runner::Runner(Setup setup) : impl_(std::make_shared<Impl>(std::move(setup))) {}

Runner::~Runner() {
  impl_->silent = true;
  while (!impl_->jobs.empty()) impl_->end(impl_->jobs.begin()->second, core::StopRequested{});
}

void Runner::start(const core::StartTool& order) { impl_->start(order); }

void Runner::stop(const core::StopTool& order) {
  impl_->setup.loop.post([weak = std::weak_ptr(impl_), order] {
    if (const auto self = weak.lock()) self->stop(order);
  });
}

auto Runner::running() const -> std::size_t { return impl_->jobs.size(); }

// ── Checking ─────────────────────────────────────────────────────────────────────────────────────────────────

namespace {

using FileTools = std::vector<std::shared_ptr<const ir::Tool>>;

// Of tools in one file, which is loaded once: the first that is wrong.
auto wrong_in(const FileTools& tools, Limits limits) -> std::optional<Error> {
  lua::Task task{.tool = tools.front(), .memory_max = limits.memory, .steps_max = limits.steps, .checked = tools};
  lua::Script script(std::move(task));
  lua::Pause pause = lua::MoreToDo{};
  while (std::holds_alternative<lua::MoreToDo>(pause)) pause = script.run({});
  if (const auto* wrong = std::get_if<lua::Failed>(&pause)) return Error{wrong->code, wrong->text};
  if (std::holds_alternative<lua::Returned>(pause)) return std::nullopt;
  return Error{"R0202", fmt::format("{}: the file waits while it is loaded; only the tool's function may", tools.front()->lua_file)};
}

}  // namespace

auto check_tools(const ir::Program& program, Limits limits) -> std::vector<Error> {
  using File = std::pair<std::string_view, std::string_view>;  // its name, and what is in it
  std::vector<File> files;                                     // in the order of their first tools
  std::map<File, FileTools> by_file;
  for (const auto& tool : program.tools) {
    if (tool.body != ir::Tool::Body::Lua) continue;
    const File file{tool.lua_file, tool.lua_source};
    auto& tools = by_file[file];
    if (tools.empty()) files.push_back(file);
    tools.emplace_back(std::shared_ptr<void>{}, &tool);  // the program outlives what looks at it
  }
  std::vector<Error> errors;
  for (const auto& file : files) {
    const auto& tools = by_file[file];
    if (!wrong_in(tools, limits)) continue;
    for (const auto& tool : tools) {
      if (auto wrong = wrong_in({tool}, limits)) errors.push_back(*std::move(wrong));
    }
  }
  return errors;
}

}  // namespace flow::tools
