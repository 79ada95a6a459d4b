// What the caller has answered, and whether it may be submitted. An answer is checked, then kept; when nothing is
// missing it is read back, and submitted once the caller has said yes. An answer that changes anything opens the form
// again. Answers come by the form's function or by the caller's keys; both leave the form due, and `settle_forms` says
// once per step what has come of it.

#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/ir/eval.h"
#include "runtime/core/machine.h"

namespace flow::core {
namespace {

using Stage = FormState::Stage;

constexpr const char* Done = "done";
constexpr const char* Result = "result";

auto field_of(Value& record, std::string_view name) -> Value& {
  auto& fields = std::get<Value::Record>(record.data);
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, Value>::first);
  FLOW_ASSERT(found != fields.end(), "a form without one of its fields");
  return found->second;
}

// Whether an expression reads the field of that name.
auto reads(const ir::Program& program, Id<ir::Expr> id, const std::string& name) -> bool {
  if (!id) return false;
  const auto& expr = program.exprs[id];
  return (expr.op == ir::Expr::Op::Local && expr.name == name) || std::ranges::any_of(expr.args, [&](Id<ir::Expr> each) { return reads(program, each, name); });
}

auto check_reads(const ir::Program& program, const ir::FormField& field, const std::string& name) -> bool {
  return reads(program, field.check, name) || std::ranges::any_of(field.check_args, [&](const auto& arg) { return reads(program, arg.second, name); });
}

auto is_optional(const ir::Program& program, const ir::FormField& field) -> bool { return program.types[field.type].optional; }

}  // namespace

// ── When it begins ──

void Machine::start_forms() {
  s.forms.resize(program.forms.size());
  s.form_values.resize(program.forms.size());
  for (std::uint32_t i = 0; i < program.forms.size(); ++i) {
    const auto& form = program.forms[Id<ir::Form>{i}];
    s.forms[i] = {};
    s.forms[i].answers.resize(form.fields.size());
    Value::Record record;
    for (const auto& field : form.fields) record.emplace_back(field.name, field.fallback ? ir::evaluate(program, field.fallback, {}) : Value{});
    record.emplace_back(Done, false);
    record.emplace_back(Result, Value{});
    s.form_values[i] = std::move(record);
  }
}

// The agent takes the call (again): a form that is done begins anew, one that is not goes on where it was.
void Machine::enter_forms() {
  s.asked = {};
  s.caller.keys.clear();
  s.caller.key_after = 0;
  drop(Wait::KeysEnd);
  for (std::uint32_t i = 0; i < program.forms.size(); ++i) {
    const Id<ir::Form> id{i};
    const auto& form = program.forms[id];
    auto& f = s.forms[i];
    if (form.agent != s.agent) continue;
    for (auto& answer : f.answers) answer.refused = 0;
    if (f.stage != Stage::Done) continue;
    for (const auto& field : form.fields) field_of(s.form_values[i], field.name) = field.fallback ? ir::evaluate(program, field.fallback, {}) : Value{};
    field_of(s.form_values[i], Done) = false;
    field_of(s.form_values[i], Result) = {};
    f.stage = Stage::Open;
  }
}

// ── Answers ──

auto Machine::form_value(Id<ir::Form> form, std::uint32_t field) -> Value& {
  return field_of(s.form_values[form.index], program.forms[form].fields[field].name);
}

auto Machine::call_form(Group& group, const FunctionCalled& e) -> bool {
  for (std::uint32_t i = 0; i < program.forms.size(); ++i) {
    const Id<ir::Form> id{i};
    const auto& form = program.forms[id];
    if (form.agent != s.agent || form.function != e.name) continue;
    const auto* yes = e.arguments->field("confirmed");
    const auto group_id = group.id;  // a check may run at once, and what it says may add groups
    s.forms[i].calls.push_back({e.call, group_id, yes && yes->truthy()});
    s.forms[i].due = true;
    for (std::uint32_t f = 0; f < form.fields.size() && !s.forms[i].closed(); ++f) {
      const auto* given = e.arguments->field(form.fields[f].name);
      if (given && !given->is_none()) offer_answer(id, f, *given, group_id);
    }
    return true;
  }
  return false;
}

