#include "compiler/view/reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/budget.h"
#include "compiler/ir/describe.h"
#include "compiler/ir/words.h"
#include "compiler/view/words.h"

namespace flow::view {
namespace {

using Rows = std::vector<std::vector<std::string>>;

auto plain_time(ir::Millis time) -> std::string {
  const auto ms = time.count();
  constexpr int Day = 86'400'000;
  if (ms >= 2 * Day && ms % Day == 0) return fmt::format("{} days", ms / Day);
  if (ms >= 60'000 && ms % 60'000 == 0) return fmt::format("{} min", ms / 60'000);
  if (ms >= 1'000 && ms % 100 == 0) return fmt::format("{:g} s", static_cast<double>(ms) / 1000);
  return fmt::format("{} ms", ms);
}

auto ordinal(int n) -> std::string {
  static constexpr const char* Words[] = {"first", "second", "third", "fourth", "fifth", "sixth"};
  return n >= 1 && n <= 6 ? Words[n - 1] : fmt::format("{}th", n);
}

auto capital(std::string text) -> std::string {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

// `“Hello.”`, or what the model is asked to say in its own words.
auto spoken(const ir::Program& program, const ir::Line& line) -> std::string {
  const auto words = text(program, line.text);
  if (line.kind == ir::Line::Kind::Hint) return fmt::format("in its own words, asked to “{}”", words);
  return fmt::format("“{}”{}", words, line.is_protected ? " (to the end, even if the caller cuts in)" : "");
}

auto list_of(const std::vector<std::string>& texts, const char* last = " or ") -> std::string {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) out += (i == 0 ? "" : i + 1 == texts.size() ? last : ", ") + fmt::format("“{}”", texts[i]);
  return out;
}

auto condition(const ir::Program& program, Id<ir::Expr> guard) -> std::string { return guard ? fmt::format("`{}`", describe(program, guard)) : std::string{}; }

auto action(const ir::Program& program, const ir::Action& a) -> std::string;
auto actions_in_words(const ir::Program& program, const std::vector<ir::Action>& all) -> std::string {
  std::string out;
  for (const auto& each : all) out += (out.empty() ? "" : ", then ") + action(program, each);
  return out;
}
auto action(const ir::Program& program, const ir::Action& a) -> std::string {
  using Kind = ir::Action::Kind;
  switch (a.kind) {
    case Kind::Say: return "says " + spoken(program, *a.line);
    case Kind::Ask: return fmt::format("asks for `{}`", a.field);
    case Kind::Set: return fmt::format("notes `{} = {}`", program.state[a.state].name, describe(program, a.expr));
    case Kind::Run: return fmt::format("starts `{}`", program.tools[a.tool].name);
    case Kind::Handoff: return a.target.kind == ir::Target::Kind::Back ? "gives the call back" : fmt::format("gives the call to `{}`", target(program, a.target));
    case Kind::EndCall: return a.line ? "says " + spoken(program, *a.line) + " and hangs up" : "hangs up";
    case Kind::If: break;
  }
  auto out = fmt::format("if `{}` {}", describe(program, a.expr), actions_in_words(program, a.then));
  if (!a.otherwise.empty()) out += ", else " + actions_in_words(program, a.otherwise);
  return out;
}

auto when(const ir::Program& program, const ir::Handoff& edge) -> std::string {
  std::string out;
  switch (edge.trigger.kind) {
    case ir::Trigger::Kind::Model: out = "when " + edge.trigger.when; break;
    case ir::Trigger::Kind::Event: out = "when " + in_words(edge.trigger.on); break;
    case ir::Trigger::Kind::After: out = "after " + plain_time(edge.trigger.after); break;
    case ir::Trigger::Kind::Becomes: return fmt::format("as soon as {} holds", condition(program, edge.guard));
  }
  return edge.guard ? fmt::format("{}, if {}", out, condition(program, edge.guard)) : out;
}

auto effects_in_words(ir::Effects effects) -> const char* {
  switch (effects) {
    case ir::Effects::Pure: return "It changes nothing outside of the call.";
    case ir::Effects::Reads: return "It looks things up and changes nothing.";
    case ir::Effects::Writes: return "It changes something; doing it twice does no harm.";
    case ir::Effects::WritesOnce: break;
  }
  return "It changes something, and only once for each call of it.";
}

auto delivery_in_words(const ir::Policy& p) -> std::string {
  switch (p.deliver) {
    case ir::Policy::Deliver::WhenIdle: return fmt::format("The result is told when nobody has spoken for {}.", plain_time(p.grace));
    case ir::Policy::Deliver::AtPause: return "The result is told at the end of the sentence that is being spoken.";
    case ir::Policy::Deliver::Interrupt: return "The result is told at once, into what the agent is saying.";
    case ir::Policy::Deliver::WithNextTurn: return "The result is told in the agent's next answer.";
    case ir::Policy::Deliver::Silent: return "The caller does not hear of the result.";
    case ir::Policy::Deliver::SkipIfBusy: break;
  }
  return "The result is told if nobody is speaking, and else not at all.";
}

void describe_policy(const ir::Program& program, const ir::Policy& policy, std::vector<std::string>& facts) {
  if (policy.mode == ir::Policy::Mode::Blocking) facts.emplace_back("The agent waits for the result.");
  if (policy.ack) facts.push_back(fmt::format("If there is no result after {}, the agent speaks: {}", plain_time(policy.ack_after), spoken(program, *policy.ack)));
  facts.push_back(delivery_in_words(policy));
  if (policy.announce) facts.push_back(fmt::format("It begins with “{}”", text(program, *policy.announce)));
  const auto late = policy.timeout_else.actions.empty() ? "it counts as failed" : "the agent " + actions_in_words(program, policy.timeout_else.actions);
  facts.push_back(fmt::format("After {} {}.", plain_time(policy.timeout), late));
}

auto moves(const ir::Program& program, Id<ir::Agent> from) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const auto& edge : program.handoffs) {
    if (edge.from != from) continue;
    auto words = edge.target.kind == ir::Target::Kind::Back ? "back to the agent before" : fmt::format("to `{}`", target(program, edge.target));
    words += " " + when(program, edge);
    if (edge.say) words += fmt::format("; before that it says {}", spoken(program, *edge.say));
    out.push_back(words);
  }
  return out;
}

auto handlers(const ir::Program& program, Id<ir::Agent> agent) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const auto& handler : program.handlers) {
    if (handler.agent != agent) continue;
    const auto guard = handler.guard ? fmt::format(" and {} holds", condition(program, handler.guard)) : "";
    out.push_back(fmt::format("When {}{}: {}", in_words(handler.on), guard, actions_in_words(program, handler.actions)));
  }
  return out;
}

