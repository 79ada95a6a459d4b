#include <algorithm>

#include "runtime/net/loop_impl.h"

namespace flow::net {

auto Timers::set(Time at, Task task) -> std::uint64_t {
  const auto number = ++last_;
  tasks_.emplace(number, std::move(task));
  heap_.push_back({at, number});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
  return number;
}

void Timers::drop(std::uint64_t number) {
  // The task may own what drops it again.
  const auto task = tasks_.extract(number);
  if (heap_.size() < 64 || heap_.size() < 2 * tasks_.size()) return;
  std::erase_if(heap_, [&](const Entry& entry) { return !tasks_.contains(entry.number); });
  std::make_heap(heap_.begin(), heap_.end(), std::greater<>{});
}

void Timers::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
  heap_.pop_back();
}

void Timers::skip_dropped() {
  while (!heap_.empty() && !tasks_.contains(heap_.front().number)) pop();
}

auto Timers::next() -> std::optional<Time> {
  skip_dropped();
  if (heap_.empty()) return std::nullopt;
  return heap_.front().at;
}

void Timers::fire(Time now) {
  const auto last = last_;
  std::vector<Entry> later;  // due, but set by what fires here
  for (skip_dropped(); !heap_.empty() && heap_.front().at <= now; skip_dropped()) {
    const auto due = heap_.front();
    pop();
    if (due.number > last) {
      later.push_back(due);
      continue;
    }
    const auto task = tasks_.extract(due.number);
    task.mapped()();
  }
  for (const auto& entry : later) {
    heap_.push_back(entry);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
  }
}

}  // namespace flow::net
