#include "runtime/store/memory.h"

#include <algorithm>

#include "compiler/ir/hash.h"
#include "runtime/sqlite/database.h"
#include "runtime/store/text.h"

namespace flow::store {
namespace {

// `since`, `until` and `lease` are milliseconds since 1970. `owner` is the call that has the work; empty: none.
constexpr auto Schema = R"(
  pragma journal_mode = wal;
  pragma synchronous = normal;
  create table if not exists kept_values (flow text, field text, whose text, value text, until integer, primary key (flow, field, whose));
  create table if not exists kept_jobs (flow text, id text, whose text, tool text, arguments text, handle text, result text,
    since integer, until integer, owner text, lease integer, primary key (flow, id));
)";

auto to_text(const Value& value) -> std::string {
  std::string out;
  write_value(value, out);
  return out;
}

auto from_text(const Value* column) -> std::optional<Value> {
  if (!column || !column->text()) return std::nullopt;
  Reader reader{*column->text()};
  Value value;
  reader.read(value);
  if (reader.failed() || !reader.at_end()) return std::nullopt;
  return value;
}

auto text_of(const Value* column) -> std::string { return column && column->text() ? *column->text() : std::string{}; }

auto whole_of(const Value* column) -> std::int64_t {
  const auto* number = column ? std::get_if<std::int64_t>(&column->data) : nullptr;
  return number ? *number : 0;
}

auto wall_clock() -> std::int64_t { return std::chrono::duration_cast<core::Millis>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

// Used by one thread at a time: the background runs one piece after the other.
struct Memory::Impl : std::enable_shared_from_this<Memory::Impl> {
  Impl(sqlite::Database file, const ir::Program& its, Background how, std::function<void(Error)> hears, WallClock clock)
      : database(std::move(file)), program(its), background(std::move(how)), failed(std::move(hears)), now(clock ? std::move(clock) : wall_clock) {}

  sqlite::Database database;
  const ir::Program& program;
  Background background;
  std::function<void(Error)> failed;
  WallClock now;
  std::optional<Error> error;  // the first; told when the piece that met it is done
  bool told = false;

  auto whose(const std::string& key) const -> std::string { return ir::digest(program.name + '\n' + key); }
  auto ask(const std::string& query, const std::vector<Value>& values) -> Value::List;
  void run(std::function<void()> work, std::function<void()> done = {});
  auto recall(const core::Recall& order, const std::string& call) -> core::Recalled;
  void values(const core::Recall& order, core::Recalled& out);
  void jobs(const core::Recall& order, const std::string& call, core::Recalled& out);
};

auto Memory::Impl::ask(const std::string& query, const std::vector<Value>& values) -> Value::List {
  auto rows = database.ask(query, values);
  if (rows) return *std::move(rows);
  if (!error) error = Error{"R0404", "what is to outlive the call cannot be kept: " + rows.error().text, "is there room on the disk?"};
  return {};
}

void Memory::Impl::run(std::function<void()> work, std::function<void()> done) {
  background([self = shared_from_this(), work = std::move(work)] { work(); },
             [weak = weak_from_this(), done = std::move(done)] {
               if (const auto self = weak.lock(); self && self->error && !std::exchange(self->told, true) && self->failed) self->failed(*self->error);
               if (done) done();
             });
}

void Memory::Impl::values(const core::Recall& order, core::Recalled& out) {
  for (const auto& [field, key] : order.values) {
    const auto rows = ask("select value from kept_values where flow = ?1 and field = ?2 and whose = ?3 and until > ?4", {program.name, program.state[field].name, whose(key), now()});
    if (rows.empty()) continue;
    if (auto value = from_text(rows.front().field("value"))) out.values.push_back({field, *std::move(value)});
  }
}

void Memory::Impl::jobs(const core::Recall& order, const std::string& call, core::Recalled& out) {
  if (order.caller.empty()) return;
  const auto rows = ask("update kept_jobs set owner = ?1, lease = ?2 where flow = ?3 and whose = ?4 and until > ?5 and (owner = '' or lease < ?5) returning *",
                        {call, now() + core::Millis{LeaseMax}.count(), program.name, whose(order.caller), now()});
  for (const auto& row : rows) {
    auto arguments = from_text(row.field("arguments"));
    if (!arguments) continue;
    core::KeptJob job{.id = text_of(row.field("id")), .tool = text_of(row.field("tool")), .arguments = *std::move(arguments), .handle = text_of(row.field("handle"))};
    job.result = from_text(row.field("result"));
    job.age = core::Millis{std::max<std::int64_t>(0, now() - whole_of(row.field("since")))};
    out.jobs.push_back(std::move(job));
  }
  std::ranges::sort(out.jobs, {}, [](const core::KeptJob& job) { return -job.age.count(); });  // what was asked for first is told first
}

auto Memory::Impl::recall(const core::Recall& order, const std::string& call) -> core::Recalled {
  ask("delete from kept_values where until <= ?1", {now()});
  ask("delete from kept_jobs where until <= ?1", {now()});
  core::Recalled out;
  values(order, out);
  jobs(order, call, out);
  return out;
}

Memory::Memory(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Memory::~Memory() = default;

auto Memory::open(const std::string& path, const ir::Program& program, Background background, std::function<void(Error)> failed, WallClock now) -> Result<std::unique_ptr<Memory>> {
  const auto refused = [&](const Error& why) { return failure("R0404", "`" + path + "` cannot be used to keep what outlives a call: " + why.text, "may it be written? --memory FILE names another, --memory none keeps nothing"); };
  auto database = sqlite::Database::open(path, sqlite::Access::Create);
  if (!database) return refused(database.error());
  if (const auto made = database->run(Schema); !made) return refused(made.error());
  return std::make_unique<Memory>(std::make_shared<Impl>(std::move(*database), program, std::move(background), std::move(failed), std::move(now)));
}

void Memory::recall(const core::Recall& order, const std::string& call, std::function<void(core::Recalled)> done) {
  const auto found = std::make_shared<core::Recalled>();
  impl_->run([impl = impl_.get(), order, call, found] { *found = impl->recall(order, call); }, [found, done = std::move(done)] { done(std::move(*found)); });
}

void Memory::remember(const core::Remember& order) {
  impl_->run([impl = impl_.get(), order] {
    const auto& name = impl->program.state[order.memo.field].name;
    const auto whose = impl->whose(order.memo.key);
    if (order.value.is_none()) {
      impl->ask("delete from kept_values where flow = ?1 and field = ?2 and whose = ?3", {impl->program.name, name, whose});
    } else {
      impl->ask("insert or replace into kept_values values (?1, ?2, ?3, ?4, ?5)", {impl->program.name, name, whose, to_text(order.value), impl->now() + order.keep_for.count()});
    }
  });
}

void Memory::keep(const core::KeepJob& order, const std::string& call) {
  impl_->run([impl = impl_.get(), order, call] {
    const auto& job = order.job;
    const auto now = impl->now();
    impl->ask("insert or replace into kept_jobs values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
              {impl->program.name, job.id, impl->whose(order.caller), job.tool, to_text(job.arguments), job.handle, job.result ? Value(to_text(*job.result)) : Value{},
               now - job.age.count(), now + order.keep_for.count(), call, now + core::Millis{LeaseMax}.count()});
  });
}

void Memory::forget(const core::ForgetJob& order) {
  impl_->run([impl = impl_.get(), order] { impl->ask("delete from kept_jobs where flow = ?1 and id = ?2", {impl->program.name, order.id}); });
}

void Memory::release(const std::string& call) {
  impl_->run([impl = impl_.get(), call] { impl->ask("update kept_jobs set owner = '' where flow = ?1 and owner = ?2", {impl->program.name, call}); });
}

void Memory::flush(std::function<void()> done) {
  impl_->run([] {}, std::move(done));
}

}  // namespace flow::store