// Every line that is heard as it is written: who, when, which words.
class Said {
 public:
  explicit Said(const ir::Program& program) : p_(program) {}

  auto rows() -> Rows {
    for (const auto& agent : p_.agents) {
      if (agent.greet_first) add(agent.name, "takes the call", *agent.greet_first);
      if (agent.greet_return) add(agent.name, "has the call again", *agent.greet_return);
    }
    for (const auto& edge : p_.handoffs) {
      if (edge.say) add(who(edge.from), fmt::format("hands over to {}", target(p_, edge.target)), *edge.say);
    }
    for (const auto& handler : p_.handlers) add(who(handler.agent), in_words(handler.on), handler.actions);
    for (const auto& form : p_.forms) {
      const auto& agent = p_.agents[form.agent].name;
      for (const auto& field : form.fields) {
        if (field.ask) add(agent, fmt::format("asks for `{}` by itself", field.name), *field.ask);
        add(agent, fmt::format("cannot take what was said for `{}`", field.name), field.rejected);
      }
      add(agent, fmt::format("was given something else {} times", form.tries), form.tries_else);
      if (form.confirm) rows_.push_back({agent, fmt::format("has all of `{}`", form.name), text(p_, *form.confirm)});
    }
    for (const auto& tool : p_.tools) of_policy(tool.name, p_.policies[tool.policy]);
    return std::move(rows_);
  }