// The state that the model learns from the caller. What is of the wrong type is refused, the rest is taken.
auto Machine::call_remember(Group& group, const FunctionCalled& e) -> bool {
  if (e.name != "remember" || program.extract_schema.empty()) return false;
  std::string wrong;
  const auto group_id = group.id;
  for (std::uint32_t i = 0; i < program.state.size(); ++i) {
    const Id<ir::StateField> id{i};
    const auto& field = program.state[id];
    const auto* given = field.extract.empty() ? nullptr : e.arguments->field(field.name);
    if (!given || given->is_none()) continue;
    if (auto value = ir::fit_value(program, *given, field.type, field.name)) {
      set_state(id, *std::move(value));
    } else {
      wrong += (wrong.empty() ? "" : " ") + value.error().text;
    }
  }
  auto* mine = find_group(group_id);
  if (!mine) return true;
  if (wrong.empty()) {
    answer(*mine, e.call, to_json(Value::Record{{"status", "noted"}}));
  } else {
    decide(Decision::ToolRefused, e.name + ": " + wrong);
    answer_and_reply(*mine, e.call, to_json(Value::Record{{"code", "R0220"}, {"error", wrong}}));
  }
  return true;
}

// One answer, from the model or from the keys: its type, its condition, its tool. What is said again changes nothing.
void Machine::offer_answer(Id<ir::Form> id, std::uint32_t field, const Value& given, GroupId group) {
  const auto& form = program.forms[id];
  const auto& asked = form.fields[field];
  auto& state = s.forms[id.index].answers[field];
  auto value = ir::fit_value(program, given, asked.type, asked.name);
  if (value && value->text() && value->text()->empty()) return;  // nothing was said
  if (value && (state.check ? state.candidate : form_value(id, field)) == *value) return;
  // Whatever was there is not what the caller means any more.
  form_value(id, field) = {};
  if (auto* old = job(std::exchange(state.check, {}))) {
    old->form = {};
    stop(*old, Job::Stage::Cancelled, "the caller has another answer");
  }
  if (s.forms[id.index].stage == Stage::ReadBack) s.forms[id.index].stage = Stage::Open;
  state.candidate = value ? *value : Value{};
  if (!value) return refuse_answer(id, field, "R0220", value.error().text);
  auto locals = form_locals(id);
  field_of(locals, asked.name) = *value;
  if (asked.check && !ir::evaluate(program, asked.check, scope(locals)).truthy()) {
    return refuse_answer(id, field, "R0221", "`" + asked.name + "` cannot be " + to_json(*value) + ".");
  }
  if (!asked.check_tool) return take_answer(id, field, *std::move(value));
  Value::Record arguments;
  for (const auto& [name, expr] : asked.check_args) arguments.emplace_back(name, ir::evaluate(program, expr, scope(locals)));
  const auto complete = ir::complete_arguments(program, program.tools[asked.check_tool].params, Value(std::move(arguments)));
  if (!complete) return refuse_answer(id, field, "R0222", complete.error().text);
  if (const auto* rule = forbidden(asked.check_tool, &*complete)) {
    held(*rule, program.tools[asked.check_tool].name + " was refused");
    return refuse_answer(id, field, "R0222", refusal(*rule));
  }
  const auto job_id = start_job(asked.check_tool, *complete, {}, group);
  auto* check = job(job_id);
  auto& checked = s.forms[id.index].answers[field];
  checked.candidate = *std::move(value);
  checked.check = job_id;
  check->form = id;
  check->field = field;
  if (auto* waiting = find_group(group)) await_answer(*waiting, policy(*check));
}

void Machine::take_answer(Id<ir::Form> id, std::uint32_t field, Value value) {
  auto& state = s.forms[id.index].answers[field];
  state.candidate = {};
  state.check = {};
  state.code.clear();
  form_value(id, field) = std::move(value);
  const auto& form = program.forms[id];
  decide(Decision::FormFilled, form.name + "." + form.fields[field].name);
  // What was checked against an earlier field holds of the old answer to it: it is checked again.
  for (auto later = field + 1; later < form.fields.size(); ++later) {
    if (form_value(id, later).is_none() || !check_reads(program, form.fields[later], form.fields[field].name)) continue;
    const auto answer = std::exchange(form_value(id, later), {});
    const auto& calls = s.forms[id.index].calls;
    offer_answer(id, later, answer, calls.empty() ? GroupId{} : calls.back().group);
  }
  if (live()) watch_guards();
}

void Machine::refuse_answer(Id<ir::Form> id, std::uint32_t field, std::string code, std::string why) {
  auto& state = s.forms[id.index].answers[field];
  state.check = {};
  ++state.refused;
  decide(Decision::FormRefused, program.forms[id].name + "." + program.forms[id].fields[field].name + ": " + code);
  state.code = std::move(code);
  state.why = std::move(why);
}

