#include "compiler/lower/compile.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/check/allowed.h"
#include "compiler/ir/verify.h"
#include "compiler/lower/actions.h"
#include "compiler/lower/forms.h"
#include "compiler/lower/handoffs.h"
#include "compiler/lower/locales.h"
#include "compiler/lower/numbers.h"
#include "compiler/lower/policies.h"
#include "compiler/lower/realtimes.h"
#include "compiler/lower/rules.h"
#include "compiler/lower/services.h"
#include "compiler/lower/tests.h"
#include "compiler/lower/tools.h"
#include "compiler/lower/transcripts.h"
#include "compiler/lower/transfers.h"
#include "compiler/lower/types.h"
#include "compiler/review/review.h"

namespace flow::lower {
namespace {

using check::Args;

auto flow_of(const check::Module& root) -> const ast::FlowDecl* { return root.tree.flows.empty() ? nullptr : &root.tree.flows.front(); }

// The file whose flow is meant: the root itself, or, if it has tests and no flow, the file that it tests.
auto flow_file(const check::Module& root) -> const check::Module& {
  if (!root.tree.flows.empty() || root.tree.tests.empty()) return root;
  const auto tested = std::ranges::find_if(root.imports, [](const check::Module* each) { return !each->tree.flows.empty(); });
  return tested == root.imports.end() ? root : **tested;
}

// All files of the program, that of the flow first: its own handlers win over those of other files.
auto files_of(const check::Checked& checked, const check::Module& root) -> std::vector<const check::Module*> {
  auto modules = checked.closure(root);
  std::ranges::stable_partition(modules, [&](const check::Module* each) { return each == &flow_file(root); });
  return modules;
}

auto start_of(Context& context, const ast::FlowDecl& flow) -> Id<ir::Agent> {
  const auto* clause = check::clause(flow.block, "start");
  const auto* path = clause ? Args{*clause}.path() : nullptr;
  const auto* declared = path ? context.scope().agent(*path) : nullptr;
  const auto row = context.agents.find(declared);
  if (row != context.agents.end()) return row->second;
  if (!clause && !context.report().has_error_in(flow.at)) context.report().add(flow.name.at, diag::MissingClause, diag::Text{"a flow"}, diag::Name{"start"});
  return {};
}

// budget : NUMBER currency per (day | month)
void lower_budget(Context& context, const ast::Clause& clause) {
  Args args{clause};
  ir::SpendingLimit limit{.most = args.number().value_or(0), .currency = std::string(args.word())};
  if (args.word("per")) limit.per = args.word() == "month" ? ir::SpendingLimit::Per::Month : ir::SpendingLimit::Per::Day;
  if (limit.currency.empty()) return;  // reported
  if (limit.most <= 0) context.report().add(clause.at, diag::OutOfRange, diag::Name{"budget"}, diag::Text{"more than nothing"});
  context.program.budget = std::move(limit);
}

void lower_telemetry(Context& context, const ast::Clause& clause) {
  const auto* otlp = clause.block ? check::clause(*clause.block, "otlp") : nullptr;
  if (!otlp) return;
  Args args{*otlp};
  auto place = setting(args);
  if (place.text.empty()) return;  // reported, or nothing
  const auto is_web = place.text.starts_with("http://") || place.text.starts_with("https://");
  if (place.from == ir::Setting::From::Text && !is_web) context.report().add(otlp->args[0].value.at, diag::NoAddress, diag::Text{place.text});
  context.program.otlp = std::move(place);
}

void lower_flow(Context& context, const ast::FlowDecl& flow) {
  auto& p = context.program;
  p.name = flow.name.text;
  const auto clause = [&](std::string_view name) { return check::clause(flow.block, name); };
  if (const auto* edition = clause("edition")) p.edition = limited(Args{*edition}.integer().value_or(p.edition));
  if (p.edition != 2026) context.report().add(clause("edition")->at, diag::UnknownEdition, diag::Count{p.edition});
  if (const auto* locale = clause("locale")) p.locale = Args{*locale}.constant().value_or(p.locale);
  if (!context.locale.empty()) p.locale = context.locale;
  if (p.locale.empty()) context.report().add(clause("locale")->at, diag::OutOfRange, diag::Name{"locale"}, diag::Text{"a language such as \"en-US\""});
  if (const auto* limit = clause("max_duration")) p.max_duration = Args{*limit}.duration().value_or(p.max_duration);
  if (const auto* cost = clause("max_cost")) {
    Args args{*cost};
    p.max_cost = args.number();
    p.currency = args.word();
    if (p.max_cost.value_or(0) <= 0) context.report().add(cost->at, diag::OutOfRange, diag::Name{"max_cost"}, diag::Text{"more than nothing"});
  }
  if (const auto* budget = clause("budget")) lower_budget(context, *budget);
  if (const auto* telemetry = clause("telemetry")) lower_telemetry(context, *telemetry);
  if (const auto* dead_air = clause("dead_air")) p.dead_air = Args{*dead_air}.duration().value_or(p.dead_air);
  if (const auto* instructions = clause("instructions")) p.instructions = lower_instructions(context, *instructions, {});
  if (!context.locale.empty()) {
    const auto* gap = p.instructions.empty() ? "" : "\n\n";
    p.instructions.push_back({.kind = ir::TemplatePart::Kind::Text, .text = gap + ("Speak the language of " + context.locale + " with the caller."), .expr = {}, .then = {}, .otherwise = {}});
  }
  p.realtime = default_realtime(context, flow);
}

// Handlers of the program. What an imported file says about an event counts only where the flow's own file is silent.
void lower_program_handlers(Context& context) {
  for (const auto* module : context.modules) {
    for (const auto& handler : module->tree.handlers) {
      const auto own = [&](const ast::Handler& other) {
        const auto mine = lower_event(other.event);
        const auto its = lower_event(handler.event);
        return mine && its && mine->kind == its->kind && mine->values == its->values;
      };
      if (module != &context.root() && std::ranges::any_of(context.root().tree.handlers, own)) continue;
      lower_handler(context, handler, {});
    }
  }
}

// Everything whose mistakes can be told without a `flow`.
void lower_declarations(Context& context, Id<ir::Agent> start) {
  for (const auto* module : context.modules) {
    for (const auto& policy : module->tree.policies) {
      if (!module->standard && !policy.name.missing()) policy_row(context, policy);
    }
  }
  lower_services(context);
  lower_tools(context);
  lower_realtimes(context);
  lower_transfers(context);
  lower_channels(context);
  const auto carried = carried_values(context, start);
  lower_agents(context, carried);
  lower_handoffs(context, carried);
  lower_forms(context, carried);
  lower_program_handlers(context);
  lower_rules(context);
}

void name_files(Context& context) {
  for (const auto& source : context.checked.sources) context.program.files.push_back(source.path());
}

auto lower_root(check::Checked& checked, const check::Module& root, const check::LoadOptions& options, ir::Tests* tests = nullptr)
    -> std::optional<ir::Program> {
  Context context{checked, files_of(checked, root), options.read ? options.read : check::read_from_disk, options.stdlib_folder};
  check_numbers(context);
  lower_types(context);
  declare_tools(context);
  declare_agents(context);
  declare_forms(context);
  declare_transfers(context);
  review::standard_policies(context.modules, context.report());
  const auto& file = flow_file(root);
  const auto* flow = flow_of(file);
  context.flow = flow;
  const auto start = flow ? start_of(context, *flow) : Id<ir::Agent>{};
  context.locale = options.locale;
  collect_locales(context);
  lower_declarations(context, start);
  if (file.tree.flows.size() > 1) context.report().add(file.tree.flows[1].name.at, diag::SecondFlow);
  if (flow) lower_flow(context, *flow);
  if (flow) lower_transcripts(context);
  context.program.start = start;
  name_files(context);
  // The tests may add expressions, which are no part of the flow: they get a program of their own.
  auto program = context.program;
  auto lowered = lower_tests(context);
  if (!flow) return std::nullopt;
  review::review({checked, context.modules, *flow, program, context.agents, context.tools, context.policies}, context.report());
  const auto faulty = [&](const check::Module* module) { return context.report().has_error_in(module->tree.id); };
  // Beyond the most that a report keeps it is not known which files are faulty.
  if (std::ranges::any_of(context.modules, faulty) || context.report().errors() >= diag::Report::KeptMax) return std::nullopt;
  const auto problems = ir::verify(program);
  FLOW_ASSERT(problems.empty(), fmt::format("{}", fmt::join(problems, "; ")));
  if (tests) *tests = {std::move(context.program), std::move(lowered)};
  return program;
}

}  // namespace

auto lower(check::Checked& checked, const check::Module& root, const check::LoadOptions& options) -> std::optional<ir::Program> {
  return lower_root(checked, root, options);
}

auto compile(const std::string& path, const check::LoadOptions& options) -> Compiled {
  Compiled out{check::load({path}, options), std::nullopt};
  std::vector<const check::Module*> complete;
  for (const auto* root : out.checked.roots()) {
    const auto* flow = flow_of(flow_file(*root));
    const auto complete_tree = root->tree.complete;
    if (flow || !complete_tree) out.program = lower_root(out.checked, *root, options, &out.tests);
    // The parser may have lost sight of the flow, and said so.
    if (!flow && (complete_tree || !out.checked.report.has_error_in(root->tree.id))) out.checked.report.add({root->tree.id, 0, 0}, diag::NoFlow);
    if (out.program) complete = out.checked.closure(*root);
  }
  check::take_allowed_away(complete, out.checked);
  return out;
}

auto compile_files(const std::vector<std::string>& paths, const check::LoadOptions& options) -> CompiledFiles {
  CompiledFiles out{check::load(paths, options), {}};
  std::vector<const check::Module*> complete;
  for (const auto* root : out.checked.roots()) {
    auto program = lower_root(out.checked, *root, options);
    if (!program) continue;
    out.programs.push_back(*std::move(program));
    const auto files = out.checked.closure(*root);
    complete.insert(complete.end(), files.begin(), files.end());
  }
  check::take_allowed_away(complete, out.checked);
  return out;
}

auto check_files(const std::vector<std::string>& paths, const check::LoadOptions& options) -> check::Checked {
  return compile_files(paths, options).checked;
}

}  // namespace flow::lower
