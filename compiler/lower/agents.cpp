#include "compiler/lower/agents.h"

#include <algorithm>

#include "compiler/ir/words.h"
#include "compiler/lower/actions.h"
#include "compiler/lower/forms.h"
#include "compiler/lower/realtimes.h"
#include "compiler/lower/tools.h"

namespace flow::lower {
namespace {

using check::Args;

class AgentLowering {
 public:
  AgentLowering(Context& context, const ast::AgentDecl& agent, const Locals& carried)
      : context_(context), agent_(agent), names_(context, carried), carried_(carried) {
    for (const auto* each : lineage(context, agent)) blocks_.push_back(&each->block);
    const auto* defaults = context.flow ? check::clause(context.flow->block, "defaults") : nullptr;
    if (defaults && defaults->block) blocks_.push_back(&*defaults->block);
  }

  auto run(ir::Agent row) -> ir::Agent {
    row.doc = agent_.doc.text;
    row.declared_at = agent_.name.at;
    if (const auto* voice = clause("voice")) row.voice = Args{*voice}.constant().value_or("");
    if (const auto* instructions = clause("instructions")) row.instructions = lower_instructions(context_, *instructions, carried_);
    row.greet_first = greeting("first");
    row.greet_return = greeting("return");
    tools(row);
    turn_detection(row.turn_detection);
    barge_in(row.barge_in);
    if (const auto* tokens = clause("max_output_tokens")) row.max_output_tokens = tokens_of(*tokens);
    if (const auto* realtime = clause("realtime")) {
      if (const auto* path = Args{*realtime}.path()) row.realtime = realtime_row(context_, *path);
    }
    if (const auto* speed = clause("speed")) row.speed = ranged(*speed, 0.25, 1.5, "0.25 to 1.5").value_or(1.0);
    if (const auto* temperature = clause("temperature")) row.temperature = ranged(*temperature, 0, 2, "0 to 2");
    return row;
  }

 private:
  // The nearest one that says anything.
  auto clause(std::string_view name) const -> const ast::Clause* {
    for (const auto* each : blocks_) {
      if (const auto* found = check::clause(*each, name)) return found;
    }
    return nullptr;
  }

  auto greeting(std::string_view when) -> std::optional<ir::Line> {
    for (const auto* each : blocks_) {
      for (const auto* greet : check::clauses_named(*each, "greet")) {
        Args args{*greet};
        if (!args.word(when)) continue;
        const auto line = args.line();
        return line ? std::optional{names_.line(*line)} : std::nullopt;
      }
    }
    return std::nullopt;
  }

  void tools(ir::Agent& row) {
    for (const auto* each : blocks_) {
      const auto clauses = check::clauses_named(*each, "tools");
      for (const auto* listed : clauses) {
        for (const auto tool : tool_list(context_, *listed)) {
          if (std::ranges::find(row.tools, tool) == row.tools.end()) row.tools.push_back(tool);
        }
      }
      if (!clauses.empty()) return;
    }
  }

  void turn_detection(ir::TurnDetection& row) {
    const auto* detection = clause("turn_detection");
    if (!detection) return;
    Args args{*detection};
    for (const auto kind : {ir::TurnDetection::Kind::ServerVad, ir::TurnDetection::Kind::SemanticVad, ir::TurnDetection::Kind::Manual}) {
      if (args.word(ir::to_word(kind))) row.kind = kind;
    }
    if (!detection->block) return;
    const auto& block = *detection->block;
    if (const auto* threshold = check::clause(block, "threshold")) row.threshold = ranged(*threshold, 0, 1, "0 to 1").value_or(0.5);
    if (const auto* prefix = check::clause(block, "prefix")) row.prefix = Args{*prefix}.duration().value_or(row.prefix);
    if (const auto* silence = check::clause(block, "silence")) row.silence = Args{*silence}.duration().value_or(row.silence);
    const auto* eagerness = check::clause(block, "eagerness");
    for (int i = 0; eagerness && i < 4; ++i) {
      const auto value = static_cast<ir::TurnDetection::Eagerness>(i);
      if (Args{*eagerness}.word(ir::to_word(value))) row.eagerness = value;
    }
  }

