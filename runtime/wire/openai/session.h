#pragma once
// The session object, as a client asks for it and as the service reports it. Every member may be absent; absent means
// "as it is" in an update. `fields` of a struct names its members on the wire, for reading and writing alike.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/ir/value.h"
#include "runtime/wire/openai/sparse.h"

namespace flow::wire::openai {

using Texts = std::vector<std::string>;
using TextMap = std::vector<std::pair<std::string, std::string>>;  // metadata, headers

// ── Audio ────────────────────────────────────────────────────────────────────────────────────────────────────

struct Pcm {  // 16 bit, little-endian, mono
  static constexpr std::string_view Type = "audio/pcm";
  std::optional<std::int64_t> rate;  // 24000 is the only one
  static void fields(auto& f, auto& e) { f.within("rate", e.rate, 24'000, 24'000); }
  auto operator==(const Pcm&) const -> bool = default;
};
struct MuLaw {  // 8 kHz
  static constexpr std::string_view Type = "audio/pcmu";
  static void fields(auto&, auto&) {}
  auto operator==(const MuLaw&) const -> bool = default;
};
struct ALaw {  // 8 kHz
  static constexpr std::string_view Type = "audio/pcma";
  static void fields(auto&, auto&) {}
  auto operator==(const ALaw&) const -> bool = default;
};
using AudioFormat = std::variant<Pcm, MuLaw, ALaw>;

enum class NoiseKind { NearField, FarField };
constexpr auto names(NoiseKind) { return std::array<std::string_view, 2>{"near_field", "far_field"}; }
struct NoiseReduction {
  std::optional<NoiseKind> type;
  std::optional<double> strength;
  static void fields(auto& f, auto& e) { f("type", e.type), f("strength", e.strength); }
  auto operator==(const NoiseReduction&) const -> bool = default;
};

enum class Level { Minimal, Low, Medium, High, XHigh };
constexpr auto names(Level) { return std::array<std::string_view, 5>{"minimal", "low", "medium", "high", "xhigh"}; }
struct Transcription {
  std::optional<std::string> model, language;
  std::optional<Texts> languages;
  std::optional<std::string> prompt;
  std::optional<Texts> keywords;
  std::optional<Level> delay;
  static void fields(auto& f, auto& e) {
    f("model", e.model), f("language", e.language), f("languages", e.languages);
    f("prompt", e.prompt), f("keywords", e.keywords), f("delay", e.delay);
  }
  auto operator==(const Transcription&) const -> bool = default;
};

struct ServerVad {
  static constexpr std::string_view Type = "server_vad";
  std::optional<double> threshold;
  std::optional<std::int64_t> prefix_padding_ms, silence_duration_ms;
  Sparse<std::int64_t> idle_timeout_ms;
  std::optional<bool> create_response, interrupt_response;
  static void fields(auto& f, auto& e) {
    f.within("threshold", e.threshold, 0, 1);
    f.within("prefix_padding_ms", e.prefix_padding_ms, 0, 60'000);
    f.within("silence_duration_ms", e.silence_duration_ms, 0, 60'000);
    f.within("idle_timeout_ms", e.idle_timeout_ms, 5'000, 30'000);
    f("create_response", e.create_response), f("interrupt_response", e.interrupt_response);
  }
  auto operator==(const ServerVad&) const -> bool = default;
};
enum class Eagerness { Auto, Low, Medium, High };
constexpr auto names(Eagerness) { return std::array<std::string_view, 4>{"auto", "low", "medium", "high"}; }
struct SemanticVad {
  static constexpr std::string_view Type = "semantic_vad";
  std::optional<Eagerness> eagerness;
  std::optional<bool> create_response, interrupt_response;
  static void fields(auto& f, auto& e) {
    f("eagerness", e.eagerness), f("create_response", e.create_response), f("interrupt_response", e.interrupt_response);
  }
  auto operator==(const SemanticVad&) const -> bool = default;
};
using TurnDetection = std::variant<ServerVad, SemanticVad>;

struct AudioInput {
  std::optional<AudioFormat> format;
  Sparse<NoiseReduction> noise_reduction;  // null: none
  Sparse<Transcription> transcription;     // null: none
  Sparse<TurnDetection> turn_detection;    // null: the client commits and creates
  static void fields(auto& f, auto& e) {
    f("format", e.format), f("noise_reduction", e.noise_reduction);
    f("transcription", e.transcription), f("turn_detection", e.turn_detection);
  }
  auto operator==(const AudioInput&) const -> bool = default;
};

struct CustomVoice {
  std::string id;
  static void fields(auto& f, auto& e) { f("id", e.id); }
  auto operator==(const CustomVoice&) const -> bool = default;
};
using Voice = std::variant<std::string, CustomVoice>;

struct AudioOutput {
  std::optional<AudioFormat> format;
  std::optional<Voice> voice;  // locked once audio was emitted
  std::optional<double> speed;
  static void fields(auto& f, auto& e) {
    f("format", e.format), f("voice", e.voice), f.within("speed", e.speed, 0.25, 1.5);
  }
  auto operator==(const AudioOutput&) const -> bool = default;
};
struct SessionAudio {
  std::optional<AudioInput> input;
  std::optional<AudioOutput> output;
  static void fields(auto& f, auto& e) { f("input", e.input), f("output", e.output); }
  auto operator==(const SessionAudio&) const -> bool = default;
};

// ── Tools ────────────────────────────────────────────────────────────────────────────────────────────────────

struct FunctionTool {
  static constexpr std::string_view Type = "function";
  std::string name;
  std::optional<std::string> description;
  std::optional<Value> parameters;  // JSON Schema
  static void fields(auto& f, auto& e) {
    f("name", e.name), f("description", e.description), f("parameters", e.parameters);
  }
  auto operator==(const FunctionTool&) const -> bool = default;
};

struct McpFilter {
  std::optional<Texts> tool_names;
  std::optional<bool> read_only;
  static void fields(auto& f, auto& e) { f("tool_names", e.tool_names), f("read_only", e.read_only); }
  auto operator==(const McpFilter&) const -> bool = default;
};
enum class Approval { Always, Never };
constexpr auto names(Approval) { return std::array<std::string_view, 2>{"always", "never"}; }
struct ApprovalFilter {
  std::optional<McpFilter> always, never;
  static void fields(auto& f, auto& e) { f("always", e.always), f("never", e.never); }
  auto operator==(const ApprovalFilter&) const -> bool = default;
};
struct McpTool {  // run by the service; `authorization` and `headers` are secrets
  static constexpr std::string_view Type = "mcp";
  std::string server_label;
  std::optional<std::string> server_url, connector_id, tunnel_id, authorization, server_description;
  Sparse<TextMap> headers;
  Sparse<std::variant<Texts, McpFilter>> allowed_tools;
  Sparse<std::variant<Approval, ApprovalFilter>> require_approval;
  std::optional<bool> defer_loading;
  Sparse<Texts> allowed_callers;
  static void fields(auto& f, auto& e) {
    f("server_label", e.server_label), f("server_url", e.server_url), f("connector_id", e.connector_id);
    f("tunnel_id", e.tunnel_id), f("authorization", e.authorization), f("server_description", e.server_description);
    f("headers", e.headers), f("allowed_tools", e.allowed_tools), f("require_approval", e.require_approval);
    f("defer_loading", e.defer_loading), f("allowed_callers", e.allowed_callers);
  }
  auto operator==(const McpTool&) const -> bool = default;
};
using Tool = std::variant<FunctionTool, McpTool>;

enum class ToolUse { Auto, None, Required };
constexpr auto names(ToolUse) { return std::array<std::string_view, 3>{"auto", "none", "required"}; }
struct UseFunction {
  static constexpr std::string_view Type = "function";
  std::string name;
  static void fields(auto& f, auto& e) { f("name", e.name); }
  auto operator==(const UseFunction&) const -> bool = default;
};
struct UseMcp {
  static constexpr std::string_view Type = "mcp";
  std::string server_label;
  Sparse<std::string> name;
  static void fields(auto& f, auto& e) { f("server_label", e.server_label), f("name", e.name); }
  auto operator==(const UseMcp&) const -> bool = default;
};
using ToolChoice = std::variant<ToolUse, UseFunction, UseMcp>;

// ── The rest ─────────────────────────────────────────────────────────────────────────────────────────────────

enum class Unlimited { Inf };
constexpr auto names(Unlimited) { return std::array<std::string_view, 1>{"inf"}; }
using TokenLimit = std::variant<std::int64_t, Unlimited>;

struct Reasoning {
  std::optional<Level> effort;
  static void fields(auto& f, auto& e) { f("effort", e.effort); }
  auto operator==(const Reasoning&) const -> bool = default;
};

enum class TruncationMode { Auto, Disabled };
constexpr auto names(TruncationMode) { return std::array<std::string_view, 2>{"auto", "disabled"}; }
struct TruncationLimits {
  std::optional<std::int64_t> post_instructions;
  static void fields(auto& f, auto& e) { f("post_instructions", e.post_instructions); }
  auto operator==(const TruncationLimits&) const -> bool = default;
};
struct RetentionRatio {
  static constexpr std::string_view Type = "retention_ratio";
  double retention_ratio = 1;
  std::optional<TruncationLimits> token_limits;
  static void fields(auto& f, auto& e) {
    f.within("retention_ratio", e.retention_ratio, 0, 1), f("token_limits", e.token_limits);
  }
  auto operator==(const RetentionRatio&) const -> bool = default;
};
using Truncation = std::variant<TruncationMode, RetentionRatio>;

struct Prompt {
  std::string id;
  Sparse<std::string> version;
  Sparse<Value> variables;
  static void fields(auto& f, auto& e) { f("id", e.id), f("version", e.version), f("variables", e.variables); }
  auto operator==(const Prompt&) const -> bool = default;
};

enum class TracingMode { Auto };
constexpr auto names(TracingMode) { return std::array<std::string_view, 1>{"auto"}; }
struct TracingConfig {
  std::optional<std::string> workflow_name, group_id;
  std::optional<Value> metadata;
  static void fields(auto& f, auto& e) {
    f("workflow_name", e.workflow_name), f("group_id", e.group_id), f("metadata", e.metadata);
  }
  auto operator==(const TracingConfig&) const -> bool = default;
};
using Tracing = std::variant<TracingMode, TracingConfig>;

enum class Modality { Text, Audio };
constexpr auto names(Modality) { return std::array<std::string_view, 2>{"text", "audio"}; }
using Modalities = std::vector<Modality>;

// What only the service says about a session; a client that sends it is refused.
struct SessionIdentity {
  std::optional<std::string> object, id;
  std::optional<std::int64_t> expires_at;  // unix seconds
  static void fields(auto& f, auto& e) { f("object", e.object), f("id", e.id), f("expires_at", e.expires_at); }
  auto operator==(const SessionIdentity&) const -> bool = default;
};

struct RealtimeSession {
  static constexpr std::string_view Type = "realtime";
  SessionIdentity identity;
  std::optional<std::string> model;         // only when the link is opened
  std::optional<std::string> instructions;  // "" clears
  std::optional<Modalities> output_modalities;
  std::optional<SessionAudio> audio;
  std::optional<std::vector<Tool>> tools;  // [] clears
  std::optional<ToolChoice> tool_choice;
  std::optional<bool> parallel_tool_calls;
  std::optional<Reasoning> reasoning;
  std::optional<TokenLimit> max_output_tokens;
  std::optional<Truncation> truncation;
  Sparse<Prompt> prompt;
  Sparse<Tracing> tracing;
  Sparse<Texts> include;
  static void fields(auto& f, auto& e) {
    if (!f.from_client()) SessionIdentity::fields(f, e.identity);
    f("model", e.model), f("instructions", e.instructions), f("output_modalities", e.output_modalities);
    f("audio", e.audio), f("tools", e.tools), f("tool_choice", e.tool_choice);
    f("parallel_tool_calls", e.parallel_tool_calls), f("reasoning", e.reasoning);
    f.within("max_output_tokens", e.max_output_tokens, 1, 4'096), f("truncation", e.truncation);
    f("prompt", e.prompt), f("tracing", e.tracing), f("include", e.include);
  }
  auto operator==(const RealtimeSession&) const -> bool = default;
};

struct TranscriptionAudio {
  std::optional<AudioInput> input;
  static void fields(auto& f, auto& e) { f("input", e.input); }
  auto operator==(const TranscriptionAudio&) const -> bool = default;
};
struct TranscriptionSession {
  static constexpr std::string_view Type = "transcription";
  SessionIdentity identity;
  std::optional<TranscriptionAudio> audio;
  Sparse<Texts> include;
  static void fields(auto& f, auto& e) {
    if (!f.from_client()) SessionIdentity::fields(f, e.identity);
    f("audio", e.audio), f("include", e.include);
  }
  auto operator==(const TranscriptionSession&) const -> bool = default;
};

using Session = std::variant<RealtimeSession, TranscriptionSession>;

// What `update` says is put over `session`; what it leaves out stays. Objects that hang together (a format, the turn
// detection, a transcription) are replaced whole, `audio`, `audio.input` and `audio.output` member by member.
void merge(const RealtimeSession& update, RealtimeSession& session);
void merge(const TranscriptionSession& update, TranscriptionSession& session);

}  // namespace flow::wire::openai
