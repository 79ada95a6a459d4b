#include "compiler/view/renamed.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "compiler/ir/describe.h"
#include "compiler/view/words.h"

namespace flow::view {
namespace {

using ir::Program;

// What a row is without its name. Other names in it may have changed, too, so it holds few of them.
auto signature(const Program& p, const ir::Agent& a) -> std::string {
  std::string greets;
  if (a.greet_first) greets += line(p, *a.greet_first);
  if (a.greet_return) greets += line(p, *a.greet_return);
  return fmt::format("{}\n{}\n{}\n{}\n{}", a.doc, a.voice, text(p, a.instructions), greets, a.tools.size());
}
auto signature(const Program& p, const ir::Tool& t) -> std::string {
  return fmt::format("{}\n{}\n{}\n{}\n{}", t.doc, parameters(p, t.params), static_cast<int>(t.effects), static_cast<int>(t.body), t.sets.size());
}
auto signature(const Program& p, const ir::Policy& policy) -> std::string {
  std::string out;
  for (const auto& cell : cells(p, policy)) out += cell.value + "\n";
  return out;
}
auto signature(const Program& p, const ir::StateField& field) -> std::string {
  return fmt::format("{}\n{}\n{}", describe(p, field.type), field.initial ? describe(p, field.initial) : "", field.pii);
}
auto signature(const Program&, const ir::Enum& e) -> std::string { return fmt::format("{}", fmt::join(e.values, ",")); }
auto signature(const Program& p, const ir::Record& r) -> std::string { return parameters(p, r.fields); }

template <class T>
auto has(const Table<T>& table, const std::string& name) -> bool {
  return std::ranges::any_of(table, [&](const T& row) { return row.name == name; });
}

// Pairs the rows whose names are gone with those whose names are new, in order, if they are alike.
template <class T>
void take_names(Program& before, Table<T>& rows, const Program& after, const Table<T>& named) {
  const auto old = rows;
  std::set<std::string> taken;
  for (auto& row : rows) {
    if (has(named, row.name)) continue;
    for (const auto& other : named) {
      if (has(old, other.name) || taken.contains(other.name) || signature(before, row) != signature(after, other)) continue;
      row.name = other.name;
      taken.insert(other.name);
      break;
    }
  }
}

}  // namespace

auto with_names_of(const Program& after, Program before) -> Program {
  take_names(before, before.enums, after, after.enums);
  take_names(before, before.records, after, after.records);
  take_names(before, before.state, after, after.state);
  take_names(before, before.policies, after, after.policies);
  take_names(before, before.tools, after, after.tools);
  take_names(before, before.agents, after, after.agents);
  return before;
}

}  // namespace flow::view