  void barge_in(ir::BargeIn& row) {
    const auto* barge_in = clause("barge_in");
    if (!barge_in || !barge_in->block) return;
    const auto& block = *barge_in->block;
    if (const auto* after = check::clause(block, "after")) row.after = Args{*after}.duration().value_or(row.after);
    if (const auto* resume = check::clause(block, "resume")) row.resume = Args{*resume}.duration().value_or(row.resume);
    if (const auto* words = check::clause(block, "backchannels")) {
      Args args{*words};
      while (auto text = args.constant()) row.backchannels.push_back(*std::move(text));
    }
  }

  auto ranged(const ast::Clause& clause, double low, double high, const char* what) -> std::optional<double> {
    const auto number = Args{clause}.number();
    if (!number || (*number >= low && *number <= high)) return number;
    context_.report().add(clause.at, diag::OutOfRange, diag::Name{clause.name.text}, diag::Text{what});
    return std::nullopt;
  }
  auto tokens_of(const ast::Clause& clause) -> int { return static_cast<int>(ranged(clause, 1, 4096, "1 to 4096").value_or(0)); }

  Context& context_;
  const ast::AgentDecl& agent_;
  std::vector<const ast::Block*> blocks_;  // the agent's own, its parents', the flow's `defaults`
  Expressions names_;
  const Locals& carried_;
};

}  // namespace

void declare_agents(Context& context) {
  for (const auto* module : context.modules) {
    for (const auto& agent : module->tree.agents) {
      const auto same = [&](const ir::Agent& row) { return row.name == agent.name.text; };
      if (agent.name.missing()) continue;
      if (std::ranges::any_of(context.program.agents, same)) {
        if (!context.report().has_error_in(agent.name.at)) context.report().add(agent.name.at, diag::DuplicateName, diag::Kind{"agent"}, diag::Name{agent.name.text});
        continue;
      }
      context.agents[&agent] = context.program.agents.add({.name = agent.name.text});
    }
  }
}

auto lineage(Context& context, const ast::AgentDecl& agent) -> std::vector<const ast::AgentDecl*> {
  std::vector<const ast::AgentDecl*> out{&agent};
  while (!out.back()->parent.missing()) {
    const auto* parent = context.scope().agent(out.back()->parent);
    if (!parent) break;
    if (const auto circle = std::ranges::find(out, parent); circle != out.end()) {
      const auto* first = *std::min_element(circle, out.end(), [](const auto* a, const auto* b) { return a->at < b->at; });
      context.report().add(first->parent.at, diag::InheritanceCycle, diag::Kind{"agent"}, diag::Name{first->name.text});
      break;
    }
    out.push_back(parent);
  }
  return out;
}

void lower_agents(Context& context, const Carried& carried) {
  for (const auto* module : context.modules) {
    for (const auto& agent : module->tree.agents) {
      const auto row = context.agents.find(&agent);
      if (row == context.agents.end()) continue;
      const auto forms = form_names(context, row->second);
      auto locals = forms;
      if (const auto found = carried.find(row->second.index); found != carried.end()) locals.insert(locals.end(), found->second.begin(), found->second.end());
      auto lowered = AgentLowering{context, agent, locals}.run({.name = agent.name.text});
      context.program.agents[row->second] = std::move(lowered);
      for (const auto* each : lineage(context, agent)) {
        for (const auto& handler : each->block.handlers) lower_handler(context, handler, row->second, forms);
      }
    }
  }
}

auto lower_instructions(Context& context, const ast::Clause& clause, const Locals& locals) -> ir::Template {
  Args args{clause};
  if (const auto* text = args.text()) return Expressions{context, locals}.text(*text);
  const auto file = args.call("file");
  if (!file) return {};
  const auto at = clause.args[0].value.at;
  const auto text = context.file_beside(at, *file);
  if (!text || text->empty()) return {};
  if (const auto bad = first_bad_utf8(*text)) {
    const auto& source = context.checked.sources.add(context.path_beside(at, *file), *text);
    context.report().add(at, diag::NotUtf8, diag::Text{std::to_string(*bad)}).note({source.id(), 0, 0}, "in this file");
    return {};
  }
  return {{.kind = ir::TemplatePart::Kind::Text, .text = *text}};
}

}  // namespace flow::lower
