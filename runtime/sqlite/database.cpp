#include "runtime/sqlite/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

namespace flow::sqlite {
namespace {

constexpr int StepsBetweenLooks = 1'000;  // of SQLite's machine; some microseconds

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

void bind(sqlite3_stmt* statement, int at, const Value& value) {
  const auto text = [&](const std::string& given) { sqlite3_bind_text64(statement, at, given.data(), given.size(), SQLITE_TRANSIENT, SQLITE_UTF8); };
  if (value.is_none()) {
    sqlite3_bind_null(statement, at);
  } else if (const auto* truth = std::get_if<bool>(&value.data)) {
    sqlite3_bind_int64(statement, at, *truth ? 1 : 0);
  } else if (const auto* whole = std::get_if<std::int64_t>(&value.data)) {
    sqlite3_bind_int64(statement, at, *whole);
  } else if (const auto* real = std::get_if<double>(&value.data)) {
    sqlite3_bind_double(statement, at, *real);
  } else if (value.text()) {
    text(*value.text());
  } else {
    text(to_json(value));
  }
}

auto column(sqlite3_stmt* statement, int at) -> Value {
  switch (sqlite3_column_type(statement, at)) {
    case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(statement, at));
    case SQLITE_FLOAT: {
      const auto real = sqlite3_column_double(statement, at);
      return std::isfinite(real) ? Value(real) : Value{};
    }
    case SQLITE_NULL: return {};
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, at));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, at));
      return bytes ? std::string(bytes, size) : std::string{};
    }
  }
}

}  // namespace

struct Database::Impl {
  std::unique_ptr<sqlite3, Close> handle;
  Access access = Access::Read;
  auto refused(int code) const -> tl::unexpected<Error> {
    const auto busy = code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_INTERRUPT;
    const auto readonly = code == SQLITE_READONLY;
    return failure(busy ? "sqlite_busy" : readonly ? "sqlite_readonly" : "sqlite_query", sqlite3_errmsg(handle.get()));
  }
};

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
auto Database::operator=(Database&&) noexcept -> Database& = default;
Database::~Database() = default;

auto Database::open(const std::string& path, Access access, const Patience* patience) -> Result<Database> {
  const int flags = access == Access::Read ? SQLITE_OPEN_READONLY : access == Access::Write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (access == Access::Create) {  // made here, so that nobody else may read it from its first moment on
    const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made < 0) return failure("sqlite_open", std::strerror(errno));
    ::close(made);
  }
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  auto impl = std::make_unique<Impl>();
  impl->handle.reset(raw);
  impl->access = access;
  if (code != SQLITE_OK) return failure("sqlite_open", raw ? sqlite3_errmsg(raw) : "no memory");
  sqlite3_limit(raw, SQLITE_LIMIT_ATTACHED, 0);  // a query is of this file and no other
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  auto* watched = const_cast<Patience*>(patience);
  if (watched) {
    sqlite3_progress_handler(raw, StepsBetweenLooks, [](void* is) { return static_cast<const Patience*>(is)->over() ? 1 : 0; }, watched);
    sqlite3_busy_handler(
        raw,
        [](void* is, int) {
          if (static_cast<const Patience*>(is)->over()) return 0;
          sqlite3_sleep(10);
          return 1;
        },
        watched);
  } else {
    sqlite3_busy_timeout(raw, 5'000);
  }
  return Database(std::move(impl));
}

auto Database::ask(const std::string& query, const std::vector<Value>& values, Limits limits) -> Result<Value::List> {
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  if (const int code = sqlite3_prepare_v2(impl_->handle.get(), query.c_str(), static_cast<int>(query.size()) + 1, &raw, &rest); code != SQLITE_OK) return impl_->refused(code);
  const Statement statement(raw);
  if (!statement) return failure("sqlite_query", "there is no statement");
  if (std::string_view(rest).find_first_not_of(" \t\r\n;") != std::string_view::npos) return failure("sqlite_many", "this is more than one statement");
  if (impl_->access == Access::Read && sqlite3_stmt_readonly(raw) == 0) return failure("sqlite_readonly", "this statement writes");
  for (std::size_t i = 0; i < values.size(); ++i) bind(raw, static_cast<int>(i) + 1, values[i]);
  Value::List rows;
  std::size_t count = 0, bytes = 0;
  while (true) {
    const int code = sqlite3_step(raw);
    if (code == SQLITE_DONE) return rows;
    if (code != SQLITE_ROW) return impl_->refused(code);
    Value::Record row;
    for (int at = 0; at < sqlite3_column_count(raw); ++at) {
      row.emplace_back(sqlite3_column_name(raw, at), column(raw, at));
      if (const auto* text = row.back().second.text()) bytes += text->size();
      ++count;
    }
    if (count > limits.values || bytes > limits.bytes) return failure("sqlite_large", "the answer is too large");
    rows.emplace_back(std::move(row));
  }
}

auto Database::run(const std::string& statements) -> Result<void> {
  const int code = sqlite3_exec(impl_->handle.get(), statements.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return impl_->refused(code);
  return {};
}

}  // namespace flow::sqlite
