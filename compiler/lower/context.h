#pragma once
// What the parts of lowering share: the checked program, the report, and the tables that are being filled.
//
// Rows of types, policies and tools are made when they are first needed or in the order of the files; names that do
// not resolve were reported by the name check, so that a lookup that finds nothing says nothing here.

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/load.h"
#include "compiler/ir/ir.h"

namespace flow::lower {

struct Context {
  check::Checked& checked;
  std::vector<const check::Module*> modules;  // the root first, then what it imports
  std::function<Result<std::string>(const std::string& path)> read;
  std::string stdlib_folder = {};  // where files of the library are, if not in the program
  ir::Program program = {};

  std::map<const ast::EnumDecl*, Id<ir::Enum>> enums = {};
  std::map<const ast::TypeDecl*, Id<ir::Record>> records = {};
  std::map<const ast::Field*, Id<ir::StateField>> state = {};
  std::map<const ast::PolicyDecl*, Id<ir::Policy>> policies = {};
  std::map<const ast::ServiceDecl*, Id<ir::Service>> services = {};
  std::map<const ast::ToolDecl*, Id<ir::Tool>> tools = {};
  std::map<const ast::AgentDecl*, Id<ir::Agent>> agents = {};
  std::map<const ast::TransferDecl*, Id<ir::Transfer>> transfers = {};
  std::map<const ast::RealtimeDecl*, Id<ir::Realtime>> realtimes = {};
  const ast::FlowDecl* flow = nullptr;  // the one that is meant; null: there is none

  // What the flow's `locale`s say instead of a text, by the text as it stands in the source (locales.h).
  std::string locale = {};  // the one that is spoken; empty: as the flow is written
  std::map<std::string, std::vector<std::pair<std::string, const ast::Template*>>> translations = {};

  auto report() -> diag::Report& { return checked.report; }
  auto scope() const -> const check::Scope& { return checked.scope; }
  auto root() const -> const check::Module& { return *modules.front(); }
  // The text of a file that the source at `at` names, beside the file it is named in. Unreadable: reported, nothing.
  auto file_beside(Span at, const std::string& name) -> std::optional<std::string>;
  // The path of such a file.
  auto path_beside(Span at, const std::string& name) const -> std::string;
};

// A name that no row of the table has: itself, or with a number.
template <class T>
auto fresh_name(const Table<T>& table, const std::string& name) -> std::string {
  const auto taken = [&](const std::string& wanted) { return std::any_of(table.begin(), table.end(), [&](const T& row) { return row.name == wanted; }); };
  auto out = name;
  for (int i = 2; taken(out); ++i) out = name + "_" + std::to_string(i);
  return out;
}

// A whole number of a clause as the tables hold it; what is beyond a million is beyond every limit, too.
inline auto limited(std::int64_t number) -> int { return static_cast<int>(std::clamp<std::int64_t>(number, -1, 1'000'001)); }
inline constexpr int NumberMax = 1'000'000;

// A name that nothing stands for, if nobody has said so and no unreadable file may have declared it.
void unknown(Context& context, const char* kind, const ast::Path& name);

// Said of a construct that the program means and this version cannot run. Nothing is said twice of one place.
void not_yet(Context& context, Span at, const std::string& what);

}  // namespace flow::lower
