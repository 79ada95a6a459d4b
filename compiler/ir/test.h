#pragma once
// The `test` blocks of a flow as plain steps, names resolved and values computed. They stand beside a program and not in
// it: what a call is does not change with its tests, nor does its content hash.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/ir.h"

namespace flow::ir {

// What can become of a run of a tool, as an expectation says it.
enum class ToolNews {
  Called, Refused, Started, Acked, Progressed, Retried, Ready, Held, Speaking, Delivered, Interrupted,
  Failed, TimedOut, Cancelled, Expired, Skipped, Joined, Kept, Unknown, Late,
};
auto words_of_tool_news() -> const std::vector<std::string_view>&;  // `called`, `timed_out`, in the order above
auto to_word(ToolNews news) -> std::string_view;

// Speech without a pause that goes on for longer is taken for over, whether it is or not.
constexpr Millis LongestSpeech{120'000};

// A call of a function by the model. Some functions are of the runtime and no tool: `read_result`, `stop_tool`,
// `remember`, those of forms, and those by which it takes an edge.
struct TestCall {
  Id<Tool> tool;              // none: a function of the runtime, or of a form
  Id<Form> form = {};         // whose function is called, unless a tool's
  std::string name;
  Value arguments = Value::Record{};  // as given; defaults are left out
};

// How far a way out has come, as an expectation says it.
enum class TransferNews { Started, Ordered, Ringing, Answered, Done, Failed };
auto words_of_transfer_news() -> const std::vector<std::string_view>&;  // `started`, in the order above
auto to_word(TransferNews news) -> std::string_view;

// Something that may happen in a call.
struct Happening {
  enum class Kind { Tool, Said, AgentActive, CallEnded, Transfer };
  Kind kind = Kind::Tool;
  Id<Tool> tool;                   // of Tool
  ToolNews news = ToolNews::Called;
  Value arguments = Value::Record{};  // of Tool: only runs with these; empty: any
  std::string words;               // of Said: part of what the caller heard, in any case of letters
  Id<Agent> agent;                 // of AgentActive
  Id<Transfer> transfer;           // of Transfer
  TransferNews moved = TransferNews::Started;
};

struct Expectation {
  enum class Kind { Happens, Never, Before, NoOverlap, NoSilence, LastsUnder };
  Kind kind = Kind::Happens;
  Happening what;
  Happening then;                  // of Before: what comes later
  std::optional<int> times;        // of Happens: exactly so often
  std::optional<Millis> within;    // of Happens and Never: after the end of the steps above
  Millis limit{0};                 // of NoSilence and LastsUnder
};

// What a step does. `after` counts from the last step without it; none: the step waits for its moment.
struct TestStep {
  enum class Kind {
    Says, Interrupts, Coughs, Waits, Presses, Types, Voicemail, HangsUp,         // the caller
    ModelSays, ModelSaysNothing, ModelCalls, ModelHandsOff, ModelFails,          // the model
    ToolReturns, ToolFails, ToolProgresses, ToolNever,                           // a tool
    Drops, Refuses, Leaves,                                                      // the service
    TransferRings, TransferAnswers, TransferFails, TransferUnsupported, TransferNever,  // the far side of a transfer
    Earlier,                                                                     // before the phone rings
    Expect, Check,
  };
  Kind kind = Kind::Says;
  Span at;                         // the whole step
  Span about;                      // its narrowest part, for messages
  std::optional<Millis> after;
  std::optional<Millis> lasts;     // how long it takes; none: by the number of its words
  std::string words;               // what is said, typed, pressed, reported
  std::vector<TestCall> calls;     // of ModelCalls; of Earlier: the work that an earlier call of this caller began
  Target target;                   // of ModelHandsOff
  Value carry = Value::Record{};   // of ModelHandsOff
  Id<Tool> tool;                   // of Tool…
  Value result;                    // of ToolReturns, and of Earlier that ...
  bool is_ready = false;           // ... has its result; else it goes on
  bool network = false;            // of ToolFails: worth another try
  int times = 0;                   // of Refuses; 0: for good
  Id<Transfer> transfer;           // of Transfer…
  Expectation expectation;         // of Expect
  Id<Expr> condition;              // of Check
};

struct Test {
  std::string title;
  Span at;                         // the title
  std::vector<TestStep> steps;
};

// `program` is the flow with what the conditions of its tests add to its expressions; else it is the same.
struct Tests {
  Program program;
  std::vector<Test> tests;
};

}  // namespace flow::ir