 private:
  auto who(Id<ir::Agent> agent) const -> std::string { return agent ? p_.agents[agent].name : "whoever has the call"; }
  void add(const std::string& who, const std::string& when, const ir::Line& line) {
    if (line.kind == ir::Line::Kind::Words) rows_.push_back({who, when, text(p_, line.text)});
  }
  void add(const std::string& who, const std::string& when, const std::vector<ir::Action>& actions) {
    for (const auto& each : actions) {
      if (each.line) add(who, when, *each.line);
      add(who, when, each.then);
      add(who, when, each.otherwise);
    }
  }
  void of_policy(const std::string& tool, const ir::Policy& p) {
    const std::string any = "whoever has the call";
    if (p.ack) add(any, fmt::format("`{}` has no result after {}", tool, plain_time(p.ack_after)), *p.ack);
    if (p.progress_line) add(any, fmt::format("`{}` still runs", tool), *p.progress_line);
    if (p.announce) rows_.push_back({any, fmt::format("the result of `{}` is told", tool), text(p_, *p.announce)});
    add(any, fmt::format("`{}` runs too often at a time", tool), p.concurrency_else.actions);
    add(any, fmt::format("`{}` takes longer than {}", tool, plain_time(p.timeout)), p.timeout_else.actions);
    add(any, fmt::format("`{}` fails", tool), p.fails.actions);
    add(any, fmt::format("the result of `{}` could not be told in time", tool), p.expires_else.actions);
  }

  const ir::Program& p_;
  Rows rows_{{"who", "when", "the words"}};
};

auto setters(const ir::Program& program, Id<ir::StateField> field) -> std::string {
  std::string out = program.state[field].extract.empty() ? "" : "the model";
  for (const auto& tool : program.tools) {
    if (std::ranges::any_of(tool.sets, [&](const auto& set) { return set.first == field; })) out += (out.empty() ? "" : ", ") + fmt::format("`{}`", tool.name);
  }
  return out.empty() ? "handlers, or nobody" : out;
}

void describe_rules(const ir::Program& program, Document& out) {
  if (program.rules.empty()) return;
  out.heading(2, "What always holds");
  Rows rows{{"rule", "", "why"}};
  for (const auto& rule : program.rules) rows.push_back({fmt::format("`{}`", rule.declaration), rule.text, rule.doc});
  out.table(std::move(rows));
}

// Tokens by an estimate above what prose needs, and by the bound that holds for every vocabulary.
void describe_budget(const ir::Program& program, Document& out) {
  const auto budget = ir::budget_of(program);
  out.heading(2, "What it costs");
  out.text(fmt::format("In tokens, about; a turn of speech adds {} to the conversation, which every answer reads again.", budget.a_turn));
  Rows rows{{"agent", "instructions", "tools and handoffs", "at most", "takes along"}};
  for (const auto& each : budget.agents) {
    const auto along = each.carries_all ? std::string{"all that was said"} : each.carried > 0 ? std::to_string(each.carried) : std::string{};
    rows.push_back({fmt::format("`{}`", program.agents[each.agent].name), std::to_string(each.instructions), std::to_string(each.tools), std::to_string(each.at_most), along});
  }
  out.table(std::move(rows));
  if (!budget.longest) return;
  const auto& currency = program.realtimes[program.realtime].prices->currency;
  out.text(fmt::format("A call of {} with a turn every {:g} seconds costs {:.2f} to {:.2f} {}.", plain_time(budget.longest->length), ir::Pace{}.seconds(), budget.longest->least,
                       budget.longest->most, currency));
}

auto has_pii(const ir::Program& program, Id<ir::Type> id) -> bool {
  const auto& type = program.types[id];
  if (type.element) return has_pii(program, type.element);
  return type.record && std::ranges::any_of(program.records[type.record].fields, [&](const auto& field) { return field.pii || has_pii(program, field.type); });
}

void describe_memory(const ir::Program& program, Document& out) {
  const auto keeps = std::ranges::any_of(program.state, [](const ir::StateField& field) { return field.kept_for.has_value(); });
  Rows state{{"what", "kind", "personal", "set by"}};
  if (keeps) state.front().emplace_back("kept after the call");
  for (std::size_t i = 0; i < program.state.size(); ++i) {
    const auto& field = program.state[program.state.id_at(i)];
    state.push_back({fmt::format("`{}`", field.name), describe(program, field.type), field.pii || has_pii(program, field.type) ? "yes" : "", setters(program, program.state.id_at(i))});
    if (keeps) state.back().push_back(field.kept_for ? plain_time(*field.kept_for) : "");
  }
  Rows personal{{"personal data", "where it goes"}};
  for (const auto& tool : program.tools) {
    for (const auto& param : tool.params) {
      if (param.pii) personal.push_back({param.doc.empty() ? fmt::format("`{}`", param.name) : fmt::format("`{}`: {}", param.name, param.doc), fmt::format("to `{}`, as the caller says it", tool.name)});
    }
  }
  for (const auto& form : program.forms) {
    for (const auto& field : form.fields) {
      if (field.pii) personal.push_back({fmt::format("`{}` of the form `{}`", field.name, form.name), form.submit ? fmt::format("to `{}`", program.tools[form.submit].name) : "nowhere"});
    }
  }
  for (const auto& record : program.records) {
    for (const auto& field : record.fields) {
      if (field.pii) personal.push_back({fmt::format("`{}` of a `{}`", field.name, record.name), "wherever a value of that kind goes"});
    }
  }
  if (state.size() == 1 && personal.size() == 1) return;
  out.heading(2, "What is remembered");
  out.text(state.size() > 1 ? (keeps ? "For the length of the call, and some of it for the caller's next call:" : "For the length of the call:") : "");
  out.table(std::move(state));
  out.table(std::move(personal));
}

}  // namespace

