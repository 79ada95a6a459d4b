#include "compiler/lower/tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/ir/schema.h"
#include "compiler/lower/assign.h"
#include "compiler/lower/lua_signature.h"
#include "compiler/lower/policies.h"
#include "compiler/lower/services.h"
#include "compiler/lower/types.h"

namespace flow::lower {
namespace {

auto effects_of(ast::EffectClass effect) -> ir::Effects {
  switch (effect) {
    case ast::EffectClass::Pure: return ir::Effects::Pure;
    case ast::EffectClass::Writes: return ir::Effects::Writes;
    case ast::EffectClass::WritesOnce: return ir::Effects::WritesOnce;
    default: return ir::Effects::Reads;
  }
}

// Each Lua file by its path, and what it defines: many tools share one, and it is read once.
struct LuaFile {
  std::string source;
  std::vector<LuaFunction> functions;
};
using LuaFiles = std::map<std::string, LuaFile>;

class ToolLowering {
 public:
  ToolLowering(Context& context, LuaFiles& lua_files, const ast::ToolDecl& tool) : context_(context), lua_files_(lua_files), tool_(tool), row_(context.tools.at(&tool)) {}

  void run() {
    Locals params;
    for (const auto& param : row().params) params.push_back({param.name, param.type});
    body();
    texts(params);
    sets(params);
    compensation();
    const auto policy = tool_policy(context_, tool_, params);
    row().policy = policy;
    row().schema = ir::parameters_schema(context_.program, row().params);
    arguments_of_policy();
    effects();
  }

 private:
  auto row() -> ir::Tool& { return context_.program.tools[row_]; }
  auto clause(std::string_view name) const -> const ast::Clause* { return check::clause(tool_.block, name); }
  auto params() -> std::vector<std::string> {
    std::vector<std::string> names;
    for (const auto& param : row().params) names.push_back(param.name);
    return names;
  }

  // ── What runs it ──
  void body() {
    if (const auto* builtin = clause("builtin")) {
      check::Args args{*builtin};
      row().body = args.word("stay_silent") ? ir::Tool::Body::StaySilent : ir::Tool::Body::EndCall;
      return;
    }
    const auto* lua = clause("lua");
    if (!lua) return lower_work(context_, tool_, row_);
    if (lua->args.empty()) return;
    const auto file = check::Args{*lua}.constant();
    if (!file) return;
    const auto at = lua->args[0].value.at;
    const auto [place, fresh] = lua_files_.try_emplace(context_.path_beside(at, *file));
    if (fresh) {
      auto source = context_.file_beside(at, *file);
      if (!source) return void(lua_files_.erase(place));  // each tool says that it is not there
      place->second = {*source, lua_functions(*source)};
    }
    const auto& [source, functions] = place->second;
    row().lua_file = *file;
    row().lua_source = source.empty() ? "\n" : source;
    signature(at, *file, source, functions);
  }

  void signature(Span at, const std::string& file, const std::string& source, const std::vector<LuaFunction>& functions) {
    const auto named = [&](const LuaFunction& f) { return f.name == tool_.name.text; };
    const auto global = std::find_if(functions.rbegin(), functions.rend(), [&](const auto& f) { return named(f) && !f.local; });
    const auto any = global != functions.rend() ? global : std::find_if(functions.rbegin(), functions.rend(), named);
    const auto found = any != functions.rend();
    if (global != functions.rend() && takes(*global, params())) return;
    auto& report = context_.report();
    const auto wanted = fmt::format("{}", fmt::join(params(), ", "));
    auto added = global == functions.rend()
                     ? report.add(at, diag::NoLuaFunction, diag::Text{file}, diag::Name{tool_.name.text}, diag::Text{wanted})
                     : report.add(at, diag::LuaParameters, diag::Name{tool_.name.text}, diag::Text{fmt::format("{}", fmt::join(global->params, ", "))},
                                  diag::Text{wanted});
    if (!found) return;
    const auto& lua = context_.checked.sources.add(context_.path_beside(at, file), source);
    added.note({lua.id(), any->begin, any->end}, any->local ? "this one is local, and cannot be called from outside" : "this is the function");
  }

