#include "compiler/lower/forms.h"

#include <algorithm>

#include "compiler/check/field_clauses.h"
#include "compiler/ir/schema.h"
#include "compiler/lower/actions.h"
#include "compiler/lower/types.h"

namespace flow::lower {
namespace {

using check::Args;
using Kind = ir::Type::Kind;

constexpr int KeysMax = 64;

auto clause_of(const ast::Form& form, std::string_view name) -> const ast::Clause* { return check::clause(form.clauses, name); }

// `a and b and c` in its parts.
void conjuncts(const ast::Expr& expr, std::vector<const ast::Expr*>& out) {
  const auto* binary = expr.as<ast::Binary>();
  if (!binary || binary->op != ast::Binary::Op::And || !binary->left || !binary->right) return out.push_back(&expr);
  conjuncts(*binary->left, out);
  conjuncts(*binary->right, out);
}

auto without_none(ir::Program& program, Id<ir::Type> type) -> Id<ir::Type> {
  auto row = program.types[type];
  row.optional = false;
  return type_row(program, row);
}

auto or_none(ir::Program& program, Id<ir::Type> type) -> Id<ir::Type> {
  auto row = program.types[type];
  row.optional = true;
  return type_row(program, row);
}

class FormLowering {
 public:
  FormLowering(Context& context, const ast::Form& form, Id<ir::Form> row, const Locals& carried)
      : context_(context), form_(form), id_(row), outer_(carried) {}

  void run() {
    for (std::size_t i = 0; i < row().fields.size(); ++i) field(source_of(row().fields[i].name), i);
    if (const auto* tries = clause_of(form_, "tries")) lower_tries(*tries);
    if (const auto* confirm = clause_of(form_, "confirm")) {
      Args args{*confirm};
      if (const auto* text = args.text()) {
        auto lowered = Expressions{context_, complete()}.text(*text);
        row().confirm = std::move(lowered);
      }
    }
    if (const auto* submit = clause_of(form_, "submit")) lower_submit(*submit);
    const auto parameters = form_parameters(context_.program, row());
    row().schema = ir::parameters_schema(context_.program, parameters);
  }

 private:
  auto row() -> ir::Form& { return context_.program.forms[id_]; }
  auto source_of(const std::string& name) const -> const ast::Field& {
    return *std::ranges::find(form_.fields, name, [](const ast::Field& f) -> const std::string& { return f.name.text; });
  }

  // The names that mean something here. `sure`: which fields are known to be there.
  auto locals(const auto& sure) -> Locals {
    auto out = outer_;
    for (const auto& field : row().fields) {
      const auto type = sure(field) ? field.type : or_none(context_.program, field.type);
      std::erase_if(out, [&](const Local& local) { return local.name == field.name; });
      out.push_back({field.name, type});
    }
    return out;
  }
  auto complete() -> Locals {
    return locals([](const ir::FormField&) { return true; });
  }
  auto unsure() -> Locals {
    return locals([](const ir::FormField&) { return false; });
  }
  // What an answer is checked by: itself is there, the others may not be.
  auto about(std::size_t index) -> Locals {
    const auto name = row().fields[index].name;
    auto out = unsure();
    for (auto& local : out) {
      if (local.name == name && !local.form) local.type = without_none(context_.program, row().fields[index].type);
    }
    return out;
  }

  void field(const ast::Field& source, std::size_t index) {
    const auto clauses = check::field_clauses(check::Where::FormField, source);
    if (const auto* ask = check::clause(clauses, "ask")) {
      Args args{*ask};
      if (const auto line = args.line()) {
        auto lowered = Expressions{context_, unsure()}.line(*line);
        row().fields[index].ask = std::move(lowered);
      }
    }
    if (const auto* check = check::clause(clauses, "check")) lower_check(*check, index);
    if (const auto* keys = check::clause(clauses, "dtmf")) lower_keys(*keys, index);
  }

  void lower_check(const ast::Clause& clause, std::size_t index) {
    if (clause.args.empty()) return;
    Expressions names{context_, about(index)};
    std::vector<const ast::Expr*> parts;
    conjuncts(clause.args[0].value, parts);
    Facts facts;
    Id<ir::Expr> condition;
    for (const auto* part : parts) {
      const auto* call = part->as<ast::Call>();
      if (call && context_.scope().tool(call->callee)) {
        check_tool(names, *call, part->at, facts, index);
        continue;
      }
      auto lowered = names.condition(*part, facts);
      if (!lowered.expr) continue;
      facts = std::move(lowered.when_true);
      condition = condition ? context_.program.exprs.add({.op = ir::Expr::Op::And, .args = {condition, lowered.expr}}) : lowered.expr;
    }
    row().fields[index].check = condition;
    auto actions = lower_actions(names, clause.otherwise);
    row().fields[index].rejected = std::move(actions);
  }