auto in_words(const ir::EventPattern& e) -> std::string {
  using Kind = ir::EventPattern::Kind;
  const auto again = e.count > 1 ? fmt::format(" for the {} time in a row", ordinal(e.count)) : "";
  switch (e.kind) {
    case Kind::Silence: return fmt::format("nobody has spoken for {}{}", plain_time(e.after), again);
    case Kind::NoMatch: return "the caller was not understood" + again;
    case Kind::Dtmf: return fmt::format("the caller presses {}{}", list_of(e.values), again);
    case Kind::Phrase: return fmt::format("the caller says {}{}", list_of(e.values), again);
    case Kind::ToolFailed: return "something that was started has failed" + again;
    case Kind::ProviderLost: return "the service that speaks is lost";
    case Kind::Hangup: return "the caller hangs up";
    case Kind::CallStart: return "the call begins";
    case Kind::CallEnd: return "the call is over";
    case Kind::Voicemail: return "an answering machine has the call";
    case Kind::Limit: break;
  }
  return "the call has reached its longest duration";
}

namespace {

void describe_form(const ir::Program& program, const ir::Form& form, Document& out) {
  const auto doc = form.doc.substr(0, form.doc.find('\n'));
  out.text(fmt::format("It fills in `{}`{}:", form.name, doc.empty() ? "" : " (" + doc + ")"));
  std::vector<std::string> facts;
  for (const auto& field : form.fields) {
    auto text = fmt::format("`{}`, {}{}{}", field.name, describe(program, field.type), program.types[field.type].optional ? ", which may be left out" : "", field.pii ? " (personal)" : "");
    if (field.ask) text += fmt::format(": {}", spoken(program, *field.ask));
    if (field.keys_max) text += fmt::format(", also on the keys, {} to {} digits", field.keys_min, field.keys_max);
    if (field.check) text += fmt::format("; {} must hold", condition(program, field.check));
    if (field.check_tool) text += fmt::format("; `{}` must agree", program.tools[field.check_tool].name);
    if (!field.rejected.empty()) text += ", else the agent " + actions_in_words(program, field.rejected);
    facts.push_back(text + ".");
  }
  if (form.tries) facts.push_back(fmt::format("With {} answers to one of them that do not do, the agent {}.", form.tries, form.tries_else.empty() ? "offers another way" : actions_in_words(program, form.tries_else)));
  if (form.confirm) facts.push_back(fmt::format("Reads back: “{}”", text(program, *form.confirm)));
  if (form.submit) facts.push_back(fmt::format("Then `{}` gets it, once.", program.tools[form.submit].name));
  out.items(facts);
}

}  // namespace

void describe_agent(const ir::Program& program, Id<ir::Agent> id, Document& out) {
  const auto& agent = program.agents[id];
  out.text(agent.doc);
  std::vector<std::string> facts;
  if (!agent.voice.empty()) facts.push_back(fmt::format("Speaks with the voice “{}”.", agent.voice));
  if (agent.greet_first) facts.push_back("Begins: " + spoken(program, *agent.greet_first));
  if (agent.greet_return) facts.push_back("When the call comes back: " + spoken(program, *agent.greet_return));
  if (!agent.barge_in.backchannels.empty()) facts.push_back(fmt::format("Is not stopped by {}.", list_of(agent.barge_in.backchannels)));
  out.items(facts);
  if (!agent.instructions.empty()) {
    out.text("What it is told about its work:");
    out.quote(text(program, agent.instructions));
  }
  std::vector<std::string> tools;
  for (const auto tool : agent.tools) {
    const auto& row = program.tools[tool];
    const auto doc = row.doc.substr(0, row.doc.find('\n'));
    tools.push_back(fmt::format("`{}`: {}{}", row.name, doc, row.available_if ? fmt::format(" (only if {} holds)", condition(program, row.available_if)) : ""));
  }
  if (!tools.empty()) out.text("What it can do:");
  out.items(tools);
  for (const auto& form : program.forms) {
    if (form.agent == id) describe_form(program, form, out);
  }
  auto ways = moves(program, id);
  if (!ways.empty()) out.text("It gives the call");
  out.items(ways);
  out.items(handlers(program, id));
}

