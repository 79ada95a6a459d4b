#include "runtime/tools/lua_doer.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include "compiler/base/match.h"
#include "runtime/tools/lua/script.h"

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
class LuaRun : public std::enable_shared_from_this<LuaRun> {
 public:
  LuaRun(const LuaSetup& setup, net::Poster home, Task task, Hearer hearer)
      : setup_(setup), home_(std::move(home)), name_(task.tool->name), ends_at_(task.ends_at), hearer_(std::move(hearer)) {
    lua::Task work{.tool = std::move(task.tool), .arguments = std::move(task.arguments)};
    auto call = *task.call.record();
    call.emplace_back("state", std::move(task.state));
    work.call = Value(std::move(call));
    for (const auto& name : work.tool->env) work.environment.emplace(name, setup.environment ? setup.environment(name) : std::nullopt);
    work.memory_max = setup.limits.memory;
    work.steps_max = setup.limits.steps;
    work.slice = setup.limits.slice;
    script_ = std::make_unique<lua::Script>(std::move(work));
  }

  void slice() {
    in_slice_ = true;
    const auto self = shared_from_this();
    const auto work = [self] {
      give_way();
      self->pause_ = self->script_->run(std::exchange(self->answer_, {}));
      self->said_ = self->script_->take_said();
    };
    if (setup_.pool.run(home_, work, [self] { self->sliced(); })) return;
    in_slice_ = false;
    setup_.loop.post([weak = weak_from_this()] {
      const auto waiting = weak.lock();
      if (waiting) waiting->end(Failed{"R0206", fmt::format("`{}` waits for a thread together with too many other tools", waiting->name_)});
    });
  }

  // The last that is heard of it.
  void stop() {
    if (std::exchange(stopped_, true)) return;
    hearer_ = {};
    nap_.reset();
    request_.reset();
    script_->stop();
    if (!in_slice_) dispose();
  }

 private:
  // Back on the loop. It may have been stopped meanwhile.
  void sliced() {
    in_slice_ = false;
    if (stopped_) return dispose();
    for (const auto& [progress, text] : std::exchange(said_, {})) {
      const auto hears = progress ? hearer_.progress : hearer_.log;
      if (hears) hears(text);
      if (stopped_) return;  // by whoever heard that
    }
    went_on();
  }

  void went_on() {
    match(
        std::exchange(pause_, lua::MoreToDo{}), [&](lua::MoreToDo&&) { slice(); },
        [&](lua::Sleep&& sleep) {
          nap_.emplace(setup_.loop).set_after(sleep.time, [weak = weak_from_this()] {
            if (const auto awake = weak.lock()) awake->slice();
          });
        },
        [&](lua::Ask&& asked) { ask(std::move(asked.request)); }, [&](lua::Returned&& returned) { end(Done{std::move(returned.result)}); },
        [&](lua::Failed&& wrong) { end(Failed{wrong.code, wrong.text, wrong.network}); });
  }

  void ask(net::HttpRequest request) {
    const auto left = std::chrono::ceil<net::Millis>(ends_at_ - setup_.loop.now());
    request.deadline = std::min(request.deadline, left);
    request_ = setup_.fetch(setup_.loop, std::move(request), [weak = weak_from_this()](Result<net::HttpResponse> answer) {
      const auto waiting = weak.lock();
      if (!waiting || waiting->stopped_) return;
      waiting->answer_ = std::move(answer);
      waiting->slice();
    });
  }

  void end(Outcome outcome) {
    if (stopped_) return;
    const auto keep = shared_from_this();
    const auto done = std::exchange(hearer_.done, nullptr);
    stop();
    if (done) done(std::move(outcome));
  }

  // To take a state of some megabytes apart lasts milliseconds: not on the loop.
  void dispose() {
    const auto held = std::make_shared<std::unique_ptr<lua::Script>>(std::move(script_));
    setup_.pool.run(home_, [held] { held->reset(); }, [] {});
  }

  const LuaSetup& setup_;
  net::Poster home_;
  std::string name_;
  net::Time ends_at_;
  Hearer hearer_;
  std::unique_ptr<lua::Script> script_;
  // Gone when the run ends: a slice may hold the rest longer than there is a loop.
  std::optional<net::Timer> nap_;
  std::shared_ptr<void> request_;
  bool in_slice_ = false, stopped_ = false;
  // Handed to the slice and back.
  lua::Answer answer_;
  lua::Pause pause_;
  std::vector<lua::Said> said_;
};

class LuaDoer final : public Doer {
 public:
  explicit LuaDoer(LuaSetup setup) : setup_(std::make_shared<LuaSetup>(std::move(setup))), home_(setup_->loop.poster()) {}

  auto start(Task task, Hearer hearer) -> std::shared_ptr<void> override {
    const auto run = std::make_shared<LuaRun>(*setup_, home_, std::move(task), std::move(hearer));
    run->slice();
    return {run.get(), [run, setup = setup_](void*) { run->stop(); }};
  }

 private:
  std::shared_ptr<LuaSetup> setup_;
  net::Poster home_;
};

}  // namespace

void Doer::give_up(const Task&) {}

auto lua_doer(LuaSetup setup) -> std::unique_ptr<Doer> { return std::make_unique<LuaDoer>(std::move(setup)); }

}  // namespace flow::tools
