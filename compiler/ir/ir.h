#pragma once
// The contract between compiler and runtime: a compiled flow as flat tables of plain values.
//
// Nothing here acts. `ir::verify` (verify.h) promises that every id points into its table, that every agent that a
// target names exists and that templates and expressions are well-formed; the runtime relies on that and checks no
// more. Spans are for messages only: the runtime never reads the source.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/id.h"
#include "compiler/base/span.h"
#include "compiler/ir/connection.h"
#include "compiler/ir/value.h"

namespace flow::ir {

// ── Types ────────────────────────────────────────────────────────────────────────────────────────────────────

struct Enum;
struct Record;

struct Type {
  enum class Kind { String, Int, Float, Bool, Duration, Date, Time, DateTime, Money, Phone, Email, Json, Enum, Record, List };
  Kind kind = Kind::String;
  bool optional = false;
  Id<Enum> enumeration;  // of Kind::Enum
  Id<Record> record;     // of Kind::Record
  Id<Type> element;      // of Kind::List
  auto operator==(const Type&) const -> bool = default;
};

struct Enum {
  std::string name;
  std::vector<std::string> values;
  auto operator==(const Enum&) const -> bool = default;
};

struct Expr;

// A field of a record, a parameter of a tool, a payload of a handoff.
struct Field {
  std::string name;
  Id<Type> type;
  std::string doc;         // read by the model
  bool pii = false;
  Id<Expr> fallback;       // the default, if it has one
  auto operator==(const Field&) const -> bool = default;
};

struct Record {
  std::string name;
  std::vector<Field> fields;
  auto operator==(const Record&) const -> bool = default;
};

// ── Expressions and templates ────────────────────────────────────────────────────────────────────────────────

struct StateField;
struct Form;

struct Expr {
  enum class Op {
    Literal,  // `literal`
    State,    // `state`
    Form,     // `form`: a record of its fields, `done` and `result`
    Local,    // `name`: a parameter, a carried value, or `result`
    Call,     // `name`: a fact of the call, such as `from` of `call.from`
    Field,    // `name` of args[0]
    List,     // args
    Record,   // args, named by `names`
    Not, And, Or,
    Eq, Ne, Lt, Le, Gt, Ge, In,
  };
  Op op = Op::Literal;
  Value literal;
  Id<StateField> state;
  Id<Form> form = {};
  std::string name = {};
  std::vector<std::string> names = {};
  std::vector<Id<Expr>> args = {};
  auto operator==(const Expr&) const -> bool = default;
};

struct TemplatePart {
  enum class Kind { Text, Hole, If };
  Kind kind = Kind::Text;
  std::string text;                     // of Text
  Id<Expr> expr;                        // of Hole and If
  std::vector<TemplatePart> then;       // of If
  std::vector<TemplatePart> otherwise;  // of If
  auto operator==(const TemplatePart&) const -> bool = default;
};
using Template = std::vector<TemplatePart>;

// Something to be heard.
struct Line {
  enum class Kind {
    Words,  // these words, as exactly as the provider can
    Hint,   // the model finds the words
  };
  Kind kind = Kind::Words;
  Template text;
  bool is_protected = false;  // heard to its end, barge-in or not
  auto operator==(const Line&) const -> bool = default;
};

// ── Actions, handlers, edges ─────────────────────────────────────────────────────────────────────────────────

struct Agent;
struct Tool;
struct Handoff;
struct Transfer;
struct Realtime;

struct Target {
  enum class Kind { Agent, Back, Transfer };
  Kind kind = Kind::Agent;
  Id<Agent> agent;        // of Agent
  Id<Transfer> transfer;  // of Transfer: the call leaves
  auto operator==(const Target&) const -> bool = default;
};

struct Action {
  enum class Kind { Say, Ask, Set, Run, Handoff, EndCall, If };
  Kind kind = Kind::Say;
  std::optional<Line> line;        // of Say; of EndCall: the farewell, if there is one
  Id<Form> form = {};              // of Ask
  std::string field = {};          // of Ask: which of the form's
  Id<StateField> state;            // of Set
  Id<Expr> expr;                   // of Set: the value; of If: the condition
  Id<Tool> tool;                   // of Run
  std::vector<std::pair<std::string, Id<Expr>>> args;  // of Run
  Target target;                   // of Handoff
  std::vector<Action> then;        // of If
  std::vector<Action> otherwise;   // of If
  auto operator==(const Action&) const -> bool = default;
};

struct EventPattern {
  enum class Kind { Silence, NoMatch, Dtmf, Phrase, ToolFailed, ProviderLost, Hangup, CallStart, CallEnd, Limit, Voicemail };
  Kind kind = Kind::Silence;
  Millis after{0};                  // of Silence
  std::vector<std::string> values;  // of Dtmf: the digits; of Phrase: the phrases
  int count = 1;                    // from the Nth time in a row
  auto operator==(const EventPattern&) const -> bool = default;
};

struct Handler {
  Id<Agent> agent;   // whose; none: the program's. An agent's own wins.
  EventPattern on;
  Id<Expr> guard;
  std::vector<Action> actions;
  Span declared_at;
  auto operator==(const Handler&) const -> bool = default;
};

struct Trigger {
  enum class Kind {
    Model,    // judged by the model, guided by `when`
    Event,    // `on`
    After,    // so long after the agent took the call
    Becomes,  // when the guard becomes true
  };
  Kind kind = Kind::Model;
  std::string when;
  EventPattern on;
  Millis after{0};
  auto operator==(const Trigger&) const -> bool = default;
};

enum class History { Full, Last, Summary, None };
enum class Switch { Interrupt, AtPause, WhenIdle };

// `from` may give the call to `target`. From nowhere: every agent may.
struct Handoff {
  Id<Agent> from;
  Target target;
  Trigger trigger;
  Id<Expr> guard;
  std::vector<Field> carry;  // filled by the model (Trigger::Model); afterwards locals of the target's templates
  History history = History::Full;
  int history_turns = 0;     // of History::Last
  Switch switch_when = Switch::AtPause;
  std::optional<Line> say;   // by the old agent, before the switch; none: silent
  std::string function;      // of Trigger::Model: the function the model calls, `handoff_<target>`
  std::string schema;        // of Trigger::Model: JSON Schema of its parameters
  Span declared_at;
  auto operator==(const Handoff&) const -> bool = default;
};

// ── Policies ─────────────────────────────────────────────────────────────────────────────────────────────────

// What a deadline, a limit or a failure leads to: nothing but the declared actions.
struct Else {
  std::vector<Action> actions;
  auto operator==(const Else&) const -> bool = default;
};

// When the result of a tool that runs in the background is told, and what happens around it. Every cell has a
// value: inheritance is resolved by the compiler. Meanings: the language reference, "The async-interrupt policy".
struct Policy {
  enum class Mode { Background, Blocking };
  enum class Deliver { WhenIdle, AtPause, Interrupt, WithNextTurn, Silent, SkipIfBusy };
  enum class CallerSpeaks { Hold, OverrideAfter, Override };
  enum class Read { Always, SummaryOver, OnRequest, OnRequestOver };
  enum class Priority { Low, Normal, High };
  enum class IfInterrupted { Retry, Offer, Drop };
  enum class Duplicates { Join, Reject, Replace, Confirm, Allow };
  enum class Progress { None, Every, FromTool };
  enum class RetryOn { Any, Network };
  enum class OnHandoff { Keep, Await, Cancel };
  enum class OnHangup { Finish, Cancel, Resume };
  enum class Cancel { Never, ByCaller, ByModel };
  enum class Late { Offer, Drop };