// Who works, in words; addresses and queries are for those who build it.
auto done_by(const ir::Program& program, const ir::Tool& tool) -> std::string {
  using enum ir::Tool::Body;
  const auto& work = *tool.work;
  const auto service = work.service ? program.services[work.service].name : std::string{};
  switch (tool.body) {
    case Http: return fmt::format("the web service `{}`", service);
    case Mcp: return fmt::format("the MCP server `{}`", service);
    case Sql: return fmt::format("the database `{}`", service);
    case Exec: return fmt::format("the program `{}`", work.command.front());
    default: return fmt::format("a batch job of `{}`, which is asked for every {} to {}", work.model, plain_time(work.poll_min), plain_time(work.poll_max));
  }
}

void describe_tool(const ir::Program& program, Id<ir::Tool> id, Document& out) {
  const auto& tool = program.tools[id];
  const auto& policy = program.policies[tool.policy];
  out.text(tool.doc);
  std::vector<std::string> facts;
  const bool told = !ir::is_builtin(tool.body);  // of what the runtime does itself, nothing is told
  if (told) facts.emplace_back(effects_in_words(tool.effects));
  for (const auto& param : tool.params) {
    facts.push_back(fmt::format("Needs `{}`{}{}", param.name, param.doc.empty() || param.doc == tool.doc ? "" : ": " + param.doc, param.pii ? " (personal)" : ""));
  }
  if (tool.work) facts.push_back(fmt::format("Done by {}.", done_by(program, tool)));
  if (tool.available_if) facts.push_back(fmt::format("Only if {} holds.", condition(program, tool.available_if)));
  for (const auto& rule : program.rules) {
    if (rule.what.kind == ir::Deed::Kind::Tool && rule.what.tool == id) facts.push_back(fmt::format("Rule: {}.", rule.text));
  }
  if (tool.compensate) facts.push_back(fmt::format("If it is stopped halfway, `{}` undoes it.", program.tools[tool.compensate].name));
  if (tool.confirm) facts.push_back(fmt::format("Asks first: “{}”", text(program, *tool.confirm)));
  for (const auto& [field, value] : tool.sets) facts.push_back(fmt::format("Afterwards `{}` is `{}`.", program.state[field].name, describe(program, value)));
  if (told) describe_policy(program, policy, facts);
  if (!tool.examples.empty()) facts.push_back(fmt::format("Callers say for example {}.", list_of(tool.examples)));
  out.items(facts);
}

void describe_transfer(const ir::Program& program, const ir::Transfer& to, Document& out) {
  out.text(to.doc);
  std::vector<std::string> facts{fmt::format("`{}`.", place_of(to))};
  if (to.say) facts.push_back("Before that the agent says " + spoken(program, *to.say));
  switch (to.mode) {
    case ir::Transfer::Mode::Warm: {
      const auto told = !to.brief ? std::string{"a summary of the call"} : to.brief->kind == ir::Line::Kind::Hint ? "a summary of the call, " + spoken(program, *to.brief) : spoken(program, *to.brief);
      facts.push_back(fmt::format("Whoever answers is told first: {}.", told));
      break;
    }
    case ir::Transfer::Mode::Cold: facts.emplace_back("The caller waits until somebody answers."); break;
    case ir::Transfer::Mode::Blind: facts.emplace_back("The caller is given away at once; nobody sees whether anybody answers."); break;
  }
  const auto then = to.fails.actions.empty() ? std::string{"tells the caller and goes on"} : actions_in_words(program, to.fails.actions);
  facts.push_back(fmt::format("If nobody answers within {}, the agent {}.", plain_time(to.timeout), then));
  out.items(facts);
}

