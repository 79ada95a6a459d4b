#pragma once
// Everything that can happen to a call. An event is a fact in the past tense and carries every value the session
// needs: the core asks nothing back. Events of a link carry its epoch; those of an older one are ignored.
//
// Plain aggregates only: the journal writes and reads them field by field (runtime/store/pack.h), so a new event or
// field needs no code there.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/core/ids.h"

namespace flow::core {

// ── The link to the service ──────────────────────────────────────────────────────────────────────────────────

// What the service behind this link can do; differences between providers are here and in the dialects, not in ifs.
struct Capabilities {
  bool cancels = true;          // a response can be cancelled
  bool truncates = true;        // an item can be cut to what was heard
  bool tags = true;             // a create's tag comes back with `ResponseStarted`
  bool out_of_band = true;      // a response that leaves the conversation alone
  bool exact_speech = false;    // speaks given words exactly
  bool client_items = true;     // conversation items can be made and deleted
  bool own_turns = true;        // the client may decide when the model speaks
  auto operator==(const Capabilities&) const -> bool = default;
};

struct LinkOpened {             // the socket is open and the service has greeted us
  Epoch epoch;
  Capabilities can;
  std::optional<Millis> lives_for;  // until the service's cap, if it told
  auto operator==(const LinkOpened&) const -> bool = default;
};
struct LinkFailed {             // could not be opened; `fatal`: asking again is useless (key, model, certificate)
  Epoch epoch;
  bool fatal = false;
  std::string code;             // R-code of the message catalogue
  std::string text;
  auto operator==(const LinkFailed&) const -> bool = default;
};
struct LinkLost {               // was open and is gone
  Epoch epoch;
  std::string code;
  std::string text;
  auto operator==(const LinkLost&) const -> bool = default;
};
struct LinkGoingAway {          // the service will close it after `in`
  Epoch epoch;
  Millis in{0};
  auto operator==(const LinkGoingAway&) const -> bool = default;
};
struct Configured { Epoch epoch; ConfigId config; auto operator==(const Configured&) const -> bool = default; };

// ── What the service heard ───────────────────────────────────────────────────────────────────────────────────

struct SpeechStarted { Epoch epoch; ItemId item; auto operator==(const SpeechStarted&) const -> bool = default; };
struct SpeechStopped { Epoch epoch; ItemId item; auto operator==(const SpeechStopped&) const -> bool = default; };
struct TurnCommitted { Epoch epoch; ItemId item; auto operator==(const TurnCommitted&) const -> bool = default; };
struct IdleTimedOut  { Epoch epoch; ItemId item; auto operator==(const IdleTimedOut&) const -> bool = default; };
struct CallerTextArrived {      // the next words of the transcript of one turn, which comes whole later
  Epoch epoch;
  ItemId item;
  std::string text;
  auto operator==(const CallerTextArrived&) const -> bool = default;
};
struct CallerTranscribed {      // the whole transcript of one turn; empty if no words were found
  Epoch epoch;
  ItemId item;
  std::string text;
  bool failed = false;
  auto operator==(const CallerTranscribed&) const -> bool = default;
};

// ── What the model does ──────────────────────────────────────────────────────────────────────────────────────

struct ResponseStarted {
  Epoch epoch;
  ResponseId response;
  AskId ask;                    // our tag; none: the server made it by itself, or cannot say
  auto operator==(const ResponseStarted&) const -> bool = default;
};
enum class ItemKind { CallerTurn, AgentSpeech, FunctionCall, FunctionOutput, Note };
struct ItemAdded {
  Epoch epoch;
  ResponseId response;          // none: not made by a response
  ItemId item;
  ItemKind kind = ItemKind::Note;
  auto operator==(const ItemAdded&) const -> bool = default;
};
struct ItemEnded {
  Epoch epoch;
  ResponseId response;
  ItemId item;
  ItemKind kind = ItemKind::Note;
  bool complete = true;         // false: cut off while it was written
  auto operator==(const ItemEnded&) const -> bool = default;
};
struct AudioArrived {           // admitted by the playout gate and queued there
  Epoch epoch;
  ResponseId response;
  ItemId item;
  Samples length;
  auto operator==(const AudioArrived&) const -> bool = default;
};
struct SpokenTextArrived {      // the next words of the agent's transcript; runs ahead of the audio
  Epoch epoch;
  ResponseId response;
  ItemId item;
  std::string text;
  auto operator==(const SpokenTextArrived&) const -> bool = default;
};
struct FunctionCalled {         // complete arguments
  Epoch epoch;
  ResponseId response;
  ItemId item;
  FunctionCallId call;
  std::string name;
  std::optional<Value> arguments;  // none: what came was not a JSON object
  auto operator==(const FunctionCalled&) const -> bool = default;
};
struct FunctionCallWithdrawn { Epoch epoch; FunctionCallId call; auto operator==(const FunctionCallWithdrawn&) const -> bool = default; };
enum class ResponseStatus { Completed, Cancelled, Incomplete, Failed };
struct Usage {                  // tokens
  std::int64_t input = 0, output = 0, cached = 0, input_audio = 0, output_audio = 0;
  auto operator==(const Usage&) const -> bool = default;
};
struct ResponseEnded {
  Epoch epoch;
  ResponseId response;
  ResponseStatus status = ResponseStatus::Completed;
  bool turn_detected = false;   // of Cancelled: the server cut it, because the caller spoke
  std::string code;             // of Failed: the service's error code
  Usage usage;
  auto operator==(const ResponseEnded&) const -> bool = default;
};

// An error of the service, by code and by the command of ours it answers; never by its text.
enum class ErrorCode {
  ActiveResponse, NothingToCancel, EmptyBuffer, VoiceLocked, UnknownItem, TruncateTooLong,
  SessionExpired, WrongKey, NoSuchModel, NoQuota, RateLimited, ServerError, WrongRequest, Other,
};
enum class Command { None, Configure, CreateItem, DeleteItem, CreateResponse, Cancel, Truncate, Commit, Clear };
struct ServiceFailed {
  Epoch epoch;
  ErrorCode code = ErrorCode::Other;
  Command command = Command::None;
  std::uint32_t number = 0;     // ConfigId, ItemId, AskId or ResponseId of the command
  std::string name;             // the code as the service wrote it
  std::string text;             // for people only
  auto operator==(const ServiceFailed&) const -> bool = default;
};

// ── The caller's side ────────────────────────────────────────────────────────────────────────────────────────

// What a call may cost, as the budget of its flow stands: what the other calls of the day or month have left of it.
struct Allowance {
  double most = 0;              // this call in all; nothing: it may not begin
  std::string renews;           // when the budget begins anew, for people
  auto operator==(const Allowance&) const -> bool = default;
};
struct CallerConnected {
  std::string from;             // a number, an address or empty; `call.from`
  std::string call_name;        // `call.id`
  bool transfers = false;       // the channel can give the call to somebody else
  std::optional<Allowance> allowance;  // none: nobody adds up what calls cost
  auto operator==(const CallerConnected&) const -> bool = default;
};
struct TextTyped    { std::string text; auto operator==(const TextTyped&) const -> bool = default; };
struct DigitPressed { char digit = '0'; auto operator==(const DigitPressed&) const -> bool = default; };
struct TalkPressed  { auto operator==(const TalkPressed&) const -> bool = default; };   // the talk key; of no account unless
struct TalkReleased { auto operator==(const TalkReleased&) const -> bool = default; };  // turns are made by it (`manual`)
struct CallerHungUp { auto operator==(const CallerHungUp&) const -> bool = default; };
struct MachineAnswered {        // an answering machine has the call; `beeped`: it records from here
  bool beeped = false;
  auto operator==(const MachineAnswered&) const -> bool = default;
};
struct StopRequested { auto operator==(const StopRequested&) const -> bool = default; };  // the operator: Ctrl-C, --for

// How far an order to give the call away has come. After Connected the caller's leg is no longer ours; after Failed and
// Unsupported the caller is still with us, and nothing more is told of that order.
enum class TransferStage {
  Ringing,      // the far side is being called
  Answered,     // somebody is there; of a warm one, they are being told
  Connected,    // the caller is theirs. Of a blind one: given away, whoever answers
  Failed,       // `text`: busy, no answer, refused
  Unsupported,  // this channel cannot do that
};
struct TransferMoved {
  TransferId transfer;
  TransferStage stage = TransferStage::Ringing;
  std::string text;
  auto operator==(const TransferMoved&) const -> bool = default;
};

// ── Playout: what of the agent's voice was heard. Positions count all samples played since the call began ────

struct MarkReached    { MarkId mark; auto operator==(const MarkReached&) const -> bool = default; };
struct PauseReached   { Samples played; auto operator==(const PauseReached&) const -> bool = default; };  // a pause between words, while watched for
struct PlayoutDrained { Samples played; auto operator==(const PlayoutDrained&) const -> bool = default; };
struct PlayoutFlushed { FlushId flush; Samples played; auto operator==(const PlayoutFlushed&) const -> bool = default; };

// ── Tools, timers, store ─────────────────────────────────────────────────────────────────────────────────────

struct ToolProgressed { JobId job; std::string text; auto operator==(const ToolProgressed&) const -> bool = default; };
struct ToolFinished   { JobId job; std::uint32_t attempt = 0; Value result; auto operator==(const ToolFinished&) const -> bool = default; };
struct ToolFailed {
  JobId job;
  std::uint32_t attempt = 0;
  std::string code;             // R-code
  std::string text;
  bool network = false;         // worth another try by `retry … on network`
  auto operator==(const ToolFailed&) const -> bool = default;
};
struct ToolPending {            // begun, and it goes on elsewhere: `handle` is where to ask again
  JobId job;
  std::uint32_t attempt = 0;
  std::string handle;
  auto operator==(const ToolPending&) const -> bool = default;
};
struct ToolStopped { JobId job; std::uint32_t attempt = 0; auto operator==(const ToolStopped&) const -> bool = default; };  // answers StopTool
struct TimerFired  { TimerId timer; auto operator==(const TimerFired&) const -> bool = default; };
struct JobStored   { JobId job; auto operator==(const JobStored&) const -> bool = default; };  // the disk has it: a tool that writes may start

// What is known of a caller from earlier calls; answers Recall.
struct KeptValue { Id<ir::StateField> field; Value value; auto operator==(const KeptValue&) const -> bool = default; };
struct KeptJob {                // work that outlived its call
  std::string id;               // the store's, as KeepJob gave it
  std::string tool;             // its name: the program may have changed
  Value arguments;
  std::string handle;           // of work that goes on elsewhere
  std::optional<Value> result;  // none: not ready
  Millis age{0};                // since it began; with a result, since it was ready
  auto operator==(const KeptJob&) const -> bool = default;
};
struct Recalled {
  std::vector<KeptValue> values;
  std::vector<KeptJob> jobs;
  auto operator==(const Recalled&) const -> bool = default;
};

// What this call may cost in all, as the others stand now; answers CountCost where somebody adds up.
struct AllowanceMoved { double most = 0; auto operator==(const AllowanceMoved&) const -> bool = default; };

using Event = std::variant<
    LinkOpened, LinkFailed, LinkLost, LinkGoingAway, Configured,
    SpeechStarted, SpeechStopped, TurnCommitted, IdleTimedOut, CallerTextArrived, CallerTranscribed,
    ResponseStarted, ItemAdded, ItemEnded, AudioArrived, SpokenTextArrived, FunctionCalled, FunctionCallWithdrawn,
    ResponseEnded, ServiceFailed,
    CallerConnected, TextTyped, DigitPressed, TalkPressed, TalkReleased, CallerHungUp, MachineAnswered, TransferMoved, StopRequested,
    MarkReached, PauseReached, PlayoutDrained, PlayoutFlushed,
    ToolProgressed, ToolFinished, ToolFailed, ToolPending, ToolStopped, TimerFired, JobStored, Recalled, AllowanceMoved>;

}  // namespace flow::core