  std::string name;
  Mode mode = Mode::Background;

  std::optional<Line> ack;  // none: nothing is said
  Millis ack_after{400};

  Progress progress = Progress::None;
  Millis progress_every{0};
  std::optional<Line> progress_line;

  Deliver deliver = Deliver::WhenIdle;
  Millis grace{700};                        // of WhenIdle: after that much quiet
  std::optional<Deliver> escalate_to;       // when the gate stays shut ...
  Millis escalate_after{0};                 // ... for that long

  CallerSpeaks while_caller_speaks = CallerSpeaks::Hold;
  Millis override_after{0};

  std::optional<Template> announce;
  Read read = Read::Always;
  int read_words = 0;

  Millis coalesce_window{300};
  int coalesce_max = 3;
  Priority priority = Priority::Normal;
  std::vector<std::string> supersedes_by;   // empty: none
  bool supersedes = false;

  int heard_percent = 80;
  IfInterrupted if_interrupted = IfInterrupted::Retry;
  int interrupted_retries = 2;              // of Retry; `then`:
  Late interrupted_then = Late::Offer;

  Duplicates duplicates = Duplicates::Join;
  Millis duplicates_within{60'000};
  std::vector<std::string> duplicates_by;   // empty: all arguments

  int concurrency = 3;
  Else concurrency_else;

  Millis timeout{60'000};
  Else timeout_else;

  int retries = 0;
  Millis retry_min{1'000};
  Millis retry_max{8'000};
  RetryOn retry_on = RetryOn::Network;

  bool fails_to_handler = true;             // else `fails`
  Else fails;

  Millis expires{600'000};
  Else expires_else;

  OnHandoff on_handoff = OnHandoff::Keep;
  OnHangup on_hangup = OnHangup::Finish;
  Cancel cancel = Cancel::ByCaller;

  auto operator==(const Policy&) const -> bool = default;
};

// ── Services, and the work of tools that are not Lua ─────────────────────────────────────────────────────────────

struct Header {
  std::string name;
  Setting value;
  auto operator==(const Header&) const -> bool = default;
};

// How a service lets us in. Secrets are names.
struct Auth {
  enum class Kind { None, Bearer, Header, OAuth };
  Kind kind = Kind::None;
  std::string header;               // of Header: its name
  std::string secret;               // of Bearer and Header
  std::string provider;             // of OAuth, as all that follows
  Setting token_url;
  Setting client;
  std::string client_secret;        // empty: a public client
  std::string refresh;              // the refresh token; empty: the client speaks for itself
  std::vector<std::string> scopes;
  auto operator==(const Auth&) const -> bool = default;
};

// What several tools share: a place outside.
struct Service {
  enum class Kind { Http, Mcp, Database };
  std::string name;
  Kind kind = Kind::Http;
  Setting at;                        // the address; of Database: the file
  std::vector<std::string> command;  // of Mcp: the server is this program, and `at` is empty
  std::vector<std::string> env;      // of Mcp: what of the environment the program sees
  Auth auth;
  Span declared_at;
  auto operator==(const Service&) const -> bool = default;
};

// What a tool outside of Lua does. The tool's body says which fields count.
struct Work {
  Id<Service> service;               // of Http, Mcp, Sql
  std::string method;                // of Http: GET, POST, …
  Template text;                     // of Http: the path; of Sql: the query. What stands in holes is escaped, or bound
  std::vector<Header> headers;       // of Http
  Id<Expr> content;                  // of Http: what is sent; none: the arguments that stand nowhere else
  std::string name;                  // of Mcp: the tool, as the server calls it
  std::vector<std::string> command;  // of Exec: the program and its arguments
  std::string folder;                // of Exec: where it runs, from the flow's folder on; empty: there
  Setting url;                       // of Batch
  std::string key;                   // of Batch: the secret's name
  std::string model;                 // of Batch
  Millis poll_min{0}, poll_max{0};   // of Batch
  auto operator==(const Work&) const -> bool = default;
};

// ── Tools, agents, connections ───────────────────────────────────────────────────────────────────────────────

enum class Effects { Pure, Reads, Writes, WritesOnce };

struct Tool {
  enum class Body { Lua, EndCall, StaySilent, Http, Mcp, Exec, Sql, Batch };

  std::string name;
  std::string doc;
  std::vector<Field> params;
  std::string schema;          // JSON Schema of the parameters
  Id<Type> result;             // none: gives nothing
  Effects effects = Effects::Reads;
  Body body = Body::Lua;
  std::string lua_file;        // as written, for messages
  std::string lua_source;      // whole text; the runtime reads no file
  std::optional<Work> work;    // of Http, Mcp, Exec, Sql, Batch
  Id<Policy> policy;
  Id<Expr> available_if;
  std::optional<Template> confirm;
  std::string idempotency_key; // the parameter that makes a call unique; empty: none
  std::vector<std::string> examples;
  std::vector<std::pair<Id<StateField>, Id<Expr>>> sets;  // `result` is a local of the expressions
  std::vector<std::string> env;  // names of the environment that `flow.env` may read
  Id<Tool> compensate;         // undoes a run whose outcome nobody wants any more; none: it cannot be undone
  Span declared_at;
  auto operator==(const Tool&) const -> bool = default;
};

// Whether the runtime itself does what the tool does; nothing is started then.
constexpr auto is_builtin(Tool::Body body) -> bool { return body == Tool::Body::EndCall || body == Tool::Body::StaySilent; }

// One thing that a form asks for. In its expressions and templates the fields of the form are locals.
struct FormField {
  std::string name;
  Id<Type> type;                   // optional: the form is complete without it
  std::string doc;                 // read by the model
  bool pii = false;
  Id<Expr> fallback = {};          // its value until the caller says another
  std::optional<Line> ask = {};
  Id<Expr> check = {};             // what must hold of an answer
  Id<Tool> check_tool = {};        // asked when `check` holds: its result must be true, or set
  std::vector<std::pair<std::string, Id<Expr>>> check_args = {};
  std::vector<Action> rejected = {};  // what is done when a check does not hold
  int keys_min = 0;                // typed on the keys: so many at least ...
  int keys_max = 0;                // ... and at most; 0: not typed
  std::string keys_until = {};     // the key that ends it; empty: none
  auto operator==(const FormField&) const -> bool = default;
};

// What an agent finds out from the caller: in any order, corrected as often as they like, submitted once.
struct Form {
  std::string name;
  std::string doc;
  Id<Agent> agent;
  std::vector<FormField> fields;
  int tries = 0;                   // answers to one field that do not do; 0: no limit
  std::vector<Action> tries_else;
  std::optional<Template> confirm; // read back when all is there
  Id<Tool> submit;                 // none: done when all is there
  std::vector<std::pair<std::string, Id<Expr>>> submit_args;
  std::string function;            // what the model calls, `fill_<name>`
  std::string schema;              // JSON Schema of its parameters
  Span declared_at;
  auto operator==(const Form&) const -> bool = default;
};

struct TurnDetection {
  enum class Kind { ServerVad, SemanticVad, Manual };
  enum class Eagerness { Auto, Low, Medium, High };
  Kind kind = Kind::ServerVad;
  double threshold = 0.5;       // of ServerVad, 0..1
  Millis prefix{300};           // of ServerVad
  Millis silence{500};          // of ServerVad
  Eagerness eagerness = Eagerness::Auto;  // of SemanticVad
  auto operator==(const TurnDetection&) const -> bool = default;
};

struct BargeIn {
  Millis after{0};    // how long the caller must speak before the agent falls silent
  Millis resume{0};   // how long it then waits for words, at least 500 ms; 0: what has no transcript had words
  std::vector<std::string> backchannels;  // words that do not interrupt
  auto operator==(const BargeIn&) const -> bool = default;
};

struct Agent {
  std::string name;
  std::string doc;
  std::string voice;
  Template instructions;
  std::optional<Line> greet_first;
  std::optional<Line> greet_return;
  std::vector<Id<Tool>> tools;
  TurnDetection turn_detection;
  BargeIn barge_in;
  int max_output_tokens = 0;  // 0: the provider's default
  double speed = 1.0;
  std::optional<double> temperature;  // none: the provider's default
  Id<Realtime> realtime;      // a connection of its own; none: the program's
  Span declared_at;
  auto operator==(const Agent&) const -> bool = default;
};

struct StateField {
  std::string name;
  Id<Type> type;
  bool pii = false;
  std::string extract = {};    // how the model knows it, and then sets it; empty: it does not
  Id<Expr> initial;
  std::optional<Millis> kept_for;  // for the caller's next call
  Id<Expr> kept_by;                // with `kept_for`: whose it is
  auto operator==(const StateField&) const -> bool = default;
};

// ── Ways out ──────────────────────────────────────────────────────────────────────────────────────────────────

// A destination outside, and how the caller gets there. Nothing here dials: the channel does, if it can.
struct Transfer {
  enum class To { Phone, Sip, Queue };
  enum class Mode {
    Warm,   // the person answers, is told what the call is about, then gets the caller
    Cold,   // the caller waits until the person answers, and gets nobody who was told anything
    Blind,  // the caller is given away at once; whether anybody answers is not seen
  };
  std::string name, doc;
  To to = To::Phone;
  std::string address;       // of Phone: E.164, `+15550100`; of Sip: `sip:desk@example.com`; of Queue: its name
  Mode mode = Mode::Cold;
  std::optional<Line> say;   // by the agent, before; none: silent
  std::optional<Line> brief; // of Warm: what the person is told; none: what is known of the call, in the runtime's words
  Millis timeout{30'000};    // how long an answer is waited for
  Else fails;                // what follows if there is none; empty: the model tells the caller
  Span declared_at;
  auto operator==(const Transfer&) const -> bool = default;
};

// ── Rules ────────────────────────────────────────────────────────────────────────────────────────────────────

// Something that happens in a call, as a rule names it.
struct Deed {
  enum class Kind {
    Tool,   // the tool runs; as a condition: it has succeeded
    Enter,  // `target` gets the call; as a condition: it has had it
    Heard,  // the caller has heard a line with these words in it; a condition only
  };
  Kind kind = Kind::Tool;
  Id<Tool> tool;
  Target target;
  std::string words;
  auto operator==(const Deed&) const -> bool = default;
};

// One clause of a `rule`. All but `Reaches` are enforced: what a rule forbids now is not offered to the model, and
// does not happen if it is asked for anyway.
struct Rule {
  enum class Kind {
    Unless,   // never `what` while `unless` does not hold; its parameters are locals of the expression
    Before,   // never `what` before `first` has happened
    AtMost,   // `what` happens `most` times in a call, and no more
    Reaches,  // from every agent `what` is no more than `most` handoffs away; shown before a call, not enforced in it
  };
  std::string declaration;  // the name of the `rule`
  std::string text;         // the clause as it is written, for people and for the model
  std::string doc;          // why, in the author's words
  Kind kind = Kind::Unless;
  Deed what;
  Id<Expr> unless;          // of Unless
  std::optional<Deed> first;  // of Before
  int most = 0;             // of AtMost and Reaches
  Span declared_at;
  auto operator==(const Rule&) const -> bool = default;
};

struct Program {
  std::string name;
  int edition = 2026;
  std::string locale = "en-US";
  Template instructions;     // shared by all agents, put before their own
  Id<Agent> start;           // takes the call first
  Id<Realtime> realtime;     // the default connection
  Millis max_duration{0};    // 0: no limit of the flow's own
  Millis dead_air{4'000};
  std::string extract_schema;  // JSON Schema of what the model may set in the state; empty: nothing
  std::optional<double> max_cost;  // none: no limit
  std::string currency;            // of max_cost
  std::optional<SpendingLimit> budget;  // of all calls together; none: no limit
  std::optional<Setting> otlp;     // the collector that receives traces

  Table<Type> types;
  Table<Enum> enums;
  Table<Record> records;
  Table<Expr> exprs;
  Table<StateField> state;
  Table<Policy> policies;
  Table<Service> services;
  Table<Tool> tools;
  Table<Agent> agents;
  Table<Form> forms;
  Table<Handoff> handoffs;   // in the order of the file: the first that holds wins
  Table<Handler> handlers;   // the same
  Table<Realtime> realtimes;
  Table<Rule> rules;
  Table<Transfer> transfers;
  Table<Channel> channels;   // none: a call may come from anywhere
  std::vector<std::string> files;  // by FileId, for messages

  auto operator==(const Program&) const -> bool = default;
};

}  // namespace flow::ir
