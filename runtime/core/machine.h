#pragma once
// What a session does with one event. A Machine lives for one step: it has the state it may change and the list of
// orders it gives. Its parts stand in files by the question they answer:
//
//   link.cpp       is there a service, and does it know what we want of it?
//   turns.cpp      what did the caller do?
//   barge_in.cpp   does what the caller says over the agent stop it?
//   talk_key.cpp   how does a caller speak who holds a key for it?
//   arbiter.cpp    who may ask the model to speak, and when?
//   voice.cpp      what happens to a response, from its start to the last sample heard?
//   intents.cpp    what wants to be heard, and what became of it?
//   calls.cpp      which functions does the model call, and what is answered?
//   jobs.cpp       how does a tool run, fail, or end?
//   undo.cpp       how is a run undone that nobody wants any more?
//   rules.cpp      what do the flow's rules forbid now?
//   results.cpp    when is a late result told?
//   agents.cpp     who has the call, and how does it move on?
//   transfers.cpp  how does it leave for somebody outside? (and: is it a machine that answered?)
//   summaries.cpp  what is whoever takes it next told of the talk?
//   actions.cpp    what do handlers do?
//   cost.cpp       what does a call cost, and may it go on?
//   ending.cpp     how does a call end?
//   memory.cpp     what outlives a call, and what came from an earlier one?
//   forms.cpp      what has the caller answered, and may it be submitted?
//   keys.cpp       what do the caller's keys mean?
//   prompts.cpp    what is the model told?

#include <functional>
#include <string>

#include "compiler/ir/eval.h"
#include "runtime/core/state.h"