  // ── Texts and conditions ──
  void texts(const Locals& params) {
    row().doc = tool_.doc.text;
    row().effects = effects_of(tool_.effect);
    row().declared_at = tool_.name.at;
    for (const auto* examples : check::clauses_named(tool_.block, "examples")) take_texts(*examples, row().examples);
    for (const auto* env : check::clauses_named(tool_.block, "env")) take_texts(*env, row().env);
    if (const auto* available = clause("available"); available && available->condition) {
      const auto guard = Expressions{context_}.condition(*available->condition).expr;
      row().available_if = guard;
    }
    if (const auto* confirm = clause("confirm")) {
      check::Args args{*confirm};
      if (const auto* text = args.text()) {
        auto lowered = Expressions{context_, params}.text(*text);
        row().confirm = std::move(lowered);
      }
    }
    if (const auto* key = clause("idempotency_key"); key && !key->args.empty()) {
      const auto name = std::string(check::Args{*key}.word());
      if (needs_parameter(key->args[0].value.at, name)) row().idempotency_key = name;
    }
  }

  // It is called with the arguments of the run that it undoes, so it may ask for no others.
  void compensation() {
    const auto* undo = clause("compensate");
    const auto* path = undo ? check::Args{*undo}.path() : nullptr;
    const auto* declared = path ? context_.scope().tool(*path) : nullptr;
    const auto found = context_.tools.find(declared);
    if (!declared || found == context_.tools.end()) return;
    auto& report = context_.report();
    const auto& undoing = context_.program.tools[found->second];
    if (declared == &tool_) report.add(path->at, diag::UndoesItself, diag::Name{tool_.name.text});
    for (const auto& param : undoing.params) {
      const auto mine = std::ranges::find(row().params, param.name, &ir::Field::name);
      const auto& types = context_.program.types;
      const bool given = mine != row().params.end() && mine->type == param.type;
      if (given || param.fallback || types[param.type].optional) continue;
      report.add(path->at, diag::UndoNeeds, diag::Name{undoing.name}, diag::Name{param.name}, diag::Name{tool_.name.text});
    }
    row().compensate = found->second;
  }

  static void take_texts(const ast::Clause& clause, std::vector<std::string>& out) {
    check::Args args{clause};
    while (auto text = args.constant()) out.push_back(*std::move(text));
  }

  auto needs_parameter(Span at, const std::string& name) -> bool {
    if (name.empty()) return false;
    const auto known = params();
    if (std::ranges::find(known, name) != known.end()) return true;
    context_.report().add(at, diag::UnknownParameter, diag::Name{tool_.name.text}, diag::Name{name});
    return false;
  }

  // `sets x = e`: what the result leaves in the state.
  void sets(const Locals& params) {
    auto names = params;
    if (row().result) names.push_back({"result", row().result});
    for (const auto& set : tool_.block.sets) {
      if (!assigned_field(context_, set.target)) continue;
      if (!row().result && uses_result(set.value)) {
        context_.report().add(set.value.at, diag::NoResult, diag::Name{tool_.name.text});
        continue;
      }
      Expressions known{context_, names};
      if (const auto assigned = lower_assignment(known, set.target, set.value)) row().sets.push_back(*assigned);
    }
  }
  static auto uses_result(const ast::Expr& expr) -> bool {
    const auto* path = expr.as<ast::Path>();
    return path && !path->missing() && path->parts[0].text == "result";
  }

  // ── What the policy asks of the tool ──
  void arguments_of_policy() {
    const auto& policy = context_.program.policies[row().policy];
    const auto* named = clause("policy");
    const auto at = named ? named->name.at : tool_.name.at;
    for (const auto* list : {&policy.duplicates_by, &policy.supersedes_by}) {
      for (const auto& name : *list) needs_parameter(at, name);
    }
  }

