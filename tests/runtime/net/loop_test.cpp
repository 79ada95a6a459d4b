#include "runtime/net/loop.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <random>
#include <thread>

#include "runtime/net/blocking.h"
#include "tests/runtime/net/world.h"

namespace flow::net {

TEST_CASE("timers fire in the order of their times, and at one time in the order they were set") {
  ManualClock clock;
  Loop loop(clock);
  std::vector<int> fired;
  Timer late(loop), first(loop), second(loop);
  late.set_after(30ms, [&] { fired.push_back(3); });
  first.set_after(20ms, [&] { fired.push_back(1); });
  second.set_after(20ms, [&] { fired.push_back(2); });

  clock.advance(19ms);
  loop.fire_due();
  CHECK(fired.empty());
  clock.advance(11ms);
  loop.fire_due();
  CHECK(fired == std::vector{1, 2, 3});
}

TEST_CASE("a dropped, moved or destroyed timer does not fire at its old time") {
  ManualClock clock;
  Loop loop(clock);
  int fired = 0;
  Timer dropped(loop), moved(loop);
  dropped.set_after(10ms, [&] { fired += 1; });
  dropped.drop();
  moved.set_after(10ms, [&] { fired += 10; });
  moved.set_after(50ms, [&] { fired += 100; });
  {
    Timer gone(loop);
    gone.set_after(10ms, [&] { fired += 1000; });
  }
  clock.advance(20ms);
  loop.fire_due();
  CHECK(fired == 0);
  CHECK(moved.armed());
  clock.advance(40ms);
  loop.fire_due();
  CHECK(fired == 100);
  CHECK_FALSE(moved.armed());
}

TEST_CASE("a loop that had run out of work between two runs waits again in the second") {
  ManualClock clock;
  Loop loop(clock);
  Pool pool(1);
  int done = 0;
  for (int n = 1; n <= 2; ++n) {
    pool.run(loop.poster(), [] {}, [&] { done += 1; });
    await(loop, [&] { return done == n; });
  }
  CHECK(done == 2);
}

TEST_CASE("a timer may set itself again, and waits for the next round even if it is due") {
  ManualClock clock;
  Loop loop(clock);
  int fired = 0;
  Timer timer(loop);
  std::function<void()> again = [&] {
    fired += 1;
    timer.set_after(0ms, again);
  };
  timer.set_after(1ms, again);
  clock.advance(1ms);
  loop.fire_due();
  CHECK(fired == 1);
  loop.fire_due();
  CHECK(fired == 2);
}

TEST_CASE("a timer may be destroyed by what it fires") {
  ManualClock clock;
  Loop loop(clock);
  auto timer = std::make_unique<Timer>(loop);
  timer->set_after(1ms, [&] { timer.reset(); });
  clock.advance(1ms);
  loop.fire_due();
  CHECK(timer == nullptr);
}

TEST_CASE("the heap of timers agrees with a plain list on ten thousand random steps") {
  ManualClock clock;
  Loop loop(clock);
  std::mt19937 random(7);
  struct Plain {
    std::optional<Time> at;
    int order = 0;
  };
  std::vector<Timer> timers;
  for (int i = 0; i < 50; ++i) timers.emplace_back(loop);
  std::vector<Plain> plain(50);
  std::vector<std::size_t> fired, expected;
  int order = 0;
  for (int step = 0; step < 10'000; ++step) {
    const auto which = random() % 50;
    switch (random() % 4) {
      case 0:
      case 1: {
        const Millis after{random() % 40};
        timers[which].set_after(after, [&fired, which] { fired.push_back(which); });
        plain[which] = {loop.now() + after, order++};
        break;
      }
      case 2:
        timers[which].drop();
        plain[which].at.reset();
        break;
      default: {
        clock.advance(Millis{random() % 5});
        loop.fire_due();
        std::vector<std::size_t> due;
        for (std::size_t i = 0; i < plain.size(); ++i) {
          if (plain[i].at && *plain[i].at <= loop.now()) due.push_back(i);
        }
        std::sort(due.begin(), due.end(), [&](auto a, auto b) {
          return std::pair(*plain[a].at, plain[a].order) < std::pair(*plain[b].at, plain[b].order);
        });
        for (const auto i : due) plain[i].at.reset();
        expected.insert(expected.end(), due.begin(), due.end());
      }
    }
    REQUIRE(fired == expected);
  }
}

TEST_CASE("with the machine's clock a loop wakes up by itself, also for a timer that is set to come earlier") {
  Loop loop;
  bool late = false, early = false;
  Timer first(loop), second(loop);
  first.set_after(1h, [&] { late = true; });
  second.set_after(1ms, [&] { early = true; });
  await(loop, [&] { return early; });
  CHECK_FALSE(late);
}

TEST_CASE("work posted from other threads runs on the loop, in order for each thread") {
  Loop loop;
  std::vector<int> seen;
  const auto here = std::this_thread::get_id();
  bool elsewhere = false;
  std::thread other([&, post = loop.poster()] {
    for (int i = 0; i < 1'000; ++i) {
      post([&, i] {
        elsewhere |= std::this_thread::get_id() != here;
        seen.push_back(i);
      });
    }
  });
  await(loop, [&] { return seen.size() == 1'000; });
  other.join();
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK_FALSE(elsewhere);
}

TEST_CASE("a poster may outlive its loop") {
  auto loop = std::make_unique<Loop>();
  const auto post = loop->poster();
  loop.reset();
  bool ran = false;
  post([&] { ran = true; });
  CHECK_FALSE(ran);
}

TEST_CASE("stop ends run after the present piece of work, and run may be called again") {
  Loop loop;
  int ran = 0;
  for (int i = 0; i < 2; ++i) {
    loop.post([&] {
      ran += 1;
      loop.stop();
    });
  }
  loop.run();
  CHECK(ran == 1);
  loop.run();
  CHECK(ran == 2);
}

TEST_CASE("a signal runs its task on the loop") {
  Loop loop;
  int got = 0;
  const Signals signals(loop, {SIGUSR1}, [&](int signal) { got = signal; });
  std::raise(SIGUSR1);
  await(loop, [&] { return got != 0; });
  CHECK(got == SIGUSR1);
}

TEST_CASE("blocking work runs elsewhere and its end comes back on the loop") {
  Loop loop;
  std::thread::id worker;
  bool done = false;
  REQUIRE(loop.blocking().run(loop.poster(), [&] { worker = std::this_thread::get_id(); }, [&] { done = true; }));
  await(loop, [&] { return done; });
  CHECK(worker != std::this_thread::get_id());
}

TEST_CASE("a pool takes no more work than it may keep waiting") {
  Loop loop;
  Pool pool(1, 1);
  std::atomic<bool> begun = false, may_end = false;
  int done = 0;
  REQUIRE(pool.run(
      loop.poster(),
      [&] {
        begun = true;
        begun.notify_all();
        may_end.wait(false);
      },
      [&] { done += 1; }));
  begun.wait(false);
  CHECK(pool.run(loop.poster(), [] {}, [&] { done += 1; }));
  CHECK_FALSE(pool.run(loop.poster(), [] {}, [&] { done += 1; }));
  may_end = true;
  may_end.notify_all();
  await(loop, [&] { return done == 2; });
}

TEST_CASE("a pool that goes leaves work behind that may be left, and waits for none of it") {
  struct Gate {
    std::atomic<bool> begun = false, open = false, ended = false;
  };
  const auto gate = std::make_shared<Gate>();
  Loop loop;
  {
    Pool pool(1);
    REQUIRE(pool.run(
        loop.poster(),
        [gate] {
          gate->begun = true;
          gate->begun.notify_all();
          gate->open.wait(false);
          gate->ended = true;
          gate->ended.notify_all();
        },
        [] {}, Pool::AtExit::Leave));
    gate->begun.wait(false);
  }
  CHECK_FALSE(gate->ended.load());
  gate->open = true;
  gate->open.notify_all();
  gate->ended.wait(false);
}

}  // namespace flow::net
