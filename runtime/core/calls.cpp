// Which functions the model calls, and what is answered. Every call id ends once: answered, withdrawn, or void with
// its link. The calls of one response are a group: all answers, then one create.

#include <algorithm>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr std::size_t SeenMax = 256;

auto error_output(const std::string& sentence) -> std::string { return to_json(Value::Record{{"error", sentence}}); }
auto status_output(const char* status, const std::string& note) -> std::string {
  return to_json(Value::Record{{"status", status}, {"note", note}});
}

}  // namespace

auto Machine::find_group(GroupId id) -> Group* {
  const auto found = std::ranges::find(s.groups, id, &Group::id);
  return found == s.groups.end() ? nullptr : &*found;
}

auto Machine::group_of(ResponseId response) -> Group& {
  const auto found = std::ranges::find(s.groups, response, &Group::response);
  if (found != s.groups.end()) return *found;
  const auto runs = std::ranges::find(s.running, response) != s.running.end();
  s.groups.push_back({.id = GroupId{++s.last_group}, .response = response, .members = {}, .told = {}, .hints = {}, .closed = !runs});
  return s.groups.back();
}

void Machine::on(const FunctionCalled& e) {
  if (!ours(e.epoch) || std::ranges::find(s.seen_calls, e.call) != s.seen_calls.end()) return;
  s.seen_calls.push_back(e.call);
  if (s.seen_calls.size() > SeenMax) s.seen_calls.erase(s.seen_calls.begin());
  if (!in_call()) return;
  auto& group = group_of(e.response);
  group.members.push_back({e.call});
  const auto arguments = e.arguments ? to_json(*e.arguments) : "{}";
  s.history.push_back({.kind = Entry::Kind::Call, .item = e.item, .text = arguments, .name = e.name, .call = e.call, .epoch = e.epoch});
  decide(Decision::ToolCalled, e.name);
  if (!e.arguments || !e.arguments->record()) {
    decide(Decision::ToolRefused, e.name + ": the arguments are no JSON object");
    return answer_and_reply(group, e.call, error_output("The arguments were not a JSON object. Call again with one."));
  }
  if (builtin_held(group, e) || call_builtin(group, e) || call_form(group, e) || call_remember(group, e) || call_handoff(group, e)) return;
  call_tool(group, e);
}

void Machine::on(const FunctionCallWithdrawn& e) {
  if (!ours(e.epoch)) return;
  for (auto& group : s.groups) {
    for (auto& member : group.members) {
      if (member.call == e.call) member.answered = true;
    }
  }
  for (auto& j : s.jobs) {
    if (j.call == e.call && j.answer == Job::Answer::Open) j.answer = Job::Answer::Withdrawn;
  }
}

void Machine::answer(Group& group, FunctionCallId call, const std::string& output) {
  const auto member = std::ranges::find(group.members, call, &Group::Member::call);
  if (member == group.members.end() || member->answered) return;
  member->answered = true;
  const auto item = ItemId{++s.last_item};
  s.history.push_back({.kind = Entry::Kind::Output, .item = item, .text = output, .name = {}, .call = call, .epoch = s.link.epoch});
  out.push_back(AnswerCall{s.link.epoch, item, call, output});
}

void Machine::answer_and_reply(Group& group, FunctionCallId call, const std::string& output) {
  answer(group, call, output);
  group.needs_reply = true;
}

// What the runtime does by itself is forbidden like any other tool.
auto Machine::builtin_held(Group& group, const FunctionCalled& e) -> bool {
  const Value nothing = Value::Record{};
  for (const auto id : program.agents[s.agent].tools) {
    const auto& declared = program.tools[id];
    const auto* rule = ir::is_builtin(declared.body) && declared.name == e.name && offered(declared) ? forbidden(id, &nothing) : nullptr;
    if (!rule) continue;
    held(*rule, e.name + " was refused");
    decide(Decision::ToolRefused, e.name + ": " + refusal(*rule));
    answer_and_reply(group, e.call, error_output(refusal(*rule)));
    return true;
  }
  return false;
}

