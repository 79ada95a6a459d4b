#include "runtime/store/spending.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace flow::store {
namespace {

using Per = ir::SpendingLimit::Per;

constexpr std::int64_t Hour = 3'600'000;

// A file, and a time that a test sets; everything is carried out at once.
struct Book {
  std::string path = std::filesystem::temp_directory_path() / ("flow_spending_" + std::to_string(::getpid()) + ".sqlite");
  std::int64_t time = 1'792'915'200'000;  // 2026-10-25, 08:00
  std::vector<Error> errors;

  Book() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    remove();
  }
  ~Book() { remove(); }
  void remove() const {
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  }
  static auto at_once(const std::function<void()>& work, const std::function<void()>& done) -> bool {
    work();
    done();
    return true;
  }
  auto call(const std::string& name, Per per = Per::Day, double most = 20, bool rehearsal = false, const std::string& flow = "shop", const std::string& currency = "usd") -> std::unique_ptr<Spending> {
    auto opened = Spending::open(path, {flow, name, {most, currency, per}, rehearsal}, at_once, [this](Error error) { errors.push_back(std::move(error)); }, [this] { return time; });
    REQUIRE(opened);
    return std::move(*opened);
  }
};

auto counted(Spending& call, double spent) -> double {
  double most = -1;
  call.count(spent, [&](double now) { most = now; });
  return most;
}

auto near(double a, double b) -> bool { return std::abs(a - b) < 1e-9; }

}  // namespace

TEST_CASE("what earlier calls of the day cost is not left for the next one") {
  Book book;
  const auto first = book.call("call-1");
  CHECK(first->allowance() == core::Allowance{20, "2026-10-26 00:00"});
  CHECK(near(counted(*first, 3), 20));  // its own cost takes nothing of what it may cost
  CHECK(near(counted(*first, 4.5), 20));  // ... and is counted once
  CHECK(near(book.call("call-2")->allowance().most, 15.5));
}

TEST_CASE("a call hears at each count what the others have spent meanwhile") {
  Book book;
  const auto first = book.call("call-1"), second = book.call("call-2");
  counted(*first, 19);
  CHECK(near(counted(*second, 0.5), 1));
  CHECK(near(counted(*first, 19.5), 19.5));
  counted(*second, 25);  // one response may come to more than was left
  CHECK(counted(*first, 19.5) == 0);
}

TEST_CASE("a day ends at midnight, and a call counts for the day on which it began") {
  Book book;
  const auto late = book.call("call-1");
  counted(*late, 5);
  book.time += 15 * Hour + Hour - 1;  // 23:59:59.999
  CHECK(near(book.call("call-2")->allowance().most, 15));
  book.time += 1;
  const auto next = book.call("call-3");
  CHECK(next->allowance() == core::Allowance{20, "2026-10-27 00:00"});
  counted(*late, 9);
  CHECK(near(counted(*next, 1), 20));
  CHECK(near(counted(*late, 9), 20));
}

TEST_CASE("a month takes all its days, and the next begins anew") {
  Book book;
  counted(*book.call("call-1", Per::Month, 100), 60);
  book.time += 6 * 24 * Hour;  // the 31st
  const auto last = book.call("call-2", Per::Month, 100);
  CHECK(near(last->allowance().most, 40));
  CHECK(last->allowance().renews == "2026-11-01 00:00");
  book.time += 24 * Hour;
  CHECK(near(book.call("call-3", Per::Month, 100)->allowance().most, 100));
}

TEST_CASE("the day is the one of the place, also where the clock is put back") {
  Book book;
  ::setenv("TZ", "Europe/Berlin", 1);
  ::tzset();
  book.time = 1'792'879'200'000 - 1;  // the last millisecond of the 24th there, 21:59:59.999 UTC
  counted(*book.call("call-1"), 5);
  book.time += 1;
  CHECK(book.call("call-2")->allowance() == core::Allowance{20, "2026-10-26 00:00"});
  book.time += 25 * Hour - 1;  // the 25th has an hour more
  CHECK(book.call("call-3")->allowance().renews == "2026-10-26 00:00");
  book.time += 1;
  CHECK(book.call("call-4")->allowance().renews == "2026-10-27 00:00");
}

TEST_CASE("another flow, another currency and a rehearsal take nothing of it") {
  Book book;
  counted(*book.call("call-1"), 5);
  CHECK(near(book.call("call-2", Per::Day, 20, false, "desk")->allowance().most, 20));
  CHECK(near(book.call("call-3", Per::Day, 20, false, "shop", "eur")->allowance().most, 20));
  CHECK(near(book.call("call-4", Per::Day, 20, true)->allowance().most, 20));
  counted(*book.call("call-5", Per::Day, 20, true), 7);
  CHECK(near(book.call("call-6", Per::Day, 20, true)->allowance().most, 13));
  CHECK(near(book.call("call-7")->allowance().most, 15));
}

TEST_CASE("when all is spent nothing is left, and never less than that") {
  Book book;
  counted(*book.call("call-1"), 21);
  CHECK(book.call("call-2")->allowance().most == 0);
}

TEST_CASE("two processes that count at a time lose nothing of each other") {
  Book book;
  constexpr int Calls = 8, Counts = 25;
  std::vector<pid_t> children;
  for (int i = 0; i < Calls; ++i) {
    const auto child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      bool failed = false;
      auto opened = Spending::open(book.path, {"shop", "call-" + std::to_string(i), {1000, "usd", Per::Day}, false}, Book::at_once, [&](const Error&) { failed = true; }, [&] { return book.time; });
      for (int n = 1; opened && n <= Counts; ++n) (*opened)->count(n, {});
      _exit(opened && !failed ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const auto child : children) {
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
  CHECK(near(book.call("the last", Per::Day, 1000)->allowance().most, 1000 - Calls * Counts));
}

TEST_CASE("a file that cannot be used is told of with its name, and one that is lost once") {
  const auto opened = Spending::open("/nowhere/at/all.sqlite", {"shop", "call-1", {20, "usd", Per::Day}, false}, Book::at_once, {});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == "R0405");
  CHECK(opened.error().text.find("/nowhere/at/all.sqlite") != std::string::npos);
}

}  // namespace flow::store
