#include "runtime/tools/runner.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include "compiler/base/check.h"
#include "compiler/base/match.h"
#include "compiler/ir/eval.h"
#include "runtime/tools/lua/script.h"
#include "runtime/tools/secrets.h"
#include "runtime/tools/shape.h"

namespace flow::tools {
namespace {

// Threads that run Lua give way to those that carry voices. The rest of the process is not touched: on Linux the
// nice value belongs to a thread.
void give_way() {
  constexpr int Nicer = 10;
  static thread_local const int result = setpriority(PRIO_PROCESS, 0, Nicer);
  (void)result;  // without the right to, threads are equal
}

// One run of one tool. `script` is used by one thread at a time: a slice on the pool, else the loop.
struct Job {
  core::JobId id;
  std::uint32_t attempt = 0;
  std::shared_ptr<const ir::Tool> tool;
  std::unique_ptr<lua::Script> script;
  Secrets secrets;
  // Gone when the job ends: a slice may hold the rest longer than there is a loop.
  std::optional<net::Timer> deadline, nap;
  net::Time ends_at;
  std::shared_ptr<void> request;
  bool in_slice = false;
  // Handed to the slice and back.
  lua::Answer answer;
  lua::Pause pause;
  std::vector<lua::Said> said;
};
using JobRef = std::shared_ptr<Job>;

}  // namespace

struct Runner::Impl : std::enable_shared_from_this<Impl> {
  explicit Impl(Setup its) : setup(std::move(its)), home(setup.loop.poster()) {}

  Setup setup;
  net::Poster home;
  std::map<std::pair<core::JobId, std::uint32_t>, JobRef> jobs;
  bool silent = false;  // the runner is gone

  void start(const core::StartTool& order);
  void slice(const JobRef& job);
  void sliced(const JobRef& job);
  void tell(core::Event report) const {
    if (!silent) setup.report(std::move(report));
  }
  void pass_on_said(const JobRef& job);
  void went_on(const JobRef& job);
  void ask(const JobRef& job, net::HttpRequest request);
  void end(const JobRef& job, core::Event report);
  void dispose(const JobRef& job);
  auto is_running(const Job& job) const -> bool { return jobs.contains({job.id, job.attempt}); }