void describe_handoff(const ir::Program& program, const ir::Handoff& edge, Document& out) {
  std::vector<std::string> facts{capital(when(program, edge)) + "."};
  if (edge.say) facts.push_back("Before that the agent says " + spoken(program, *edge.say));
  for (const auto& field : edge.carry) facts.push_back(fmt::format("Passes on `{}`{}", field.name, field.doc.empty() ? "" : ": " + field.doc));
  switch (edge.history) {
    case ir::History::Full: facts.emplace_back("The next agent knows all that was said."); break;
    case ir::History::Last: facts.push_back(fmt::format("The next agent knows the last {} turns.", edge.history_turns)); break;
    case ir::History::Summary: facts.emplace_back("The next agent knows a summary of what was said."); break;
    case ir::History::None: facts.emplace_back("The next agent knows the last turn alone."); break;
  }
  switch (edge.switch_when) {
    case ir::Switch::Interrupt: facts.emplace_back("It takes over at once."); break;
    case ir::Switch::AtPause: facts.emplace_back("It takes over at the end of the sentence."); break;
    case ir::Switch::WhenIdle: facts.emplace_back("It takes over when nobody speaks."); break;
  }
  out.items(facts);
}

namespace {

// Who has the call when no agent has it any more, and where it came from.
void describe_ways_out(const ir::Program& program, Document& out) {
  if (!program.transfers.empty()) out.heading(2, "Who callers can be put through to");
  for (const auto& to : program.transfers) {
    out.heading(3, "`" + to.name + "`");
    describe_transfer(program, to, out);
  }
  if (!program.channels.empty()) out.heading(2, "Where calls come from");
  std::vector<std::string> places;
  for (const auto& each : program.channels) {
    const auto address = each.address.empty() ? std::string{} : " " + each.address;
    auto place = fmt::format("`{}`: {}{}{}", each.name, ir::to_word(each.kind), address, each.active ? "" : "; it takes no calls");
    if (each.audio) place += fmt::format("; its sound is {}", ir::to_word(*each.audio));
    if (each.keys == ir::Channel::Keys::Inband) place += "; keys are heard as tones";
    if (each.keys == ir::Channel::Keys::None) place += "; no keys come in";
    places.push_back(std::move(place));
  }
  out.items(places);
}

}  // namespace

auto reference_of(const ir::Program& program, const std::string& about) -> Document {
  Document out;
  out.heading(1, program.name);
  out.text(about);
  out.heading(2, "The call");
  std::vector<std::string> facts{fmt::format("`{}` takes the call. The language is {}.", program.agents[program.start].name, program.locale)};
  if (program.max_cost) facts.push_back(fmt::format("A call costs {:g} {} at most.", *program.max_cost, program.currency));
  if (program.budget) facts.push_back(fmt::format("All calls of a {} cost {:g} {} at most together; then none is taken.", ir::to_word(program.budget->per), program.budget->most, program.budget->currency));
  if (program.otlp) facts.push_back(fmt::format("A trace of every call goes to {}: who had the call, what was run, how long everything took, and no word of what was said.", setting(*program.otlp)));
  if (program.max_duration.count() > 0) facts.push_back(fmt::format("A call takes {} at most.", plain_time(program.max_duration)));
  for (auto& way : moves(program, {})) facts.push_back("From everywhere the call goes " + std::move(way));
  for (auto& each : handlers(program, {})) facts.push_back(std::move(each));
  out.items(facts);
  if (!program.instructions.empty()) {
    out.text("What every agent is told:");
    out.quote(text(program, program.instructions));
  }
  out.heading(2, "Who speaks");
  for (std::size_t i = 0; i < program.agents.size(); ++i) {
    out.heading(3, "`" + program.agents[program.agents.id_at(i)].name + "`");
    describe_agent(program, program.agents.id_at(i), out);
  }
  if (!program.tools.empty()) out.heading(2, "What they can do");
  for (std::size_t i = 0; i < program.tools.size(); ++i) {
    out.heading(3, "`" + program.tools[program.tools.id_at(i)].name + "`");
    describe_tool(program, program.tools.id_at(i), out);
  }
  describe_ways_out(program, out);
  describe_rules(program, out);
  describe_budget(program, out);
  out.heading(2, "What is said word for word");
  out.text("Everything else is in the model's own words.");
  out.table(Said{program}.rows());
  describe_memory(program, out);
  return out;
}

}  // namespace flow::view
