#include "runtime/prove/source.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/describe.h"

namespace flow::prove {
namespace {

using Kind = ir::TestStep::Kind;

auto quoted(const std::string& text) -> std::string {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '{': out += "\\{"; break;
      default: out += c;
    }
  }
  return out + "\"";
}

auto literal(const ir::Program& program, const Value& value, Id<ir::Type> type) -> std::string;

// `declared`: rows with a name and a type.
auto fields(const ir::Program& program, const Value& record, const auto& declared) -> std::string {
  std::string out;
  for (const auto& field : declared) {
    const auto* value = record.field(field.name);
    if (value && !value->is_none()) out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", field.name, literal(program, *value, field.type));
  }
  return out;
}

auto literal(const ir::Program& program, const Value& value, Id<ir::Type> id) -> std::string {
  using enum ir::Type::Kind;
  if (value.is_none()) return "none";
  const auto& type = program.types[id];
  switch (type.kind) {
    case Enum: return value.text() ? *value.text() : "none";
    case Record: return fmt::format("{}({})", program.records[type.record].name, fields(program, value, program.records[type.record].fields));
    case Duration: return ir::describe(ir::Millis{std::get<std::int64_t>(value.data)});
    case List: {
      std::string out;
      for (const auto& item : *value.list()) out += (out.empty() ? "" : ", ") + literal(program, item, type.element);
      return "[" + out + "]";
    }
    default: return value.text() ? quoted(*value.text()) : to_json(value);
  }
}

// What a test calls a form's function.
auto name_of(const ir::Program& program, const ir::TestCall& call) -> std::string {
  if (!call.form) return call.name;
  const auto& form = program.forms[call.form];
  const bool is_taken = std::ranges::find(program.tools, form.name, &ir::Tool::name) != program.tools.end();
  return is_taken ? form.function : form.name;
}

auto arguments_of(const ir::Program& program, const ir::TestCall& call) -> std::string {
  if (call.tool) return fields(program, call.arguments, program.tools[call.tool].params);
  if (call.form) {
    const auto out = fields(program, call.arguments, program.forms[call.form].fields);
    const auto* yes = call.arguments.field("confirmed");
    return yes ? fmt::format("{}{}confirmed: {}", out, out.empty() ? "" : ", ", to_json(*yes)) : out;
  }
  if (call.name == "remember") return fields(program, call.arguments, program.state);
  for (const auto& edge : program.handoffs) {
    if (edge.function == call.name) return fields(program, call.arguments, edge.carry);
  }
  const auto* number = call.arguments.field("number");
  return number ? "number: " + to_json(*number) : "";
}

auto caller(const ir::TestStep& step) -> std::string {
  switch (step.kind) {
    case Kind::Says: return "caller says " + quoted(step.words);
    case Kind::Interrupts: return "caller interrupts " + quoted(step.words);
    case Kind::Coughs: return "caller coughs";
    case Kind::Waits: return "caller waits " + ir::describe(step.lasts.value_or(ir::Millis{0}));
    case Kind::Presses: return "caller presses " + quoted(step.words);
    case Kind::Types: return "caller types " + quoted(step.words);
    case Kind::Voicemail: return "caller voicemail";
    default: return "caller hangs_up";
  }
}

auto model(const ir::Program& program, const ir::TestStep& step) -> std::string {
  switch (step.kind) {
    case Kind::ModelSays: return "model  says " + quoted(step.words);
    case Kind::ModelSaysNothing: return "model  says nothing";
    case Kind::ModelFails: return "model  fails";
    case Kind::ModelCalls: {
      std::string out;
      for (const auto& call : step.calls) out += fmt::format("{}{}({})", out.empty() ? "" : ", ", name_of(program, call), arguments_of(program, call));
      return "model  calls " + out;
    }
    default: {
      const auto to = step.target.kind == ir::Target::Kind::Back       ? "back"
                      : step.target.kind == ir::Target::Kind::Transfer ? program.transfers[step.target.transfer].name
                                                                       : program.agents[step.target.agent].name;
      const auto edge = std::ranges::find_if(program.handoffs, [&](const ir::Handoff& h) { return h.trigger.kind == ir::Trigger::Kind::Model && h.target == step.target; });
      const auto carried = edge == program.handoffs.end() ? std::string{} : fields(program, step.carry, edge->carry);
      return fmt::format("model  hands_off {}{}", to, carried.empty() ? "" : "(" + carried + ")");
    }
  }
}

