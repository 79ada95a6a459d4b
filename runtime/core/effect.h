#pragma once
// Everything a session can ask of the world. An effect is an order in the imperative; the edge carries it out in
// order, before it takes the next event, and decides nothing. Plain aggregates only, as events are.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/core/event.h"
#include "runtime/core/ids.h"

namespace flow::core {

// ── The link ─────────────────────────────────────────────────────────────────────────────────────────────────

struct OpenLink {
  Epoch epoch;
  Millis after{0};              // back-off
  Id<ir::Realtime> realtime;    // which connection; none: the program's
  auto operator==(const OpenLink&) const -> bool = default;
};
struct CloseLink { Epoch epoch; auto operator==(const CloseLink&) const -> bool = default; };

struct Function {               // as the model sees it
  std::string name, description, schema;
  auto operator==(const Function&) const -> bool = default;
};
struct Configure {              // answered by Configured, or ServiceFailed naming Command::Configure
  Epoch epoch;
  ConfigId config;
  Id<ir::Agent> agent;          // voice, speed, output limit
  std::string instructions;
  std::vector<Function> functions;
  ir::TurnDetection turn_detection;
  bool server_turns = false;    // the server creates responses and interrupts by itself
  bool first = false;           // of this link: formats, transcription and voice go with it
  auto operator==(const Configure&) const -> bool = default;
};

enum class Role { Caller, Agent, System };
struct CreateMessage {          // at the end of the conversation
  Epoch epoch;
  ItemId item;                  // ours, from FirstOwnItem
  Role role = Role::System;
  std::string text;
  auto operator==(const CreateMessage&) const -> bool = default;
};
struct AnswerCall {             // the function's output: a call id is answered once
  Epoch epoch;
  ItemId item;
  FunctionCallId call;
  std::string output;
  auto operator==(const AnswerCall&) const -> bool = default;
};
struct RecallFunction {         // a closed call of an older link, put back into the new one's conversation
  Epoch epoch;
  ItemId item;
  FunctionCallId call;
  std::string name, arguments;
  auto operator==(const RecallFunction&) const -> bool = default;
};
struct DeleteItem { Epoch epoch; ItemId item; auto operator==(const DeleteItem&) const -> bool = default; };

struct CreateResponse {         // answered by ResponseStarted with this ask, or ServiceFailed naming it
  Epoch epoch;
  AskId ask;
  std::string instructions;     // empty: the session's; else already composed with the prompt
  bool out_of_band = false;     // empty context, no functions: reads a line
  bool functions = true;        // false: tool_choice none
  bool aloud = true;            // false: as text, for us alone; `out_of_band` then means: with the conversation, not into it
  std::string line = {};        // the words to be spoken, and no others; empty: the model finds them
  auto operator==(const CreateResponse&) const -> bool = default;
};
struct CancelResponse { Epoch epoch; ResponseId response; auto operator==(const CancelResponse&) const -> bool = default; };
struct TruncateItem   { Epoch epoch; ItemId item; Millis heard{0}; auto operator==(const TruncateItem&) const -> bool = default; };
struct CommitAudio    { Epoch epoch; auto operator==(const CommitAudio&) const -> bool = default; };
struct ClearAudio     { Epoch epoch; auto operator==(const ClearAudio&) const -> bool = default; };
struct HearCaller { bool on = true; auto operator==(const HearCaller&) const -> bool = default; };  // off: what comes from the caller is silence to everybody
struct ReplayCallerAudio { Epoch epoch; auto operator==(const ReplayCallerAudio&) const -> bool = default; };  // since the last commit

// ── Playout and channel ──────────────────────────────────────────────────────────────────────────────────────

struct AdmitAudio    { ResponseId response; auto operator==(const AdmitAudio&) const -> bool = default; };  // audio of others is dropped
struct PausePlayout  { auto operator==(const PausePlayout&) const -> bool = default; };
struct ResumePlayout { auto operator==(const ResumePlayout&) const -> bool = default; };
struct FlushPlayout  { FlushId flush; auto operator==(const FlushPlayout&) const -> bool = default; };  // shuts the gate; answered by PlayoutFlushed
struct SetMark       { MarkId mark; Samples at; auto operator==(const SetMark&) const -> bool = default; };  // answered by MarkReached
struct WatchPauses   { bool on = false; auto operator==(const WatchPauses&) const -> bool = default; };
struct HangUp        { auto operator==(const HangUp&) const -> bool = default; };
struct TransferCall {           // answered by TransferMoved, at last by Connected, Failed or Unsupported
  TransferId transfer;
  Id<ir::Transfer> to;
  std::string briefing;         // of a warm one: what the person is told before the caller is joined; else empty
  auto operator==(const TransferCall&) const -> bool = default;
};
struct AbandonTransfer { TransferId transfer; auto operator==(const AbandonTransfer&) const -> bool = default; };  // the caller stays with us; nothing more is told of it

// ── Tools, timers, store ─────────────────────────────────────────────────────────────────────────────────────

struct StartTool {
  JobId job;
  std::uint32_t attempt = 0;
  Id<ir::Tool> tool;
  Value arguments;              // a record, defaults filled in
  Value state;                  // a record of the call's state, read-only
  Millis deadline{0};           // from now
  std::string handle;           // not empty: what ToolPending gave; it is asked whether the work is done
  auto operator==(const StartTool&) const -> bool = default;
};
struct StopTool {               // answered by ToolStopped or its result; with a handle by nothing
  JobId job;
  std::uint32_t attempt = 0;
  Id<ir::Tool> tool;
  std::string handle;           // not empty: nothing of ours runs, the work elsewhere is to be given up
  auto operator==(const StopTool&) const -> bool = default;
};
struct StoreJob   { JobId job; auto operator==(const StoreJob&) const -> bool = default; };  // answered by JobStored

// What outlives the call.
struct Memo { Id<ir::StateField> field; std::string key; auto operator==(const Memo&) const -> bool = default; };
struct Recall {                 // answered by Recalled; what it gives of jobs is this call's from then on
  std::vector<Memo> values;
  std::string caller;           // whose jobs; empty: nobody's
  auto operator==(const Recall&) const -> bool = default;
};
struct Remember {               // none: forget
  Memo memo;
  Value value;
  Millis keep_for{0};
  auto operator==(const Remember&) const -> bool = default;
};
struct KeepJob {                // replaces what was kept under the same id
  std::string caller;
  KeptJob job;
  Millis keep_for{0};
  auto operator==(const KeepJob&) const -> bool = default;
};
struct ForgetJob { std::string id; auto operator==(const ForgetJob&) const -> bool = default; };  // it has its outcome

// What the whole call has cost so far. Answered by AllowanceMoved if the flow has a budget and somebody adds it up.
struct CountCost  { double spent = 0; auto operator==(const CountCost&) const -> bool = default; };

struct SetTimer   { TimerId timer; Instant at; auto operator==(const SetTimer&) const -> bool = default; };
struct DropTimer  { TimerId timer; auto operator==(const DropTimer&) const -> bool = default; };

// The call is over; nothing follows. `code` is empty if it ended as it should, else an R-code.
struct Finish {
  std::string code, text;
  std::string went_to;          // the transfer that took the call; empty: it ended with us
  auto operator==(const Finish&) const -> bool = default;
};

// ── What was decided, for the timeline, `--trace` and telemetry. Names are stable; what `duration` and `text` hold
// of each: runtime/telemetry/decisions.def ────────────────────────────────────────────────────────────────────

enum class Decision {
  LinkUp, LinkDown, AgentActive, CallerSpeaking, CallerSilent, CallerSaid, CallerTyped, CallerPressed,
  ReplyOwed, AskSent, AskRefused, AgentSpeaking, AgentPaused, AgentResumed, AgentSaid, AgentCut, AgentDone, LineSpoken,
  ToolCalled, ToolRefused, ToolStarted, ToolAcked, ToolProgress, ToolRetried, ToolReady, ToolHeld, ToolInjected, ToolSpeaking, ToolDelivered,
  ToolInterrupted, ToolFailed, ToolTimedOut, ToolCancelled, ToolExpired, ToolSkipped, ToolJoined, ToolKept, ToolUnknown, ToolUndone, ToolLate,
  HandoffStarted, HandoffDone, HandoffRefused, HistorySummarised,
  TransferStarted, TransferOrdered, TransferRinging, TransferAnswered, TransferDone, TransferFailed, VoicemailReached,
  FormFilled, FormRefused, FormReadBack, FormSubmitted, FormDone, RuleHeld, CostReached, StateSet, HandlerRan, ErrorIgnored, ErrorReported, CallEnding, CallEnded,
};
struct Decided {
  Decision what = Decision::CallEnded;
  JobId job;                    // of Tool…
  Id<ir::Agent> agent;          // of Agent…, Handoff…
  Millis duration{0};           // what the decision measures, if it does: heard, waited, ran
  std::string text;             // tool's name, words, reason
  auto operator==(const Decided&) const -> bool = default;
};

using Effect = std::variant<
    OpenLink, CloseLink, Configure, CreateMessage, AnswerCall, RecallFunction, DeleteItem, CreateResponse, CancelResponse,
    TruncateItem, CommitAudio, ClearAudio, HearCaller, ReplayCallerAudio,
    AdmitAudio, PausePlayout, ResumePlayout, FlushPlayout, SetMark, WatchPauses, HangUp, TransferCall, AbandonTransfer,
    StartTool, StopTool, StoreJob, Recall, Remember, KeepJob, ForgetJob, CountCost, SetTimer, DropTimer, Finish, Decided>;

using EffectList = std::vector<Effect>;

}  // namespace flow::core
