#include "runtime/net/loop.h"

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <mutex>

#include "compiler/base/check.h"
#include "runtime/net/loop_impl.h"

namespace flow::net {

// Open as long as the loop lives.
struct Poster::Gate {
  std::mutex mutex;
  asio::io_context* context = nullptr;
};

void Poster::operator()(Task task) const {
  const std::lock_guard lock(gate_->mutex);
  if (gate_->context != nullptr) asio::post(*gate_->context, std::move(task));
}

void Loop::Impl::arm() {
  if (!clock.runs() || firing) return;
  const auto next = timers.next();
  if (!next) {
    if (armed_for) machine.cancel();
    armed_for.reset();
    return;
  }
  if (armed_for && *armed_for <= *next) return;  // wakes early enough, and then arms again
  armed_for = next;
  machine.expires_at(*next);
  machine.async_wait([this](boost::system::error_code error) {
    if (error) return;
    armed_for.reset();
    fire_due();
  });
}

void Loop::Impl::fire_due() {
  FLOW_ASSERT(!firing, "fire_due from a timer");
  firing = true;
  timers.fire(clock.now());
  firing = false;
  arm();
}

Loop::Loop(const Clock& clock) : impl_(std::make_unique<Impl>(clock)) {
  impl_->gate = std::make_shared<Poster::Gate>();
  impl_->gate->context = &impl_->context;
}

Loop::~Loop() {
  impl_->pool.reset();
  const std::lock_guard lock(impl_->gate->mutex);
  impl_->gate->context = nullptr;
}

auto Loop::now() const -> Time { return impl_->clock.now(); }

void Loop::post(Task task) { asio::post(impl_->context, std::move(task)); }

auto Loop::poster() const -> Poster {
  Poster poster;
  poster.gate_ = impl_->gate;
  return poster;
}

void Loop::run() {
  impl_->context.run();
  impl_->context.restart();
}

auto Loop::run_until(const std::function<bool()>& done, Millis at_most) -> bool {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  while (!done()) {
    if (impl_->context.run_one_until(deadline) == 0) break;
  }
  impl_->context.restart();
  return done();
}

void Loop::stop() { impl_->context.stop(); }

void Loop::fire_due() { impl_->fire_due(); }

auto Loop::blocking() -> Pool& {
  if (!impl_->pool) impl_->pool = std::make_unique<Pool>(2);
  return *impl_->pool;
}

Timer::Timer(Loop& loop) : loop_(&loop) {}

Timer::~Timer() { drop(); }

Timer::Timer(Timer&& other) noexcept : loop_(other.loop_), number_(std::exchange(other.number_, 0)) {}

auto Timer::operator=(Timer&& other) noexcept -> Timer& {
  if (this == &other) return *this;
  drop();
  loop_ = other.loop_;
  number_ = std::exchange(other.number_, 0);
  return *this;
}

void Timer::set(Time at, Task task) {
  drop();
  number_ = loop_->impl().timers.set(at, std::move(task));
  loop_->impl().arm();
}

void Timer::set_after(Millis after, Task task) { set(loop_->now() + after, std::move(task)); }

void Timer::drop() {
  if (number_ == 0) return;
  const auto number = std::exchange(number_, 0);
  loop_->impl().timers.drop(number);
}

auto Timer::armed() const -> bool { return number_ != 0 && loop_->impl().timers.armed(number_); }

struct Signals::Impl : std::enable_shared_from_this<Signals::Impl> {
  Impl(Loop& loop, std::function<void(int)> on_signal) : set(loop.impl().context), task(std::move(on_signal)) {}

  void wait() {
    set.async_wait([weak = weak_from_this()](boost::system::error_code error, int signal) {
      const auto self = weak.lock();
      if (error || !self) return;
      self->wait();
      self->task(signal);
    });
  }

  asio::signal_set set;
  std::function<void(int)> task;
};

Signals::Signals(Loop& loop, std::initializer_list<int> signals, std::function<void(int)> task)
    : impl_(std::make_shared<Impl>(loop, std::move(task))) {
  for (const int signal : signals) impl_->set.add(signal);
  impl_->wait();
}

Signals::~Signals() = default;

}  // namespace flow::net