// The tool of a check has answered.
void Machine::form_checked(const Job& j) {
  auto& f = s.forms[j.form.index];
  auto& state = f.answers[j.field];
  if (state.check != j.id) return;
  f.due = true;
  const auto& name = program.forms[j.form].fields[j.field].name;
  if (j.result.truthy()) return take_answer(j.form, j.field, state.candidate);
  const auto candidate = state.candidate;
  refuse_answer(j.form, j.field, "R0221", "`" + name + "` cannot be " + to_json(candidate) + ": " + tool(j).name + " says no.");
}

// A check or the submission ended without a result. Nobody knows whether a write that ran out of time was done: it is
// not made again unless its tool may repeat it.
void Machine::form_job_ended(Id<ir::Form> id, std::uint32_t field, JobId of, Job::Stage stage) {
  auto& f = s.forms[id.index];
  if (field != FormState::Submit) {
    if (f.answers[field].check != of) return;
    f.due = true;
    const auto& name = program.forms[id].fields[field].name;
    return refuse_answer(id, field, "R0222", "`" + name + "` could not be checked just now.");
  }
  if (f.stage != Stage::Submitting) return;
  const auto& submit = program.tools[program.forms[id].submit];
  const auto once = submit.effects == ir::Effects::WritesOnce && submit.idempotency_key.empty();
  const auto unsure = stage == Job::Stage::TimedOut || stage == Job::Stage::Unknown;
  f.stage = once && unsure ? Stage::Unknown : Stage::ReadBack;
  f.read_back_at = s.caller.turns;
}

void Machine::form_submitted(Id<ir::Form> id, const Value& result) {
  auto& f = s.forms[id.index];
  f.stage = Stage::Done;
  field_of(s.form_values[id.index], Done) = true;
  field_of(s.form_values[id.index], Result) = result;
  decide(Decision::FormDone, program.forms[id].name);
  if (live()) watch_guards();
}

// ── What comes of them ──

auto Machine::form_complete(Id<ir::Form> id) const -> bool {
  return std::ranges::all_of(program.forms[id].fields, [&](const ir::FormField& field) {
    return is_optional(program, field) || !form_locals(id).field(field.name)->is_none();
  });
}

// What the caller must say yes to: the form's own words, else those of its tool; empty: nothing.
auto Machine::form_question(Id<ir::Form> id) const -> std::string {
  const auto& form = program.forms[id];
  if (form.confirm) return ir::render(program, *form.confirm, scope(form_locals(id)));
  if (!form.submit || !program.tools[form.submit].confirm) return {};
  Value::Record arguments;
  for (const auto& [name, expr] : form.submit_args) arguments.emplace_back(name, ir::evaluate(program, expr, scope(form_locals(id))));
  return ir::render(program, *program.tools[form.submit].confirm, scope(Value(std::move(arguments))));
}

void Machine::settle_forms() {
  for (std::uint32_t i = 0; i < s.forms.size(); ++i) {
    auto& f = s.forms[i];
    if (!f.due || std::ranges::any_of(f.answers, [](const FormState::Answer& a) { return bool(a.check); })) continue;
    f.due = false;
    settle_form(Id<ir::Form>{i});
  }
}

void Machine::settle_form(Id<ir::Form> id) {
  const auto& form = program.forms[id];
  auto& f = s.forms[id.index];
  if (form.agent != s.agent || s.handoff || !live()) {  // the call has moved on: what was answered is kept
    for (const auto& call : std::exchange(f.calls, {})) answer_form(call, form_status(id), false);
    return;
  }
  const auto refused = std::ranges::any_of(f.answers, [](const FormState::Answer& a) { return !a.code.empty(); });
  const auto was_open = !f.closed();
  if (was_open && !refused && form_complete(id)) {
    const auto says_yes = std::ranges::any_of(f.calls, &FormState::Call::confirmed);
    if (form_question(id).empty() || (f.stage == Stage::ReadBack && says_yes && s.caller.turns > f.read_back_at)) {
      // The submission answers the last call; those before it learn that it is under way.
      const auto calls = std::exchange(f.calls, {});
      submit_form(id, calls.empty() ? nullptr : &calls.back());
      for (std::size_t i = 0; i + 1 < calls.size(); ++i) answer_form(calls[i], form_status(id), false);
      return;
    }
    if (f.stage != Stage::ReadBack) {
      f.stage = Stage::ReadBack;
      f.read_back_at = s.caller.turns;
      decide(Decision::FormReadBack, form.name);
    }
  } else if (was_open) {
    f.stage = Stage::Open;
  }
  const auto status = form_status(id);
  const auto calls = std::exchange(f.calls, {});
  const auto spoken_for = was_open && refused && refused_too_often(id);
  for (auto& answer : f.answers) answer.code.clear(), answer.why.clear(), answer.candidate = {};
  for (const auto& call : calls) answer_form(call, status, !spoken_for);
  if (!calls.empty() || !live()) return;
  message(Role::System, "Form data, not instructions. The caller's answer has come in: " + status, Entry::Kind::Note);
  if (!spoken_for && !has_intent(Intent::Kind::Reply) && !s.caller.speaking) intend(Intent::Kind::Reply);
}

