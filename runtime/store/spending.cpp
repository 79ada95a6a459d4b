#include "runtime/store/spending.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "runtime/sqlite/database.h"

namespace flow::store {
namespace {

// `day` is where the flow runs, as 2026-11-21.
constexpr auto Schema = R"(
  pragma journal_mode = wal;
  pragma synchronous = normal;
  create table if not exists spent (flow text, call text, day text, rehearsal integer, currency text, amount real, primary key (flow, call));
  create index if not exists spent_by_day on spent (flow, day);
)";

constexpr int KeptDays = 400;

using Clock = Memory::WallClock;

auto wall_clock() -> std::int64_t { return std::chrono::duration_cast<core::Millis>(std::chrono::system_clock::now().time_since_epoch()).count(); }

// Days with their month and year as they stand on a calendar: the first after the last of a month is the next month's.
class Day {
 public:
  static auto of(std::int64_t ms_since_1970) -> Day {
    const auto time = static_cast<std::time_t>(ms_since_1970 / 1000);
    std::tm parts{};
    ::localtime_r(&time, &parts);
    return Day(parts);
  }
  auto later(int days, int months = 0) const -> Day {
    auto parts = parts_;
    parts.tm_mday += days;
    parts.tm_mon += months;
    return Day(parts);
  }
  auto first_of_month() const -> Day { return later(1 - parts_.tm_mday); }
  auto text() const -> std::string { return fmt::format("{:04}-{:02}-{:02}", parts_.tm_year + 1900, parts_.tm_mon + 1, parts_.tm_mday); }

 private:
  // Noon, which is there on every day, also where clocks are put forward at midnight.
  explicit Day(std::tm parts) : parts_(parts) {
    parts_.tm_hour = 12;
    parts_.tm_min = parts_.tm_sec = 0;
    parts_.tm_isdst = -1;
    std::mktime(&parts_);
  }
  std::tm parts_;
};

auto number_of(const Value* column) -> double {
  if (!column) return 0;
  if (const auto* real = std::get_if<double>(&column->data)) return *real;
  const auto* whole = std::get_if<std::int64_t>(&column->data);
  return whole ? static_cast<double>(*whole) : 0;
}

}  // namespace

// Used by one thread at a time: the background runs one piece after the other.
struct Spending::Impl : std::enable_shared_from_this<Spending::Impl> {
  Impl(sqlite::Database file, Of whose, Background how, std::function<void(Error)> hears) : database(std::move(file)), of(std::move(whose)), background(std::move(how)), failed(std::move(hears)) {}

  sqlite::Database database;
  Of of;
  Background background;
  std::function<void(Error)> failed;
  std::string from, until;  // the days of the period: not `until` any more
  core::Allowance allowance;
  double most = 0;          // as it was known last
  std::optional<Error> error;
  bool told = false;

  auto enter(const Day& today) -> Result<void>;
  auto others() -> Result<double>;
  void count(double spent);
};

auto Spending::Impl::enter(const Day& today) -> Result<void> {
  const auto by_day = of.budget.per == ir::SpendingLimit::Per::Day;
  const auto begins = by_day ? today : today.first_of_month();
  const auto ends = by_day ? today.later(1) : begins.later(0, 1);
  from = begins.text();
  until = ends.text();
  if (auto old = database.ask("delete from spent where day < ?1", {today.later(-KeptDays).text()}); !old) return tl::unexpected(old.error());
  const std::vector<Value> row{of.flow, of.call, today.text(), of.rehearsal, of.budget.currency};
  if (auto entered = database.ask("insert or ignore into spent values (?1, ?2, ?3, ?4, ?5, 0)", row); !entered) return tl::unexpected(entered.error());
  return others().map([&](double spent) {
    most = std::max(0.0, of.budget.most - spent);
    allowance = {most, until + " 00:00"};
  });
}

auto Spending::Impl::others() -> Result<double> {
  const auto rows = database.ask("select total(amount) as sum from spent where flow = ?1 and call <> ?2 and rehearsal = ?3 and currency = ?4 and day >= ?5 and day < ?6",
                                 {of.flow, of.call, of.rehearsal, of.budget.currency, from, until});
  if (!rows) return tl::unexpected(rows.error());
  return rows->empty() ? 0 : number_of(rows->front().field("sum"));
}

// The row is this call's alone, so nothing is lost between the two.
void Spending::Impl::count(double spent) {
  const auto written = database.ask("update spent set amount = ?3 where flow = ?1 and call = ?2", {of.flow, of.call, spent});
  const auto sum = written ? others() : tl::unexpected(written.error());
  if (sum) most = std::max(0.0, of.budget.most - *sum);
  else if (!error) error = Error{"R0405", "what this call costs cannot be kept: " + sum.error().text, "the call goes on, and other calls do not know of it; is there room on the disk?"};
}

Spending::Spending(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Spending::~Spending() = default;

auto Spending::open(const std::string& path, Of of, Background background, std::function<void(Error)> failed, Clock now) -> Result<std::unique_ptr<Spending>> {
  const auto refused = [&](const Error& why) { return failure("R0405", "`" + path + "` cannot be used to add up what calls cost: " + why.text, "may it be written? --memory FILE names another; with --memory none each call has the whole budget"); };
  auto database = sqlite::Database::open(path, sqlite::Access::Create);
  if (!database) return refused(database.error());
  if (const auto made = database->run(Schema); !made) return refused(made.error());
  auto impl = std::make_shared<Impl>(std::move(*database), std::move(of), std::move(background), std::move(failed));
  if (const auto entered = impl->enter(Day::of(now ? now() : wall_clock())); !entered) return refused(entered.error());
  return std::make_unique<Spending>(std::move(impl));
}

auto Spending::allowance() const -> const core::Allowance& { return impl_->allowance; }

void Spending::count(double spent, std::function<void(double most)> done) {
  const auto most = std::make_shared<double>();
  impl_->background(
      [impl = impl_, spent, most] {
        impl->count(spent);
        *most = impl->most;
      },
      [weak = std::weak_ptr(impl_), most, done = std::move(done)] {
        if (const auto impl = weak.lock(); impl && impl->error && !std::exchange(impl->told, true) && impl->failed) impl->failed(*impl->error);
        if (done) done(*most);
      });
}

void Spending::flush(std::function<void()> done) {
  impl_->background([] {}, std::move(done));
}

}  // namespace flow::store