  void check_tool(Expressions& names, const ast::Call& call, Span at, const Facts& facts, std::size_t index) {
    if (row().fields[index].check_tool) {
      context_.report().add(at, diag::SecondCheckTool);
      return;
    }
    auto lowered = lower_call(names, call, at, facts);
    if (!lowered) return;
    const auto& tool = context_.program.tools[lowered->first];
    if (tool.effects != ir::Effects::Pure && tool.effects != ir::Effects::Reads) context_.report().add(call.callee.at, diag::CheckWrites, diag::Name{tool.name});
    const auto judges = tool.result && (context_.program.types[tool.result].kind == Kind::Bool || context_.program.types[tool.result].optional);
    if (!judges && !ir::is_builtin(tool.body)) context_.report().add(call.callee.at, diag::CheckJudgesNothing, diag::Name{tool.name});
    if (ir::is_builtin(tool.body)) context_.report().add(call.callee.at, diag::SubmitsNothing, diag::Name{tool.name});
    row().fields[index].check_tool = lowered->first;
    row().fields[index].check_args = std::move(lowered->second);
  }

  void lower_keys(const ast::Clause& clause, std::size_t index) {
    Args args{clause};
    const auto* expr = args.expr();
    const auto* range = expr ? expr->as<ast::Range>() : nullptr;
    const auto* low = range && range->low ? range->low->as<ast::Int>() : nullptr;
    const auto* high = range && range->high ? range->high->as<ast::Int>() : nullptr;
    if (!low || !high) return;
    const auto kind = context_.program.types[row().fields[index].type].kind;
    const bool typed = kind == Kind::String || kind == Kind::Int || kind == Kind::Phone;
    if (!typed) context_.report().add(clause.name.at, diag::NotTyped, diag::Name{row().fields[index].name});
    if (low->value < 1 || low->value > high->value || high->value > KeysMax) {
      context_.report().add(expr->at, diag::OutOfRange, diag::Name{"dtmf"}, diag::Text{"from 1 to 64, the smaller number first"});
      return;
    }
    row().fields[index].keys_min = limited(low->value);
    row().fields[index].keys_max = limited(high->value);
    if (!args.word("until")) return;
    const auto* at = args.peek();
    const auto key = args.constant().value_or("");
    if (key == "#" || key == "*") {
      row().fields[index].keys_until = key;
    } else if (at) {
      context_.report().add(at->at, diag::OutOfRange, diag::Name{"until"}, diag::Text{"\"#\" or \"*\""});
    }
  }

  void lower_tries(const ast::Clause& clause) {
    const auto tries = Args{clause}.integer().value_or(0);
    if (tries < 1 || tries > NumberMax) context_.report().add(clause.at, diag::OutOfRange, diag::Name{"tries"}, diag::Text{"1 to a million"});
    Expressions names{context_, unsure()};
    auto actions = lower_actions(names, clause.otherwise);
    row().tries = limited(std::max<std::int64_t>(tries, 0));
    row().tries_else = std::move(actions);
  }

  void lower_submit(const ast::Clause& clause) {
    Expressions names{context_, complete()};
    const auto* expr = Args{clause}.expr();
    const auto* call = expr ? expr->as<ast::Call>() : nullptr;
    if (!call) return;
    auto lowered = lower_call(names, *call, expr->at, {});
    if (!lowered) return;
    if (ir::is_builtin(context_.program.tools[lowered->first].body)) {
      context_.report().add(call->callee.at, diag::SubmitsNothing, diag::Name{context_.program.tools[lowered->first].name});
      return;
    }
    row().submit = lowered->first;
    row().submit_args = std::move(lowered->second);
  }