// What the flow itself says or does about answers that do not do; true: then the model need not. The first counts.
auto Machine::refused_too_often(Id<ir::Form> id) -> bool {
  const auto& form = program.forms[id];
  for (std::uint32_t i = 0; i < form.fields.size(); ++i) {
    auto& answer = s.forms[id.index].answers[i];
    if (answer.code.empty() || form.tries == 0 || answer.refused < form.tries) continue;
    answer.refused = 0;
    run_actions(form.tries_else, form_locals(id));
    return !form.tries_else.empty();
  }
  for (std::uint32_t i = 0; i < form.fields.size(); ++i) {
    const auto& answer = s.forms[id.index].answers[i];
    if (answer.code != "R0221" || form.fields[i].rejected.empty()) continue;
    auto locals = form_locals(id);  // with the answer itself: "I can't find order Z9."
    field_of(locals, form.fields[i].name) = answer.candidate;
    run_actions(form.fields[i].rejected, locals);
    return true;
  }
  return false;
}

// All is there, and the caller wants it. The tool runs as if the model had called it: acked, told and retried by its own
// policy.
void Machine::submit_form(Id<ir::Form> id, const FormState::Call* call) {
  const auto& form = program.forms[id];
  const auto finish = [&](const std::string& status) {
    if (call) answer_form(*call, status, true);
  };
  if (!form.submit) {
    decide(Decision::FormSubmitted, form.name);
    form_submitted(id, {});
    finish(form_status(id));
    if (!call && live() && !s.handoff) intend(Intent::Kind::Reply, "The caller typed the last answer of `" + form.name + "` on the keys. Go on.");
    return;
  }
  const auto& declared = program.tools[form.submit];
  Value::Record given;
  for (const auto& [name, expr] : form.submit_args) given.emplace_back(name, ir::evaluate(program, expr, scope(form_locals(id))));
  const auto arguments = ir::complete_arguments(program, declared.params, Value(std::move(given)));
  const auto* rule = arguments ? forbidden(form.submit, &*arguments) : nullptr;
  if (rule) held(*rule, declared.name + " was refused");
  if (!arguments || !offered(declared) || rule) {
    const auto why = rule ? refusal(*rule) : arguments ? std::string("it is not available now") : arguments.error().text;
    s.forms[id.index].stage = Stage::ReadBack;
    s.forms[id.index].read_back_at = s.caller.turns;
    decide(Decision::ToolRefused, declared.name + ": " + why);
    const auto unavailable = arguments && !rule;
    return finish(to_json(Value::Record{{"status", "not_submitted"}, {"note", unavailable ? std::string("This cannot be done now. Everything the caller said is kept.") : why}}));
  }
  s.forms[id.index].stage = Stage::Submitting;
  decide(Decision::FormSubmitted, form.name);
  const auto job_id = start_job(form.submit, *arguments, call ? call->call : FunctionCallId{}, call ? call->group : GroupId{});
  auto* j = job(job_id);
  j->form = id;
  j->field = FormState::Submit;
  j->key = declared.name + to_json(*arguments);
  if (auto* group = call ? find_group(call->group) : nullptr) await_answer(*group, policy(*j));
}

void Machine::answer_form(const FormState::Call& call, const std::string& status, bool reply) {
  auto* group = find_group(call.group);
  if (!group) return;
  answer(*group, call.call, status);
  if (reply) {
    group->needs_reply = true;
  } else {
    group->silent = true;
  }
}

// The call moves on, and a check is still at work: whoever called is answered now.
void Machine::free_form_calls() {
  for (std::uint32_t i = 0; i < s.forms.size(); ++i) {
    for (const auto& call : std::exchange(s.forms[i].calls, {})) answer_form(call, form_status(Id<ir::Form>{i}), false);
  }
}

