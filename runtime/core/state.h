#pragma once
// All that a call is, as one value. Who changes what: runtime/core/machine.h.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/core/event.h"
#include "runtime/core/playout.h"
#include "runtime/core/session.h"
#include "runtime/core/timers.h"

namespace flow::core {

using IntentId = Number<struct IntentTag>;
using GroupId = Number<struct GroupTag>;

// Something that wants to be heard. It has one outcome, settled when its response was.
struct Intent {
  // In the order in which they are said. A Summary is asked for and never heard.
  enum class Kind { Farewell, HandoffLine, Summary, Ack, Line, Greeting, Continue, ToolReply, Reply, Result, Offer };
  IntentId id;
  Kind kind = Kind::Line;
  std::string text;           // words or hint; of Continue: what was heard
  bool verbatim = false;
  bool is_protected = false;
  std::vector<JobId> jobs;    // of ToolReply, Result, Offer: whose results it tells
  int cuts = 0;               // how often it came back unheard
  int tries = 0;              // how often its response failed
  Instant since;
  auto operator==(const Intent&) const -> bool = default;
};

// One response that is, or was, heard.
struct Speech {
  ResponseId response;
  Epoch epoch;
  std::vector<Intent> intents;
  std::vector<Spoken> items;
  std::string expected;       // of a verbatim line: its words
  bool out_of_band = false;
  bool aloud = true;          // false: text for us alone; nothing of it is played
  bool ended = false;         // no more audio of it will come
  bool completed = false;     // the service finished it
  bool adopted = false;       // the server made it by itself
  auto operator==(const Speech&) const -> bool = default;
};

// A create without verdict.
struct Ask {
  enum class Slot { Empty, Creating, Doomed };
  Slot slot = Slot::Empty;
  AskId id;
  std::vector<Intent> intents;  // empty when Doomed: they went back to the head
  std::string expected;
  bool out_of_band = false;
  bool aloud = true;
  Instant since;
  auto operator==(const Ask&) const -> bool = default;
};

// The response that is generated or still heard.
struct Voice {
  enum class Slot { Empty, Active, Cancelling, Draining };
  Slot slot = Slot::Empty;
  ResponseId response;
  Speech speech;              // of Active and Draining; of Cancelling it waits in State::cut
  bool near_end = false;      // of Draining: only the last 300 ms are left
  int open_calls = 0;         // function calls that are being written
  bool called = false;        // it called a function
  auto operator==(const Voice&) const -> bool = default;
};

struct Link {
  enum class Stage { Closed, Opening, Configuring, Up };
  Stage stage = Stage::Closed;
  Epoch epoch;
  Capabilities can;
  Id<ir::Realtime> realtime;  // whose
  std::vector<Id<ir::Realtime>> gone;  // connections that could not be had; they are not tried again
  bool was_up = false;        // in this call: the next one carries the conversation over
  int failures = 0;
  bool voice_refused = false; // the service would not change the voice any more
  bool renew_due = false;     // the service's cap is near: a quiet moment will do
  bool renew_now = false;     // it is here: no moment is waited for
  std::optional<Configure> configured;  // what was sent last
  bool awaiting_configured = false;
  auto up() const -> bool { return stage == Stage::Up; }
  auto operator==(const Link&) const -> bool = default;
};

// What was said and done, for history across links and agents. Heard text only.
struct Entry {
  enum class Kind { Caller, Agent, Note, Call, Output };
  Kind kind = Kind::Note;
  ItemId item;
  std::string text;           // of Call: the arguments
  std::string name;           // of Call: the function
  FunctionCallId call;
  Epoch epoch;                // of the link whose conversation has it
  auto operator==(const Entry&) const -> bool = default;
};

struct Job {
  enum class Stage {
    Storing, Running, Waiting /* for the next try */, Ready, Told,
    Delivered, Failed, TimedOut, Cancelled, Expired, Skipped, Kept, Unknown,  // outcomes: exactly one
  };
  enum class Answer { None /* nobody asked */, Open, Real, Ack, Withdrawn, Void };
  JobId id;
  Id<ir::Tool> tool;
  Stage stage = Stage::Running;
  Answer answer = Answer::None;
  FunctionCallId call;
  GroupId group;
  Value arguments;
  std::string key;            // what makes two calls alike
  std::string handle;         // of work that goes on elsewhere: where to ask again
  int polls = 0;              // how often was asked
  std::string kept;           // its id in the store, while it outlives the call there
  bool from_earlier = false;  // an earlier call of this caller began it
  std::uint32_t attempt = 0;
  int retries_left = 0;
  Instant started, ready, settled_at;
  Value result;
  std::string failure;
  Id<ir::Form> form = {};     // started by a form ...
  std::uint32_t field = 0;    // ... to check this answer; `FormState::Submit`: to submit it
  bool in_context = false;    // the model has the late result
  bool may_tell = false;      // the gate is open for it; of this step only
  bool with_reply = false;    // the next reply carries it
  bool overriding = false;
  ir::Policy::Deliver deliver = ir::Policy::Deliver::WhenIdle;
  int interruptions = 0;
  JobId undoes;               // the run that this one undoes; none: it was called or run for its own sake
  bool to_undo = false;       // it began, is not wanted any more, and nothing undoes it yet
  bool stopping = false;      // it was told to stop and has not answered
  auto settled() const -> bool { return stage >= Stage::Delivered; }
  auto running() const -> bool { return stage <= Stage::Waiting; }
  auto checks() const -> bool;  // an answer to a form
  auto operator==(const Job&) const -> bool = default;
};

// How far a form is. What was answered is in `State::form_values`.
struct FormState {
  static constexpr std::uint32_t Submit = 0xffff'ffff;  // no field: the whole
  enum class Stage {
    Open,        // something is missing, or is being checked
    ReadBack,    // all is there, and the caller was asked whether it is right
    Submitting,  // its tool runs
    Done,
    Unknown,     // its tool was lost sight of, and must not run twice
  };
  struct Answer {
    Value candidate;          // while `check` runs
    JobId check;
    int refused = 0;          // answers that did not do
    std::string code, why;    // of the last one, until the model was told
    auto operator==(const Answer&) const -> bool = default;
  };
  struct Call {               // of its function, waiting for the checks
    FunctionCallId call;
    GroupId group;
    bool confirmed = false;   // the model says that the caller said yes
    auto operator==(const Call&) const -> bool = default;
  };
  Stage stage = Stage::Open;
  std::vector<Answer> answers;  // by field
  std::vector<Call> calls;
  std::uint32_t read_back_at = 0;  // the caller's turns when they were asked
  bool due = false;           // something has changed and is to be weighed in this step
  auto closed() const -> bool { return stage >= Stage::Submitting; }
  auto operator==(const FormState&) const -> bool = default;
};
inline auto Job::checks() const -> bool { return form && field != FormState::Submit; }

// The function calls of one response: all answers, then one create.
struct Group {
  struct Member {
    FunctionCallId call;
    bool answered = false;
    auto operator==(const Member&) const -> bool = default;
  };
  GroupId id;
  ResponseId response;
  std::vector<Member> members;
  std::vector<JobId> told;    // real answers that the reply will tell
  std::string hints;          // acks that the model words
  bool closed = false;        // its response has ended
  bool spoke = false;         // its response spoke before its calls
  bool needs_reply = false;
  bool silent = false;        // nothing need be said: stay_silent, a handoff, a farewell, a spoken ack
  Instant ack_at;             // the slowest threshold
  auto operator==(const Group&) const -> bool = default;
};

// To another agent, or out of here. Both begin alike: calls are answered, speech ends, the line is heard.
struct PendingHandoff {
  enum class Stage {
    Calls, Speech, Line,
    Configuring,              // the service is told of the new agent
    Ordered,                  // the channel was told to give the call away
  };
  Stage stage = Stage::Calls;
  ir::Target target;
  Id<ir::Handoff> edge;       // none: from a handler
  ir::Switch switch_when = ir::Switch::AtPause;
  Value carry = Value::Record{};
  bool now = false;           // it stalled: do not wait for speech any more
  std::optional<std::string> summary;  // of the talk so far, if one was asked for and came
  TransferId transfer;        // of Ordered
  Instant ordered_at;
  auto operator==(const PendingHandoff&) const -> bool = default;
};

// What speech over the agent has come to.
enum class BargeIn {
  None,      // nothing: the agent is silent by itself, or may not be stopped
  Patience,  // the agent speaks on: it is too short yet to count
  Paused,    // the agent is silent until it is known whether there are words
  Cut,       // the agent was stopped
};

struct CallerState {
  bool present = false;
  bool speaking = false;
  bool holds_key = false;     // the talk key: it makes the turn
  bool uncommitted = false;   // the key was released, and the service has not made a turn of it yet
  Epoch commit_asked;         // ... on which link it was asked to
  ItemId item;
  Instant speech_began, speech_ended;
  BargeIn over = BargeIn::None;
  bool has_words = false;     // of the present turn: it is known to be more than a noise or a back-channel
  std::string cut_off;        // what had been heard when this turn cut
  bool had_more = false;      // ... and that there was more to say
  ItemId judged;              // a turn over the agent that waits for its transcript
  ItemId doubted;             // ... that the agent did not wait for any longer
  ItemId text_of;             // the turn whose transcript has begun
  std::string text;           // ... and how far it is
  ItemId of_digit;            // the VAD heard a digit, not a voice
  Instant digit_at{Millis{-1'000'000}};
  std::string digits;
  std::string keys;           // typed into the field of a form whose turn it is
  char key_after = 0;         // the key that would have ended the last one ...
  Instant key_after_until;    // ... and is still taken to belong to it
  std::uint32_t turns = 0;    // committed or typed
  std::vector<std::string> typed;  // turns that cut the agent: what was heard of it comes into the conversation first
  Instant owed_since;
  bool is_machine = false;    // an answering machine, and the flow knows what to do: what it says is not replied to
  auto operator==(const CallerState&) const -> bool = default;
};

struct Confirmation {         // asked of the caller; the same call may run once they spoke again
  std::string key;
  std::uint32_t at_turn = 0;
  auto operator==(const Confirmation&) const -> bool = default;
};

// How far the condition of a rule has come.
struct RuleState {
  bool happened = false;      // of Before: what must come first
  int times = 0;              // of AtMost
  bool withholds = false;     // something is not offered because of it; as announced
  auto operator==(const RuleState&) const -> bool = default;
};

struct Session::State {
  enum class Phase { Waiting, Live, Ending, Gone, Finished };