  Context& context_;
  const ast::Form& form_;
  Id<ir::Form> id_;
  Locals outer_;
};

void declare_form(Context& context, const ast::Form& form, Id<ir::Agent> agent) {
  const auto same = [&](const ir::Form& row) { return row.agent == agent && row.name == form.name.text; };
  if (form.name.missing() || form.fields.empty() || std::ranges::any_of(context.program.forms, same)) return;
  ir::Form row{.name = form.name.text, .doc = form.doc.text, .agent = agent, .fields = {}, .tries_else = {}, .confirm = {}, .submit = {}, .submit_args = {}, .function = "fill_" + form.name.text, .schema = {}, .declared_at = form.name.at};
  for (const auto& field : lower_fields(context, form.fields)) {
    row.fields.push_back({.name = field.name, .type = field.type, .doc = field.doc, .pii = field.pii, .fallback = field.fallback});
  }
  if (row.fields.empty()) return;
  if (const auto* submit = clause_of(form, "submit"); submit && !submit->args.empty()) {
    const auto* call = submit->args[0].value.as<ast::Call>();
    const auto* tool = call ? context.scope().tool(call->callee) : nullptr;
    if (tool && context.tools.contains(tool)) row.submit = context.tools.at(tool);  // its result is the form's
  }
  for (const auto& [tool, id] : context.tools) {
    if (tool->name.text == row.function && !context.report().has_error_in(tool->name.at)) {
      context.report().add(tool->name.at, diag::ReservedName, diag::Name{row.function}, diag::Text{"a tool: it is the function that fills a form"}).note(form.name.at, "this one");
    }
  }
  context.program.forms.add(std::move(row));
}

auto local_of(Context& context, Id<ir::Form> id) -> Local {
  return {.name = context.program.forms[id].name, .type = type_row(context.program, {.kind = Kind::Json}), .form = id};
}

void each_form(Context& context, const std::function<void(const ast::Form&, Id<ir::Agent>)>& visit) {
  for (const auto* module : context.modules) {
    for (const auto& agent : module->tree.agents) {
      const auto row = context.agents.find(&agent);
      if (row == context.agents.end()) continue;
      for (const auto* each : lineage(context, agent)) {
        for (const auto& form : each->block.forms) visit(form, row->second);
      }
    }
  }
}

}  // namespace

void declare_forms(Context& context) {
  each_form(context, [&](const ast::Form& form, Id<ir::Agent> agent) { declare_form(context, form, agent); });
}

auto form_names(Context& context, Id<ir::Agent> agent) -> Locals {
  Locals out;
  for (std::size_t i = 0; i < context.program.forms.size(); ++i) {
    const auto id = context.program.forms.id_at(i);
    if (context.program.forms[id].agent == agent) out.push_back(local_of(context, id));
  }
  return out;
}

auto form_names(Context& context) -> Locals {
  Locals out;
  const auto& forms = context.program.forms;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    const auto id = forms.id_at(i);
    if (std::ranges::count(forms, forms[id].name, &ir::Form::name) == 1) out.push_back(local_of(context, id));
  }
  return out;
}

void lower_forms(Context& context, const Carried& carried) {
  std::vector<bool> seen(context.program.forms.size());
  each_form(context, [&](const ast::Form& form, Id<ir::Agent> agent) {
    for (std::size_t i = 0; i < context.program.forms.size(); ++i) {
      const auto id = context.program.forms.id_at(i);
      const auto& row = context.program.forms[id];
      if (seen[i] || row.agent != agent || row.name != form.name.text || row.declared_at != form.name.at) continue;
      seen[i] = true;
      auto names = form_names(context, agent);
      if (const auto found = carried.find(agent.index); found != carried.end()) names.insert(names.end(), found->second.begin(), found->second.end());
      FormLowering{context, form, id, names}.run();
    }
  });
}

auto form_parameters(ir::Program& program, const ir::Form& form) -> std::vector<ir::Field> {
  std::vector<ir::Field> out;
  for (const auto& field : form.fields) {
    auto doc = field.doc;
    const auto words = field.ask && field.ask->text.size() == 1 && field.ask->text[0].kind == ir::TemplatePart::Kind::Text;
    if (doc.empty() && words) doc = field.ask->text[0].text;
    out.push_back({.name = field.name, .type = or_none(program, field.type), .doc = doc, .pii = field.pii, .fallback = {}});
  }
  if (form.confirm || (form.submit && program.tools[form.submit].confirm)) {
    out.push_back({.name = "confirmed", .type = type_row(program, {.kind = Kind::Bool, .optional = true}), .doc = "true when the caller has said yes to what was read back to them", .fallback = {}});
  }
  return out;
}

auto extracted_fields(ir::Program& program) -> std::vector<ir::Field> {
  std::vector<ir::Field> out;
  for (const auto& field : std::vector(program.state.begin(), program.state.end())) {
    if (!field.extract.empty()) out.push_back({.name = field.name, .type = or_none(program, field.type), .doc = field.extract, .pii = field.pii, .fallback = {}});
  }
  return out;
}

}  // namespace flow::lower