  void effects() {
    const auto& policy = context_.program.policies[row().policy];
    if (row().effects != ir::Effects::WritesOnce) return;
    const auto* named = clause("policy");
    const auto at = named ? named->name.at : tool_.name.at;
    auto& report = context_.report();
    if (policy.cancel == ir::Policy::Cancel::ByModel && !row().compensate) report.add(at, diag::CancelsWrite, diag::Name{tool_.name.text}, diag::Name{policy.name});
    if (clause("idempotency_key")) return;
    if (policy.retries > 0) {
      report.add(at, diag::RepeatsWrite, diag::Name{tool_.name.text}, diag::Name{policy.name});
    } else {
      report.add(tool_.effect_at, diag::NeedsKey, diag::Name{tool_.name.text});
    }
  }

  Context& context_;
  LuaFiles& lua_files_;
  const ast::ToolDecl& tool_;
  Id<ir::Tool> row_;
};

void declare_tool(Context& context, const ast::ToolDecl& tool) {
  // What the runtime offers to the model under these names, it offers to every agent.
  for (const auto* reserved : {"read_result", "stop_tool"}) {
    if (tool.name.text == reserved) context.report().add(tool.name.at, diag::ReservedName, diag::Name{reserved}, diag::Text{"a tool: the runtime has one of that name"});
  }
  if (tool.name.text == "remember" && !context.program.extract_schema.empty()) {
    context.report().add(tool.name.at, diag::ReservedName, diag::Name{"remember"}, diag::Text{"a tool: the model sets what has an `extract` by a function of that name"});
  }
  if (tool.name.text.starts_with("handoff_")) {
    context.report().add(tool.name.at, diag::ReservedName, diag::Name{tool.name.text}, diag::Text{"a tool: names that begin with `handoff_` are those of handoffs"});
  }
  ir::Tool row{.name = tool.name.text, .params = lower_fields(context, tool.params)};
  if (!tool.result.missing()) {
    if (const auto result = lower_type(context, tool.result)) row.result = *result;
  }
  context.tools[&tool] = context.program.tools.add(std::move(row));
}

// What one value of `tools` means: a tool, or all of a file.
auto tools_of(Context& context, const ast::Expr& value) -> std::vector<Id<ir::Tool>> {
  std::vector<Id<ir::Tool>> out;
  if (const auto* path = value.as<ast::Path>()) {
    const auto* tool = context.scope().tool(*path);
    if (tool && context.tools.contains(tool)) out.push_back(context.tools.at(tool));
  }
  const auto* group = value.as<ast::AllOf>();
  if (!group) return out;
  bool known = false;
  for (const auto* module : context.modules) {
    if (module->name != group->group.text()) continue;
    known = true;
    for (const auto& tool : module->tree.tools) {
      if (context.tools.contains(&tool)) out.push_back(context.tools.at(&tool));
    }
  }
  if (!known) unknown(context, "file", group->group);
  return out;
}

}  // namespace

void declare_tools(Context& context) {
  for (const auto* module : context.modules) {
    for (const auto& tool : module->tree.tools) {
      const auto same = [&](const ir::Tool& row) { return row.name == tool.name.text; };
      if (tool.name.missing()) continue;
      if (const auto first = std::ranges::find_if(context.program.tools, same); first != context.program.tools.end()) {
        if (!context.report().has_error_in(tool.name.at)) context.report().add(tool.name.at, diag::DuplicateName, diag::Kind{"tool"}, diag::Name{tool.name.text});
        continue;
      }
      declare_tool(context, tool);
    }
  }
}

void lower_tools(Context& context) {
  LuaFiles lua_files;
  for (const auto* module : context.modules) {
    for (const auto& tool : module->tree.tools) {
      if (context.tools.contains(&tool)) ToolLowering{context, lua_files, tool}.run();
    }
  }
}

auto tool_list(Context& context, const ast::Clause& clause) -> std::vector<Id<ir::Tool>> {
  std::vector<Id<ir::Tool>> out;
  for (const auto& arg : clause.args) {
    const auto* negated = arg.value.as<ast::Not>();
    for (const auto tool : tools_of(context, negated && negated->operand ? *negated->operand : arg.value)) {
      std::erase(out, tool);
      if (!negated) out.push_back(tool);
    }
  }
  return out;
}

}  // namespace flow::lower