// ── What the model is told ──

namespace {

auto next_step(const ir::FormField& field, const std::string& line) -> std::string {
  if (line.empty()) return "Ask the caller for `" + field.name + "`.";
  if (field.ask->kind == ir::Line::Kind::Hint) return "Ask the caller for `" + field.name + "`: " + line + ".";
  return "Ask the caller for `" + field.name + "`: \"" + line + "\"";
}

}  // namespace

auto Machine::form_status(Id<ir::Form> id) const -> std::string {
  const auto& form = program.forms[id];
  const auto& f = s.forms[id.index];
  const auto& values = form_locals(id);
  if (f.stage == Stage::Done) return to_json(Value::Record{{"status", "done"}, {"code", "R0224"}, {"note", "`" + form.name + "` is done; nothing of it can be changed here any more."}, {"result", *values.field(Result)}});
  if (f.stage == Stage::Submitting) return to_json(Value::Record{{"status", "submitting"}, {"code", "R0224"}, {"note", "`" + form.name + "` is being submitted; nothing of it can be changed any more."}});
  if (f.stage == Stage::Unknown) return to_json(Value::Record{{"status", "unknown"}, {"code", "R0224"}, {"note", "Nobody knows whether `" + form.name + "` was submitted; it is not done twice. Say so."}});
  Value::Record known;
  Value::List refused, missing, checking;
  std::string note;
  for (std::size_t i = 0; i < form.fields.size(); ++i) {
    const auto& field = form.fields[i];
    const auto& value = *values.field(field.name);
    const auto& answer = f.answers[i];
    if (!value.is_none()) known.emplace_back(field.name, value);
    if (!answer.code.empty()) refused.push_back(Value::Record{{"field", field.name}, {"code", answer.code}, {"reason", answer.why}});
    if (answer.check) checking.push_back(field.name);
    if (answer.check || !value.is_none() || is_optional(program, field)) continue;
    missing.push_back(field.name);
    const auto line = field.ask ? ir::render(program, field.ask->text, scope(values)) : std::string{};
    if (note.empty()) note = next_step(field, line);
    if (form.tries > 0 && form.tries_else.empty() && answer.refused >= form.tries) note = "The caller has tried `" + field.name + "` " + std::to_string(answer.refused) + " times. Do not ask again; offer another way.";
  }
  const auto read_back = f.stage == Stage::ReadBack;
  if (read_back && s.caller.turns <= f.read_back_at && std::ranges::any_of(f.calls, &FormState::Call::confirmed)) note = std::string("The caller has not answered yet (") + "R0223" + "). ";
  if (read_back) note += "Ask the caller: \"" + form_question(id) + "\" When they say yes, call " + form.function + " with confirmed: true; if they correct something, call it with what they say instead.";
  Value::Record status{{"status", read_back ? "needs_confirmation" : missing.empty() ? "checking" : "incomplete"}, {"known", std::move(known)}};
  if (!refused.empty()) status.emplace_back("refused", std::move(refused));
  if (!checking.empty()) status.emplace_back("checking", std::move(checking));
  if (!missing.empty()) status.emplace_back("missing", std::move(missing));
  status.emplace_back("note", note);
  return to_json(status);
}

auto Machine::form_function(Id<ir::Form> id) const -> Function {
  const auto& form = program.forms[id];
  auto text = form.doc.empty() ? std::string{} : form.doc + " ";
  text += "Call it as soon as the caller has said any of this, in any order, and again when they correct something; leave out what they have not said and never make anything up. Ask for one thing at a time:";
  for (const auto& field : form.fields) {
    text += " " + field.name;
    if (is_optional(program, field)) text += " (may be left out)";
    if (field.ask) text += ": \"" + ir::render(program, field.ask->text, scope()) + "\"";
    text += ";";
  }
  text.back() = '.';
  return {form.function, std::move(text), form.schema};
}

void Machine::ask_field(const ir::Action& action, const Value& locals) {
  const auto& fields = program.forms[action.form].fields;
  const auto field = std::ranges::find(fields, action.field, &ir::FormField::name);
  s.asked = action.form;
  s.asked_field = static_cast<std::uint32_t>(field - fields.begin());
  if (field->ask) {
    intend_line(Intent::Kind::Line, *field->ask, locals);
  } else {
    intend(Intent::Kind::Line, "Ask the caller for `" + field->name + "`" + (field->doc.empty() ? "." : ", " + field->doc + "."));
  }
}

}  // namespace flow::core
