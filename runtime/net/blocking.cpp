#include "runtime/net/blocking.h"

#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

namespace flow::net {

// Shared with the threads, so that one left behind still finds it.
struct Pool::State {
  struct Job {
    Poster home;
    Task work, done;
    AtExit at_exit = AtExit::Wait;
  };
  struct Worker {
    std::thread thread;
    bool may_be_left = false;  // what it is doing
  };

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job> waiting;
  std::list<Worker> workers;
  std::size_t waiting_max = 0;
  int threads_max = 0;
  int idle = 0;
  bool ending = false;

  static void work(const std::shared_ptr<State>& state, Worker& self);
};

void Pool::State::work(const std::shared_ptr<State>& state, Worker& self) {
  std::unique_lock lock(state->mutex);
  while (true) {
    state->idle += 1;
    state->changed.wait(lock, [&] { return state->ending || !state->waiting.empty(); });
    state->idle -= 1;
    if (state->ending) return;
    auto job = std::move(state->waiting.front());
    state->waiting.pop_front();
    self.may_be_left = job.at_exit == AtExit::Leave;
    lock.unlock();
    job.work();
    job.work = nullptr;
    job.home(std::move(job.done));
    lock.lock();
    self.may_be_left = false;
  }
}

Pool::Pool(int threads, std::size_t waiting_max) : state_(std::make_shared<State>()) {
  state_->threads_max = threads;
  state_->waiting_max = waiting_max;
}

Pool::~Pool() {
  std::deque<State::Job> dropped;
  {
    const std::lock_guard lock(state_->mutex);
    state_->ending = true;
    dropped.swap(state_->waiting);
    for (auto& worker : state_->workers) {
      if (worker.may_be_left) worker.thread.detach();
    }
  }
  state_->changed.notify_all();
  for (auto& worker : state_->workers) {
    if (worker.thread.joinable()) worker.thread.join();
  }
}

auto Pool::run(const Poster& home, Task work, Task done, AtExit at_exit) -> bool {
  const std::lock_guard lock(state_->mutex);
  if (state_->waiting.size() >= state_->waiting_max) return false;
  state_->waiting.push_back({home, std::move(work), std::move(done), at_exit});
  if (state_->idle < static_cast<int>(state_->waiting.size()) &&
      static_cast<int>(state_->workers.size()) < state_->threads_max) {
    auto& worker = state_->workers.emplace_back();
    worker.thread = std::thread([state = state_, &worker] { State::work(state, worker); });
  }
  state_->changed.notify_one();
  return true;
}

}  // namespace flow::net