auto tool(const ir::Program& program, const ir::TestStep& step) -> std::string {
  const auto& declared = program.tools[step.tool];
  switch (step.kind) {
    case Kind::ToolReturns: {
      if (!declared.result) return fmt::format("tool   {} returns", declared.name);
      return fmt::format("tool   {} returns {}", declared.name, literal(program, step.result, declared.result));
    }
    case Kind::ToolFails: return fmt::format("tool   {} fails {}{}", declared.name, step.network ? "network " : "", quoted(step.words));
    case Kind::ToolProgresses: return fmt::format("tool   {} progresses {}", declared.name, quoted(step.words));
    default: return fmt::format("tool   {} never returns", declared.name);
  }
}

auto provider(const ir::TestStep& step) -> std::string {
  switch (step.kind) {
    case Kind::Drops: return "provider drops";
    case Kind::Refuses: return step.times == 0 ? "provider refuses" : fmt::format("provider refuses {} times", step.times);
    default: return "provider leaves within " + ir::describe(step.lasts.value_or(ir::Millis{0}));
  }
}

auto transfer(const ir::Program& program, const ir::TestStep& step) -> std::string {
  const auto& name = program.transfers[step.transfer].name;
  switch (step.kind) {
    case Kind::TransferRings: return fmt::format("transfer {} rings", name);
    case Kind::TransferAnswers: return fmt::format("transfer {} answers", name);
    case Kind::TransferFails: return fmt::format("transfer {} fails{}", name, step.words.empty() ? "" : " " + quoted(step.words));
    case Kind::TransferUnsupported: return fmt::format("transfer {} unsupported", name);
    default: return fmt::format("transfer {} never answers", name);
  }
}

auto earlier(const ir::Program& program, const ir::TestStep& step) -> std::string {
  const auto& call = step.calls.front();
  const auto& type = program.tools[call.tool].result;
  const auto result = !step.is_ready ? "" : type ? " returned " + literal(program, step.result, type) : " returned";
  return fmt::format("earlier {}({}){}", call.name, arguments_of(program, call), result);
}

auto event(const ir::Program& program, const ir::Happening& what) -> std::string {
  switch (what.kind) {
    case ir::Happening::Kind::Said: return "said " + quoted(what.words);
    case ir::Happening::Kind::AgentActive: return "agent " + program.agents[what.agent].name;
    case ir::Happening::Kind::CallEnded: return "call ended";
    case ir::Happening::Kind::Transfer: return fmt::format("transfer {} {}", program.transfers[what.transfer].name, ir::to_word(what.moved));
    case ir::Happening::Kind::Tool: break;
  }
  const auto& declared = program.tools[what.tool];
  const auto given = fields(program, what.arguments, declared.params);
  return fmt::format("{}{} {}", declared.name, given.empty() ? "" : "(" + given + ")", ir::to_word(what.news));
}

auto expectation(const ir::Program& program, const ir::Expectation& e) -> std::string {
  using Of = ir::Expectation::Kind;
  switch (e.kind) {
    case Of::NoOverlap: return "expect no overlap";
    case Of::NoSilence: return "expect no silence over " + ir::describe(e.limit);
    case Of::LastsUnder: return "expect call lasts under " + ir::describe(e.limit);
    case Of::Before: return fmt::format("expect {} before {}", event(program, e.what), event(program, e.then));
    default: break;
  }
  auto out = fmt::format("expect {}{}", e.kind == Of::Never ? "not " : "", event(program, e.what));
  if (e.times) out += *e.times == 1 ? " once" : fmt::format(" {} times", *e.times);
  if (e.within) out += " within " + ir::describe(*e.within);
  return out;
}

}  // namespace

auto source_of(const ir::Program& program, const ir::TestStep& step) -> std::string {
  std::string out;
  if (step.kind <= Kind::HangsUp) out = caller(step);
  else if (step.kind <= Kind::ModelFails) out = model(program, step);
  else if (step.kind <= Kind::ToolNever) out = tool(program, step);
  else if (step.kind <= Kind::Leaves) out = provider(step);
  else if (step.kind <= Kind::TransferNever) out = transfer(program, step);
  else if (step.kind == Kind::Earlier) return earlier(program, step);
  else if (step.kind == Kind::Expect) return expectation(program, step.expectation);
  else return "// a `check` of the test that this comes from is left out";
  if (step.after) out += " after " + ir::describe(*step.after);
  const bool takes_time = step.kind == Kind::Says || step.kind == Kind::Interrupts || step.kind == Kind::Coughs || step.kind == Kind::Voicemail || step.kind == Kind::ModelSays;
  if (step.lasts && takes_time) out += " for " + ir::describe(*step.lasts);
  return out;
}

auto source_of(const ir::Program& program, const ir::Test& test) -> std::string {
  auto out = fmt::format("test {} {{\n", quoted(test.title));
  for (const auto& step : test.steps) out += "  " + source_of(program, step) + "\n";
  return out + "}\n";
}

}  // namespace flow::prove