  auto task(const core::StartTool& order, Job& job) -> lua::Task;
  auto result(const Job& job, Value value) -> core::Event;
  auto failed(const Job& job, std::string code, std::string text, bool network = false) const -> core::Event {
    return core::ToolFailed{.job = job.id, .attempt = job.attempt, .code = std::move(code), .text = job.secrets.blot(std::move(text)), .network = network};
  }
};

// ── Beginning ────────────────────────────────────────────────────────────────────────────────────────────────

auto Runner::Impl::task(const core::StartTool& order, Job& job) -> lua::Task {
  lua::Task task{.tool = job.tool, .arguments = order.arguments};
  task.call = Value::Record{{"id", setup.call_id}, {"from", setup.call_from}, {"state", order.state}};
  for (const auto& secret : setup.secrets) job.secrets.add(secret);
  for (const auto& name : job.tool->env) {
    auto value = setup.environment ? setup.environment(name) : std::nullopt;
    if (value) job.secrets.add(*value);
    task.environment.emplace(name, std::move(value));
  }
  task.memory_max = setup.limits.memory;
  task.steps_max = setup.limits.steps;
  task.slice = setup.limits.slice;
  return task;
}

void Runner::Impl::start(const core::StartTool& order) {
  auto job = std::make_shared<Job>(Job{.id = order.job, .attempt = order.attempt});
  job->tool = std::make_shared<const ir::Tool>(setup.program.tools[order.tool]);
  FLOW_ASSERT(job->tool->body == ir::Tool::Body::Lua, "only Lua tools are started");
  job->script = std::make_unique<lua::Script>(task(order, *job));
  const bool is_new = jobs.emplace(std::pair{job->id, job->attempt}, job).second;
  FLOW_ASSERT(is_new, "a job's attempt is started once");

  job->ends_at = setup.loop.now() + order.deadline;
  job->deadline.emplace(setup.loop).set(job->ends_at, [this, weak = std::weak_ptr(job), allowed = order.deadline] {
    const auto late = weak.lock();
    if (late) end(late, failed(*late, "R0203", fmt::format("`{}` took longer than {} s", late->tool->name, static_cast<double>(allowed.count()) / 1000)));
  });
  slice(job);
}

// ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────

void Runner::Impl::slice(const JobRef& job) {
  job->in_slice = true;
  const auto work = [job] {
    give_way();
    job->pause = job->script->run(std::exchange(job->answer, {}));
    job->said = job->script->take_said();
  };
  const auto done = [weak = weak_from_this(), job] {
    job->in_slice = false;
    if (const auto self = weak.lock()) self->sliced(job);
  };
  if (setup.pool.run(home, work, done)) return;
  job->in_slice = false;
  setup.loop.post([weak = weak_from_this(), job] {
    const auto self = weak.lock();
    if (self && self->is_running(*job)) self->end(job, self->failed(*job, "R0206", fmt::format("`{}` waits for a thread together with too many other tools", job->tool->name)));
  });
}

// Back on the loop. A job that was stopped meanwhile is not there any more.
void Runner::Impl::sliced(const JobRef& job) {
  if (!is_running(*job)) return dispose(job);
  pass_on_said(job);
  if (is_running(*job)) went_on(job);  // whoever heard that may have stopped it
}

void Runner::Impl::pass_on_said(const JobRef& job) {
  for (const auto& [progress, text] : std::exchange(job->said, {})) {
    if (!is_running(*job)) return;
    if (progress) {
      tell(core::ToolProgressed{job->id, job->secrets.blot(text)});
    } else if (setup.log) {
      setup.log(job->id, job->secrets.blot(text));
    }
  }
}

void Runner::Impl::went_on(const JobRef& job) {
  match(
      std::exchange(job->pause, lua::MoreToDo{}), [&](lua::MoreToDo&&) { slice(job); },
      [&](lua::Sleep&& sleep) {
        job->nap.emplace(setup.loop).set_after(sleep.time, [this, weak = std::weak_ptr(job)] {
          if (const auto awake = weak.lock()) slice(awake);
        });
      },
      [&](lua::Ask&& asked) { ask(job, std::move(asked.request)); },
      [&](lua::Returned&& returned) { end(job, result(*job, std::move(returned.result))); },
      [&](lua::Failed&& wrong) { end(job, failed(*job, wrong.code, wrong.text, wrong.network)); });
}

void Runner::Impl::ask(const JobRef& job, net::HttpRequest request) {
  const auto left = std::chrono::ceil<core::Millis>(job->ends_at - setup.loop.now());
  request.deadline = std::min(request.deadline, left);
  job->request = setup.fetch(setup.loop, std::move(request), [this, weak = std::weak_ptr(job)](Result<net::HttpResponse> answer) {
    const auto waiting = weak.lock();
    if (!waiting || !is_running(*waiting)) return;
    waiting->answer = std::move(answer);
    slice(waiting);
  });
}

// ── Ending ───────────────────────────────────────────────────────────────────────────────────────────────────

auto Runner::Impl::result(const Job& job, Value value) -> core::Event {
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
  job->nap.reset();
  job->request.reset();
  job->script->stop();
  if (!job->in_slice) dispose(job);
  tell(std::move(report));
}

// To take a state of some megabytes apart lasts milliseconds: not on the loop.
void Runner::Impl::dispose(const JobRef& job) {
  const auto held = std::make_shared<std::unique_ptr<lua::Script>>(std::move(job->script));
  setup.pool.run(home, [held] { held->reset(); }, [] {});
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
    const auto self = weak.lock();
    if (!self) return;
    const auto job = self->jobs.find({order.job, order.attempt});
    if (job != self->jobs.end()) self->end(job->second, core::ToolStopped{order.job, order.attempt});
  });
}

auto Runner::running() const -> std::size_t { return impl_->jobs.size(); }

// ── Checking ─────────────────────────────────────────────────────────────────────────────────────────────────

auto check_tools(const ir::Program& program, Limits limits) -> std::vector<Error> {
  std::vector<Error> errors;
  for (const auto& tool : program.tools) {
    if (tool.body != ir::Tool::Body::Lua) continue;
    lua::Task task{.tool = std::make_shared<const ir::Tool>(tool)};
    task.memory_max = limits.memory;
    task.steps_max = limits.steps;
    task.check_only = true;
    lua::Script script(std::move(task));
    lua::Pause pause = lua::MoreToDo{};
    while (std::holds_alternative<lua::MoreToDo>(pause)) pause = script.run({});
    if (auto* wrong = std::get_if<lua::Failed>(&pause)) {
      errors.push_back({wrong->code, wrong->text});
    } else if (!std::holds_alternative<lua::Returned>(pause)) {
      errors.push_back({"R0202", fmt::format("{}: the file waits while it is loaded; only the tool's function may", tool.lua_file)});
    }
  }
  return errors;
}

}  // namespace flow::tools