  const ir::Program* program = nullptr;
  Phase phase = Phase::Waiting;
  Instant now;

  // Where the call stands.
  Id<ir::Agent> agent;
  std::vector<Value> values;               // by StateField
  std::vector<Value> form_values;          // by Form: a record of its fields, `done` and `result`
  std::vector<FormState> forms;            // by Form
  Id<ir::Form> asked;                      // whose field an action asked for ...
  std::uint32_t asked_field = 0;           // ... and which
  Value call = Value::Record{};
  Value locals = Value::Record{};          // carried to this agent
  std::vector<Id<ir::Agent>> came_from;    // for `back`
  std::vector<Id<ir::Agent>> visited;
  std::vector<bool> edge_held;             // by Handoff: whether its guard held when last seen
  std::optional<PendingHandoff> handoff;
  std::vector<RuleState> rules;            // by Rule
  double spent = 0;                        // what the service has charged so far, if the flow knows its prices
  std::optional<double> allowance;         // what the budget leaves this call in all; none: nobody adds it up
  bool cost_reached = false;               // ... or `max_cost`: the call is being ended for it
  bool begun = false;                      // the conversation: what earlier calls left is known

  // The one mouth.
  Ask ask;
  Voice voice;
  std::vector<Speech> tail;                // ended, not yet played to their end; older than `voice`
  std::vector<Speech> cut;                 // cut; waiting for the flush's answer
  FlushId flush;                           // the one that waits for its answer
  std::vector<ResponseId> running;         // started and not ended, whoever made them
  std::vector<Intent> queue;
  Playout playout;
  bool watching_pauses = false;
  bool at_pause = false;                   // of this step only
  bool hears_caller = true;                // as ordered
  bool recalling = false;                  // what earlier calls left is being looked up; the call waits for it