auto Machine::call_builtin(Group& group, const FunctionCalled& e) -> bool {
  const auto agent_has = [&](ir::Tool::Body body) {
    return std::ranges::any_of(program.agents[s.agent].tools, [&](Id<ir::Tool> id) {
      return program.tools[id].body == body && program.tools[id].name == e.name && offered(program.tools[id]);
    });
  };
  if (agent_has(ir::Tool::Body::EndCall)) {
    answer(group, e.call, status_output("ending", "The call ends now."));
    group.silent = true;
    const auto spoke = s.voice.response == e.response && !s.voice.speech.items.empty();
    const ir::Line goodbye{ir::Line::Kind::Hint, {{.kind = ir::TemplatePart::Kind::Text, .text = "Say goodbye in one short sentence.", .expr = {}, .then = {}, .otherwise = {}}}, false};
    begin_end(spoke ? nullptr : &goodbye, Value::Record{});
    return true;
  }
  if (agent_has(ir::Tool::Body::StaySilent)) {
    answer(group, e.call, status_output("silent", "Nothing is said."));
    group.silent = true;
    return true;
  }
  if (e.name == "read_result" && may_fetch()) {
    const auto* number = e.arguments->field("number");
    const auto* wanted = number ? std::get_if<std::int64_t>(&number->data) : nullptr;
    const auto* j = wanted ? job(JobId{static_cast<std::uint32_t>(*wanted)}) : nullptr;
    answer_and_reply(group, e.call, j && !j->result.is_none() ? payload(*j) : error_output("There is no result of that number."));
    return true;
  }
  if (e.name == "stop_tool" && may_fetch()) {
    const auto* number = e.arguments->field("number");
    const auto* wanted = number ? std::get_if<std::int64_t>(&number->data) : nullptr;
    auto* j = wanted ? job(JobId{static_cast<std::uint32_t>(*wanted)}) : nullptr;
    if (!j || j->settled() || policy(*j).cancel == ir::Policy::Cancel::Never) {
      answer_and_reply(group, e.call, error_output("That work cannot be stopped."));
    } else {
      const auto name = tool(*j).name;
      stop(*j, Job::Stage::Cancelled, "stopped at the caller's wish");
      answer_and_reply(group, e.call, status_output("stopped", name + " was stopped."));
    }
    return true;
  }
  return false;
}

auto Machine::call_handoff(Group& group, const FunctionCalled& e) -> bool {
  for (std::uint32_t i = 0; i < program.handoffs.size(); ++i) {
    const Id<ir::Handoff> id{i};
    const auto& edge = program.handoffs[id];
    if (edge.trigger.kind != ir::Trigger::Kind::Model || edge.function != e.name || !edge_applies(edge)) continue;
    auto carried = ir::complete_arguments(program, edge.carry, *e.arguments);
    if (const auto* rule = forbidden(edge.target)) {
      held(*rule, e.name + " was refused");
      decide(Decision::HandoffRefused, "the rule " + rule->declaration);
      answer_and_reply(group, e.call, error_output(refusal(*rule)));
    } else if (!carried) {
      decide(Decision::HandoffRefused, carried.error().text);
      answer_and_reply(group, e.call, error_output(carried.error().text));
    } else if (!request_handoff(edge.target, id, *carried)) {
      const auto failed = !s.handoff;
      decide(Decision::HandoffRefused, failed ? "it failed a moment ago" : "one is under way");
      if (failed) answer_and_reply(group, e.call, error_output("Nobody could be reached there a moment ago. Ask the caller before you try again."));
      answer(group, e.call, error_output("A handoff is under way already."));
    } else {
      answer(group, e.call, status_output("ok", leaving() ? "The caller is being put through; you are told if nobody can be reached." : "The caller is being put through."));
      group.silent = true;
    }
    return true;
  }
  return false;
}

void Machine::call_tool(Group& group, const FunctionCalled& e) {
  const auto& tools = program.agents[s.agent].tools;
  const auto found = std::ranges::find_if(tools, [&](Id<ir::Tool> id) {
    return program.tools[id].name == e.name && !ir::is_builtin(program.tools[id].body);
  });
  const auto refuse = [&](const std::string& sentence) {
    decide(Decision::ToolRefused, e.name + ": " + sentence);
    answer_and_reply(group, e.call, error_output(sentence));
  };
  if (found == tools.end()) return refuse("There is no such function here.");
  const auto& declared = program.tools[*found];
  if (!offered(declared)) return refuse("This is not available now.");
  auto arguments = ir::complete_arguments(program, declared.params, *e.arguments);
  if (!arguments) return refuse(arguments.error().text);
  if (const auto* rule = forbidden(*found, &*arguments)) {
    held(*rule, e.name + " was refused");
    return refuse(refusal(*rule));
  }

  const auto& rules = program.policies[declared.policy];
  const auto key = likeness(*found, *arguments);
  const auto group_id = group.id;  // starting a job may run handlers, which may add groups
  if (declared.confirm) {
    const auto asked = std::ranges::find(s.confirmations, key, &Confirmation::key);
    if (asked == s.confirmations.end() || asked->at_turn == s.caller.turns) {
      if (asked == s.confirmations.end()) s.confirmations.push_back({key, s.caller.turns});
      const auto question = ir::render(program, *declared.confirm, scope(*arguments));
      decide(Decision::ToolRefused, e.name + ": the caller is asked first");
      return answer_and_reply(group, e.call, status_output("needs_confirmation", "Ask the caller: \"" + question + "\" Call again with the same arguments when they say yes."));
    }
    s.confirmations.erase(asked);
  }
  const auto admission = admit(*found, *arguments, key);
  auto* mine = find_group(group_id);
  if (!mine) return;
  if (!admission.refusal.empty()) {
    decide(admission.joined ? Decision::ToolJoined : Decision::ToolRefused, e.name, Millis{0}, admission.joined);
    answer_and_reply(*mine, e.call, admission.refusal);
    auto* twin = admission.joined ? job(admission.joined) : nullptr;
    if (twin && is_waiting_to_be_told(*twin)) {  // this answer tells it; it is not told again
      const auto tells = [&](const Intent& i) { return i.kind == Intent::Kind::Result && i.jobs.front() == twin->id; };
      drop_intents(tells, "superseded");
      if (s.voice.response == e.response) {  // it called instead of telling it
        auto& now = s.voice.speech.intents;
        for (const auto& intent : now) {
          if (tells(intent)) settle(intent, "superseded");
        }
        std::erase_if(now, tells);
      }
      for (auto& intent : s.queue) std::erase(intent.jobs, twin->id);
      twin->stage = Job::Stage::Told;
      mine->told.push_back(twin->id);
    }
    return;
  }
  const auto id = start_job(*found, *arguments, e.call, group_id);
  auto* j = job(id);
  mine = find_group(group_id);
  if (!j || !mine) return;
  j->key = key;
  await_answer(*mine, rules);
}