namespace flow::core {

constexpr Millis UndosMax{20'000};  // undoing may take so long after the caller is gone
// A voice activity that never ends is noise, unless words come of it.
inline constexpr Millis SpeechMax{120'000};

enum class CutBy { Caller, Policy, Typed, Digit, Handoff, Stall, End };

class Machine {
 public:
  Machine(Session::State& state, EffectList& effects) : s(state), out(effects), program(*state.program) {}

  // Takes one event, then does what has become possible.
  void step(const Event& event);
  // Before the first event: every form is empty.
  void start_forms();

 private:
  Session::State& s;
  EffectList& out;
  const ir::Program& program;

  // ── session.cpp ──
  void take(const Event& event);
  void pump();
  void fired(const Timer& timer);
  void decide(Decision what, std::string text = {}, Millis duration = Millis{0}, JobId job = {});
  void arm(Wait wait, Millis after, std::uint32_t subject = 0) { s.timers.arm(wait, subject, s.now + after, out); }
  void drop(Wait wait, std::uint32_t subject = 0) { s.timers.drop(wait, subject, out); }
  auto live() const -> bool { return s.phase == Session::State::Phase::Live; }
  auto in_call() const -> bool { return live() || s.phase == Session::State::Phase::Ending; }
  auto ours(Epoch epoch) const -> bool { return epoch == s.link.epoch && s.link.stage != Link::Stage::Closed; }

  // ── link.cpp ──
  void open_link(Millis after);
  void on(const LinkOpened& e);
  void on(const LinkFailed& e);
  void on(const LinkLost& e);
  void on(const LinkGoingAway& e);
  void on(const Configured& e);
  void on(const ServiceFailed& e);
  void lose_link();
  void service_is_gone(std::string code, std::string text);
  auto connection() const -> Id<ir::Realtime>;
  auto reconnect() const -> const ir::Reconnect&;
  void cap_nears();
  void renew_if_due();
  void link_is_up();
  void replay_history();
  auto wanted_configuration() -> Configure;
  auto configuration_is_stale() -> bool;
  void configure();
  void catch_up_turn_detection();
  void message(Role role, const std::string& text, Entry::Kind kind);

  // ── turns.cpp ──
  void on(const CallerConnected& e);
  void on(const SpeechStarted& e);
  void on(const SpeechStopped& e);
  void on(const TurnCommitted& e);
  void on(const IdleTimedOut& e);
  void on(const CallerTextArrived& e);
  void on(const CallerTranscribed& e);
  void on(const TextTyped& e);
  void caller_is_active();
  void started_speaking();
  void stopped_speaking();
  void turn_came(ItemId item);
  void commit_missing();
  void owe_reply();
  auto reply_owed() const -> bool;
  void heard_phrases(const std::string& text);
  void say_what_was_typed();

  // ── barge_in.cpp ──
  enum class Heard { Words, BackChannel, Nothing };
  auto heard_in(const std::string& transcript) const -> Heard;
  auto transcribes() const -> bool;
  auto may_be_noise() const -> bool;
  void speaks_over();
  void patience_ended();
  void fall_silent();
  void await_words();
  void words_are_sure();
  void words_missing();
  void words_arrived(ItemId item);
  void judge_when_transcribed(ItemId item);
  void judge(Heard heard);
  void doubt_settled(Heard heard);
  void yield_to_caller();
  void go_on(std::string why);
  void undo_turn(ItemId item);

  // ── talk_key.cpp ──
  void on(const TalkPressed& e);
  void on(const TalkReleased& e);
  auto by_key() const -> bool;
  auto in_turn() const -> bool;
  void talk_is_meant();
  void commit_turn();
  void commit_refused();
  void mind_the_key();

  // ── arbiter.cpp ──
  auto may_create() const -> bool;
  auto may_summarise() const -> bool;
  void try_create();
  void create(std::vector<Intent> intents);
  void create_summary(std::vector<Intent> intents);
  void refused(ErrorCode code);
  void verdict_missing();
  void cut(CutBy by);
  auto can_be_cut(CutBy by) const -> bool;
  auto speaking() const -> bool;  // a response is generated, asked for or heard
  auto sounding() const -> bool;  // the caller hears one, or will as soon as its audio comes

  // ── voice.cpp ──
  void on(const ResponseStarted& e);
  void on(const ItemAdded& e);
  void on(const ItemEnded& e);
  void on(const AudioArrived& e);
  void on(const SpokenTextArrived& e);
  void on(const ResponseEnded& e);
  void response_ended(const ResponseEnded& e);
  void on(const MarkReached& e);
  void on(const PauseReached& e);
  void on(const PlayoutDrained& e);
  void on(const PlayoutFlushed& e);
  void start_voice(ResponseId response, std::vector<Intent> intents);
  void stop_stray(ResponseId response);
  void drain();
  void empty_voice();
  void failed_response(const ResponseEnded& e);
  void settle_played();
  void settle(Speech speech, bool was_cut);
  void note_heard(const Speech& speech, const Spoken& item, bool was_cut);
  void cancel_never_ended();
  void tail_never_ended();
  void watch_pauses(bool on);

  // ── intents.cpp ──
  auto intend(Intent::Kind kind, std::string text = {}, bool verbatim = false) -> Intent&;
  auto intend_line(Intent::Kind kind, const ir::Line& line, const Value& locals) -> Intent&;
  void settle(const Intent& intent, std::string_view outcome, Millis heard = Millis{0});
  void give_back(std::vector<Intent> intents);
  void drop_intents(const std::function<bool(const Intent&)>& which, std::string_view why);
  auto has_intent(Intent::Kind kind) const -> bool;
  void settle_spoken(Intent intent, const Speech& speech, Samples heard, Samples total, bool was_cut);

  // ── calls.cpp ──
  void on(const FunctionCalled& e);
  void on(const FunctionCallWithdrawn& e);
  auto group_of(ResponseId response) -> Group&;
  auto find_group(GroupId id) -> Group*;
  void answer(Group& group, FunctionCallId call, const std::string& output);
  void answer_and_reply(Group& group, FunctionCallId call, const std::string& output);
  void close_group(ResponseId response, bool spoke);
  void acks_due(GroupId id);
  void finish_groups();
  auto builtin_held(Group& group, const FunctionCalled& e) -> bool;
  auto call_builtin(Group& group, const FunctionCalled& e) -> bool;
  auto call_handoff(Group& group, const FunctionCalled& e) -> bool;
  void call_tool(Group& group, const FunctionCalled& e);
  void await_answer(Group& group, const ir::Policy& rules);
  void pass_on(const std::vector<JobId>& jobs, ResponseId response);
  auto is_waiting_to_be_told(const Job& j) const -> bool;

  // ── jobs.cpp ──
  auto job(JobId id) -> Job*;
  auto policy(const Job& j) const -> const ir::Policy& { return program.policies[program.tools[j.tool].policy]; }
  auto tool(const Job& j) const -> const ir::Tool& { return program.tools[j.tool]; }
  // Why the call may not run now, as a sentence for the model; empty if it may. May join, replace or reject.
  struct Admission { std::string refusal; JobId joined; };
  auto admit(Id<ir::Tool> tool, const Value& arguments, const std::string& key) -> Admission;
  auto start_job(Id<ir::Tool> tool, const Value& arguments, FunctionCallId call, GroupId group) -> JobId;
  auto likeness(Id<ir::Tool> tool, const Value& arguments) const -> std::string;
  void run(Job& j);
  void ask_again(Job& j);
  void give_up(const Job& j);
  void take_result(Job& j, const Value& result, Millis age = Millis{0});
  void on(const JobStored& e);
  void on(const ToolProgressed& e);
  void on(const ToolFinished& e);
  void on(const ToolFailed& e);
  void on(const ToolPending& e);
  void on(const ToolStopped& e);
  void job_timed_out(JobId id);
  void progress_due(JobId id);
  void fail(Job& j, Job::Stage stage, const std::string& why);
  void stop(Job& j, Job::Stage stage, const std::string& why);
  void end(Job& j, Job::Stage stage, const std::string& why = {});
  void forget_old_jobs();

  // ── undo.cpp ──
  void start_undos();
  void start_undo(JobId of);
  void undo_stored(Job& undo);
  void tool_is_over(JobId id);

  // ── rules.cpp ──
  auto forbids(const ir::Rule& rule, const RuleState& so_far, const Value* arguments) const -> bool;
  auto forbidden(const std::function<bool(const ir::Deed&)>& is, const Value* arguments) const -> const ir::Rule*;
  auto forbidden(Id<ir::Tool> tool, const Value* arguments) const -> const ir::Rule*;
  auto forbidden(const ir::Target& target) const -> const ir::Rule*;
  auto enters(const ir::Deed& deed, const ir::Target& target) const -> bool;
  static auto refusal(const ir::Rule& rule) -> std::string;
  void held(const ir::Rule& rule, const std::string& what);
  void happens(const std::function<bool(const ir::Deed&)>& is, bool counts, bool fulfils);
  void tool_started(Id<ir::Tool> tool);
  void tool_succeeded(Id<ir::Tool> tool);
  void came_to(const ir::Target& target);
  void line_heard(const std::string& words);
  void announce_rules();

  // ── results.cpp ──
  void result_ready(Job& j);
  void weigh_results();
  void weigh(Job& j);
  void put_into_context(Job& j);
  void escalate(JobId id);
  void expire(JobId id);
  void told(const Intent& intent, bool completed, Samples heard, Samples total);
  auto quiet_for(Millis grace) const -> bool;
  auto coalescing(const Job& j) const -> bool;

  // ── agents.cpp ──
  void enter(Id<ir::Agent> agent);
  auto request_handoff(const ir::Target& target, Id<ir::Handoff> edge, Value carry) -> bool;
  void advance_handoff();
  auto only_begins_an_ack() const -> bool;
  void ask_summary_if_wanted();
  void switch_agent();
  void arrived();
  void watch_guards();
  void forget_guards();
  auto edge_applies(const ir::Handoff& edge) const -> bool;
  void edge_timer(std::uint32_t edge);
  void greet(bool returning);
  void forget_history();
  auto resolve(const ir::Target& target) const -> Id<ir::Agent>;

  // ── transfers.cpp ──
  void on(const TransferMoved& e);
  void on(const MachineAnswered& e);
  auto leaving() const -> const ir::Transfer*;  // where to, if the call is about to
  void order_transfer();
  auto briefing() const -> std::string;
  void connected();
  void transfer_timed_out();
  void transfer_failed(const std::string& why);
  void forget_handoff();
  void machine_listens();
  bool failing_ = false;  // the actions of a failed transfer run

  // ── summaries.cpp ──
  auto summarising() const -> bool;
  void ask_summary(std::string task);
  void summary_asked();
  void summary_ended(const ResponseEnded& e);
  void abandon_summary();
  void summary_late();
  void stop_summary();
  void hear_tail_again();

  // ── actions.cpp ──
  void run_actions(const std::vector<ir::Action>& actions, const Value& locals);
  // `at_least`: only what is said of the Nth time in a row and later.
  auto handle(ir::EventPattern::Kind kind, int count, const std::function<bool(const ir::EventPattern&)>& fits, const Value& locals, int at_least = 1) -> bool;
  auto hand_over_on(ir::EventPattern::Kind kind, int count, const std::function<bool(const ir::EventPattern&)>& fits, int at_least) -> bool;
  void set_state(Id<ir::StateField> field, Value value);
  void silence_fell();
  void watch_silence();

  // ── forms.cpp ──
  void enter_forms();
  auto call_form(Group& group, const FunctionCalled& e) -> bool;
  auto call_remember(Group& group, const FunctionCalled& e) -> bool;
  void offer_answer(Id<ir::Form> form, std::uint32_t field, const Value& given, GroupId group);
  void take_answer(Id<ir::Form> form, std::uint32_t field, Value value);
  void refuse_answer(Id<ir::Form> form, std::uint32_t field, std::string code, std::string why);
  void form_checked(const Job& j);
  void form_job_ended(Id<ir::Form> form, std::uint32_t field, JobId id, Job::Stage stage);
  void form_submitted(Id<ir::Form> form, const Value& result);
  void settle_forms();
  void settle_form(Id<ir::Form> id);
  void submit_form(Id<ir::Form> id, const FormState::Call* call);
  void answer_form(const FormState::Call& call, const std::string& status, bool reply);
  void free_form_calls();
  auto refused_too_often(Id<ir::Form> id) -> bool;
  auto form_value(Id<ir::Form> form, std::uint32_t field) -> Value&;
  auto form_complete(Id<ir::Form> id) const -> bool;
  auto form_question(Id<ir::Form> id) const -> std::string;
  auto form_status(Id<ir::Form> id) const -> std::string;
  auto form_locals(Id<ir::Form> id) const -> const Value& { return s.form_values[id.index]; }
  auto form_function(Id<ir::Form> id) const -> Function;
  void ask_field(const ir::Action& action, const Value& locals);

  // ── keys.cpp ──
  void on(const DigitPressed& e);
  auto digits_waited_for(const std::string& so_far, bool whole) const -> bool;
  void digits_ended();
  auto field_in_turn() const -> std::optional<std::pair<Id<ir::Form>, std::uint32_t>>;
  auto form_takes(char key) -> bool;
  void keys_ended();

  // ── cost.cpp ──
  void on(const AllowanceMoved& e);
  auto refused_for_cost(const std::optional<Allowance>& allowance) -> bool;
  void count_cost(const Usage& usage);
  void weigh_cost();

  // ── ending.cpp ──
  void on(const CallerHungUp& e);
  void on(const StopRequested& e);
  void begin_end(const ir::Line* farewell, const Value& locals);
  void end_with_error(std::string code, std::string text);
  void abandon_queue();
  void advance_ending();
  void hang_up();
  void caller_gone(std::string_view why = "the caller hung up");
  void jobs_ended();
  void finish();
  void limit_reached();

  // ── memory.cpp ──
  void recall();
  void on(const Recalled& e);
  void begin();
  void resume(const KeptJob& kept);
  auto memo(Id<ir::StateField> field) const -> Memo;
  void remember(Id<ir::StateField> field);
  void remember_all();
  auto outlives(const Job& j) const -> bool;
  void keep(Job& j);
  void forget(Job& j);
  auto caller() const -> std::string;

  // ── prompts.cpp ──
  auto scope() const -> ir::Scope { return {&s.values, &s.locals, &s.call, &s.form_values}; }
  auto scope(const Value& locals) const -> ir::Scope { return {&s.values, &locals, &s.call, &s.form_values}; }
  auto holds(Id<ir::Expr> guard) const -> bool;
  auto prompt() const -> std::string;
  auto functions() const -> std::vector<Function>;
  auto may_fetch() const -> bool;
  auto offered(const ir::Tool& tool) const -> bool;
  auto task_of(const std::vector<Intent>& intents) -> std::string;
  auto payload(const Job& j) const -> std::string;
  auto result_item(const Job& j) const -> std::string;
  auto call_text(const Job& j) const -> std::string;
};

}  // namespace flow::core