  CallerState caller;
  std::vector<Job> jobs;
  std::vector<Group> groups;
  std::vector<FunctionCallId> seen_calls;
  std::vector<Confirmation> confirmations;
  Link link;
  Timers timers;
  std::vector<Entry> history;

  int silences = 0;                        // in a row
  int no_matches = 0;
  int tool_failures = 0;                   // no tool has given a result since
  int phrases = 0;                         // turns in a row that a handler knew a phrase of
  int presses = 0;                         // of the same keys
  std::string pressed;
  Instant quiet_since;                     // nobody speaks and nothing is owed; meaningful while `quiet`
  bool quiet = false;
  bool transfers = false;                  // the channel can give the call away
  std::vector<Id<ir::Transfer>> tried;     // transfers that failed since the caller last said something
  std::string went_to;                     // the transfer that took the call
  std::string gone_code, gone_text;        // of the service, when it is gone for good: only a transfer still helps
  bool farewell_done = false;
  bool hanging_up = false;
  std::string end_code, end_text;

  // Counters: ids given out, and what invariant 3 is checked by.
  std::uint32_t last_intent = 0, last_job = 0, last_group = 0, last_ask = 0, last_config = 0, last_transfer = 0, last_item = FirstOwnItem,
                last_mark = 0, last_flush = 0, last_epoch = 0;
  std::uint32_t intents_settled = 0;
  MarkId near_end_mark;
};

}  // namespace flow::core