// When the caller hears that it takes a moment.
void Machine::await_answer(Group& group, const ir::Policy& rules) {
  if (rules.mode == ir::Policy::Mode::Blocking) return arm(Wait::GroupAnswers, rules.ack_after, group.id.n);
  group.ack_at = std::max(group.ack_at, s.now + rules.ack_after);
  s.timers.arm(Wait::GroupAnswers, group.id.n, group.ack_at, out);
}

// A response was to tell these results and called functions instead: the reply to its calls tells them.
void Machine::pass_on(const std::vector<JobId>& jobs, ResponseId response) {
  const auto group = std::ranges::find(s.groups, response, &Group::response);
  for (const auto id : jobs) {
    if (const auto* j = job(id); !j || j->settled()) continue;
    if (group == s.groups.end()) intend(Intent::Kind::ToolReply).jobs = {id};
    else if (std::ranges::find(group->told, id) == group->told.end()) group->told.push_back(id);
  }
}

// A reply that was cut unheard waits with the results that it tells.
auto Machine::is_waiting_to_be_told(const Job& j) const -> bool {
  return j.stage == Job::Stage::Ready || std::ranges::any_of(s.queue, [&](const Intent& i) { return i.kind == Intent::Kind::ToolReply && std::ranges::find(i.jobs, j.id) != i.jobs.end(); });
}

void Machine::close_group(ResponseId response, bool spoke) {
  const auto found = std::ranges::find(s.groups, response, &Group::response);
  if (found == s.groups.end()) return;
  found->closed = true;
  found->spoke = spoke;
}

// The slowest threshold has passed: what has no result yet is answered with its ack.
void Machine::acks_due(GroupId id) {
  auto* group = find_group(id);
  if (!group) return;
  for (auto& j : s.jobs) {
    const auto checks = j.checks() && j.running();  // the model waits for a check as for a blocking tool
    if (j.group != id || (j.answer != Job::Answer::Open && !checks)) continue;
    const auto& rules = policy(j);
    const auto blocking = checks || rules.mode == ir::Policy::Mode::Blocking;
    const auto quietly = s.handoff || group->spoke || s.caller.speaking || s.voice.speech.items.size() > 0 || reply_owed();
    if (rules.ack && !quietly) {
      // While the model waits for the answer its reply cannot carry the hint.
      if (rules.ack->kind == ir::Line::Kind::Words || blocking) {
        intend_line(Intent::Kind::Ack, *rules.ack, j.arguments);
      } else {
        group->hints += (group->hints.empty() ? "" : " ") + ir::render(program, rules.ack->text, scope(j.arguments));
      }
    }
    if (blocking) continue;  // the model waits; only the caller is told
    j.answer = Job::Answer::Ack;
    decide(Decision::ToolAcked, tool(j).name, s.now - j.started, j.id);
    answer(*group, j.call, to_json(Value::Record{{"status", "running"}, {"number", std::int64_t{j.id.n}},
                                                 {"note", "The work goes on in the background. Its result will come as tool data; do not guess it and do not call again."}}));
  }
}

// Groups whose response has ended and whose calls are all answered ask for one reply, if there is anything to say.
void Machine::finish_groups() {
  for (std::size_t i = 0; i < s.groups.size();) {
    auto& group = s.groups[i];
    const auto open = std::ranges::any_of(group.members, [](const Group::Member& m) { return !m.answered; });
    if (!group.closed || open) {
      ++i;
      continue;
    }
    auto finished = std::move(group);
    s.groups.erase(s.groups.begin() + static_cast<std::ptrdiff_t>(i));
    drop(Wait::GroupAnswers, finished.id.n);
    const auto ack_speaks = has_intent(Intent::Kind::Ack);
    const auto speaks = finished.needs_reply || !finished.hints.empty() || !finished.told.empty();
    // A turn is never left without any word: if neither the response nor an ack spoke, the model does.
    if (finished.silent && finished.told.empty() && !finished.needs_reply) continue;
    if (!speaks && (finished.spoke || ack_speaks || s.caller.speaking)) continue;
    auto& reply = intend(Intent::Kind::ToolReply, finished.hints);
    reply.jobs = finished.told;
  }
}

}  // namespace flow::core
