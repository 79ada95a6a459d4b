#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compiler/ir/eval.h"
#include "runtime/sqlite/database.h"
#include "runtime/tools/answer.h"
#include "runtime/tools/doers.h"

namespace flow::tools {
namespace {

// A query and what is bound to its `?1`, `?2`, …
struct Query {
  std::string text;
  std::vector<Value> values;
};

auto query_of(const ir::Program& program, const Task& task) -> Query {
  std::vector<Value> state;
  for (const auto& field : program.state) {
    const auto* value = task.state.field(field.name);
    state.push_back(value ? *value : Value{});
  }
  Query out;
  for (const auto& part : task.tool->work->text) {
    if (part.kind == ir::TemplatePart::Kind::Text) out.text += part.text;
    if (part.kind != ir::TemplatePart::Kind::Hole) continue;
    out.values.push_back(ir::evaluate(program, part.expr, {&state, &task.arguments, &task.call}));
    out.text += fmt::format("?{}", out.values.size());
  }
  return out;
}

// A column is text, a number or nothing; what the type says more is found in it: truth in 1 and 0, lists and records in
// their JSON.
auto as(const ir::Program& program, Value value, Id<ir::Type> id) -> Value {
  using enum ir::Type::Kind;
  const auto& type = program.types[id];
  const auto* whole = std::get_if<std::int64_t>(&value.data);
  if (type.kind == Bool && whole && (*whole == 0 || *whole == 1)) return *whole == 1;
  const auto nested = type.kind == List || type.kind == Record || type.kind == Json;
  if (!nested || !value.text()) return value;
  auto read = read_answer(program, {.name = {}, .result = id}, *value.text());
  if (auto* done = std::get_if<Done>(&read)) return std::move(done->result);
  return value;
}

auto row_as(const ir::Program& program, const Value& row, Id<ir::Type> id) -> Value {
  const auto& type = program.types[id];
  const auto& columns = *row.record();
  if (type.kind == ir::Type::Kind::Json) return row;
  if (type.kind != ir::Type::Kind::Record) return columns.empty() ? Value{} : as(program, columns[0].second, id);
  Value::Record out;
  for (const auto& field : program.records[type.record].fields) {
    if (const auto* value = row.field(field.name)) out.emplace_back(field.name, as(program, *value, field.type));
  }
  return out;
}

// A list is all rows, anything else the first one; of a row a scalar is the first column.
auto result_of(const ir::Program& program, const ir::Tool& tool, const Value::List& rows) -> Outcome {
  if (!tool.result) return Done{};
  const auto& type = program.types[tool.result];
  if (type.kind == ir::Type::Kind::Json) return Done{Value(rows)};
  if (type.kind == ir::Type::Kind::List) {
    Value::List out;
    for (const auto& row : rows) out.push_back(row_as(program, row, type.element));
    return Done{std::move(out)};
  }
  if (!rows.empty()) return Done{row_as(program, rows.front(), tool.result)};
  if (type.optional) return Done{};
  return Failed{"R0211", fmt::format("`{}` found nothing, and must give something", tool.name)};
}

class SqlDoer final : public Doer {
 public:
  explicit SqlDoer(const Outside& outside) : outside_(outside) {}

  auto start(Task task, Hearer hearer) -> std::shared_ptr<void> override {
    struct Run {
      sqlite::Patience patience;
      Result<Value::List> rows = {};
    };
    const auto run = std::make_shared<Run>();
    const auto& tool = *task.tool;
    const auto writes = tool.effects == ir::Effects::Writes || tool.effects == ir::Effects::WritesOnce;
    const auto file = std::filesystem::path(outside_.folder) / outside_.settings.text(outside_.program.services[tool.work->service].at);
    // On the machine's clock, which is the loop's but in tests.
    run->patience.until = std::chrono::steady_clock::now() + (task.ends_at - outside_.loop.now());
    auto token = std::shared_ptr<void>(run.get(), [run](void*) { run->patience.stopped = true; });
    const auto work = [run, query = query_of(outside_.program, task), path = file.string(), writes] {
      auto database = sqlite::Database::open(path, writes ? sqlite::Access::Write : sqlite::Access::Read, &run->patience);
      if (!database) {
        run->rows = tl::unexpected(database.error());
      } else {
        run->rows = database->ask(query.text, query.values);
      }
    };
    const auto done = [this, run, hearer, tool = task.tool, weak = std::weak_ptr(token)] {
      if (weak.expired()) return;
      if (run->rows) return hearer.done(result_of(outside_.program, *tool, *run->rows));
      const auto& why = run->rows.error();
      hearer.done(Failed{"R0211", fmt::format("`{}`: {}", tool->name, why.text), why.code == "sqlite_busy"});
    };
    if (!outside_.pool.run(outside_.loop.poster(), work, done)) {
      outside_.loop.post([hearer, tool = task.tool, weak = std::weak_ptr(token)] {
        if (!weak.expired()) hearer.done(Failed{"R0206", fmt::format("`{}` waits for a thread together with too many other tools", tool->name)});
      });
    }
    return token;
  }

 private:
  const Outside& outside_;
};

}  // namespace

auto sql_doer(const Outside& outside) -> std::unique_ptr<Doer> { return std::make_unique<SqlDoer>(outside); }

}  // namespace flow::tools
