#pragma once
// What a loop is made of. For this folder only: the one place where its sources meet Boost.Asio's context.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/net/blocking.h"
#include "runtime/net/loop.h"

namespace boost::asio::ssl {
class context;
}

namespace flow::net {

namespace asio = boost::asio;

// All timers of a loop: a heap of times and, by number, what to do. A dropped timer leaves its time in the heap, to be
// skipped later; the heap is made anew when most of it is such.
class Timers {
 public:
  auto set(Time at, Task task) -> std::uint64_t;
  void drop(std::uint64_t number);
  auto armed(std::uint64_t number) const -> bool { return tasks_.contains(number); }

  // When the next timer is due.
  auto next() -> std::optional<Time>;
  // Fires what is due at `now`, but not what is set meanwhile.
  void fire(Time now);

 private:
  struct Entry {
    Time at;
    std::uint64_t number;
    auto operator>(const Entry& other) const -> bool { return at != other.at ? at > other.at : number > other.number; }
  };
  void skip_dropped();
  void pop();

  std::vector<Entry> heap_;
  std::unordered_map<std::uint64_t, Task> tasks_;
  std::uint64_t last_ = 0;
};

class IdleConnections;

struct Loop::Impl {
  explicit Impl(const Clock& time) : clock(time) {}

  void arm();  // the machine's timer, for the next of ours
  void fire_due();

  const Clock& clock;
  Timers timers;  // before the context: what dies with the context drops timers
  std::shared_ptr<Poster::Gate> gate;
  asio::io_context context{1};
  // A context that runs out of work is stopped, also between two runs; ours stops only when told.
  asio::executor_work_guard<asio::io_context::executor_type> never_without_work{context.get_executor()};
  asio::steady_timer machine{context};
  std::optional<Time> armed_for;
  bool firing = false;
  std::unique_ptr<Pool> pool;
  std::map<std::string, std::shared_ptr<asio::ssl::context>> contexts;  // of clients, by their extra CA file
  std::shared_ptr<IdleConnections> idle;  // runtime/net/idle.h; after the context, so that it goes before it
};

}  // namespace flow::net
