#pragma once
// What the service says about the link, the conversation and the caller's audio.

#include "runtime/wire/openai/response.h"

namespace flow::wire::openai::server {

// ── Session ──────────────────────────────────────────────────────────────────────────────────────────────────

struct ErrorInfo {
  std::string type;
  Sparse<std::string> code;
  std::string message;
  Sparse<std::string> param, event_id;  // event_id: the client's, of the event that was wrong
  static void fields(auto& f, auto& e) {
    f("type", e.type), f("code", e.code), f("message", e.message), f("param", e.param), f("event_id", e.event_id);
  }
  auto operator==(const ErrorInfo&) const -> bool = default;
};
struct Error {
  static constexpr std::string_view Type = "error";
  ErrorInfo error;
  static void fields(auto& f, auto& e) { f("error", e.error); }
  auto operator==(const Error&) const -> bool = default;
};
struct SessionCreated {  // the first event of a link
  static constexpr std::string_view Type = "session.created";
  Session session;
  static void fields(auto& f, auto& e) { f("session", e.session); }
  auto operator==(const SessionCreated&) const -> bool = default;
};
struct SessionUpdated {  // the whole session, as it is now
  static constexpr std::string_view Type = "session.updated";
  Session session;
  static void fields(auto& f, auto& e) { f("session", e.session); }
  auto operator==(const SessionUpdated&) const -> bool = default;
};
struct ConversationInfo {
  std::optional<std::string> id, object;
  static void fields(auto& f, auto& e) { f("id", e.id), f("object", e.object); }
  auto operator==(const ConversationInfo&) const -> bool = default;
};
struct ConversationCreated {
  static constexpr std::string_view Type = "conversation.created";
  ConversationInfo conversation;
  static void fields(auto& f, auto& e) { f("conversation", e.conversation); }
  auto operator==(const ConversationCreated&) const -> bool = default;
};
struct RateLimit {
  std::optional<std::string> name;  // requests, tokens
  std::optional<std::int64_t> limit, remaining;
  std::optional<double> reset_seconds;
  static void fields(auto& f, auto& e) {
    f("name", e.name), f("limit", e.limit), f("remaining", e.remaining), f("reset_seconds", e.reset_seconds);
  }
  auto operator==(const RateLimit&) const -> bool = default;
};
struct RateLimitsUpdated {
  static constexpr std::string_view Type = "rate_limits.updated";
  std::vector<RateLimit> rate_limits;
  static void fields(auto& f, auto& e) { f("rate_limits", e.rate_limits); }
  auto operator==(const RateLimitsUpdated&) const -> bool = default;
};

// ── Conversation ─────────────────────────────────────────────────────────────────────────────────────────────

struct ItemAdded {
  static constexpr std::string_view Type = "conversation.item.added";
  Sparse<std::string> previous_item_id;  // null: the first
  Item item;
  static void fields(auto& f, auto& e) { f("previous_item_id", e.previous_item_id), f("item", e.item); }
  auto operator==(const ItemAdded&) const -> bool = default;
};
struct ItemDone {
  static constexpr std::string_view Type = "conversation.item.done";
  Sparse<std::string> previous_item_id;  // null: the first
  Item item;
  static void fields(auto& f, auto& e) { f("previous_item_id", e.previous_item_id), f("item", e.item); }
  auto operator==(const ItemDone&) const -> bool = default;
};
struct ItemCreated {  // the beta's name of ItemAdded
  static constexpr std::string_view Type = "conversation.item.created";
  Sparse<std::string> previous_item_id;  // null: the first
  Item item;
  static void fields(auto& f, auto& e) { f("previous_item_id", e.previous_item_id), f("item", e.item); }
  auto operator==(const ItemCreated&) const -> bool = default;
};
struct ItemRetrieved {
  static constexpr std::string_view Type = "conversation.item.retrieved";
  Item item;  // with its audio
  static void fields(auto& f, auto& e) { f("item", e.item); }
  auto operator==(const ItemRetrieved&) const -> bool = default;
};
struct ItemDeleted {
  static constexpr std::string_view Type = "conversation.item.deleted";
  std::string item_id;
  static void fields(auto& f, auto& e) { f("item_id", e.item_id); }
  auto operator==(const ItemDeleted&) const -> bool = default;
};
struct ItemTruncated {
  static constexpr std::string_view Type = "conversation.item.truncated";
  std::string item_id;
  std::int64_t content_index = 0, audio_end_ms = 0;
  static void fields(auto& f, auto& e) {
    f("item_id", e.item_id), f("content_index", e.content_index), f("audio_end_ms", e.audio_end_ms);
  }
  auto operator==(const ItemTruncated&) const -> bool = default;
};
struct LogProb {
  std::string token;
  double logprob = 0;
  std::vector<std::int64_t> bytes;
  static void fields(auto& f, auto& e) { f("token", e.token), f("logprob", e.logprob), f("bytes", e.bytes); }
  auto operator==(const LogProb&) const -> bool = default;
};
struct Language {
  std::string code;
  static void fields(auto& f, auto& e) { f("code", e.code); }
  auto operator==(const Language&) const -> bool = default;
};
struct TranscriptTokens {
  static constexpr std::string_view Type = "tokens";
  std::int64_t total_tokens = 0, input_tokens = 0;
  std::optional<OutputTokens> input_token_details;
  std::int64_t output_tokens = 0;
  static void fields(auto& f, auto& e) {
    f("total_tokens", e.total_tokens), f("input_tokens", e.input_tokens);
    f("input_token_details", e.input_token_details), f("output_tokens", e.output_tokens);
  }
  auto operator==(const TranscriptTokens&) const -> bool = default;
};
struct TranscriptDuration {
  static constexpr std::string_view Type = "duration";
  double seconds = 0;
  static void fields(auto& f, auto& e) { f("seconds", e.seconds); }
  auto operator==(const TranscriptDuration&) const -> bool = default;
};
struct TranscriptDelta {
  static constexpr std::string_view Type = "conversation.item.input_audio_transcription.delta";
  std::string item_id;
  std::optional<std::int64_t> content_index;
  std::optional<std::string> delta;
  Sparse<std::vector<LogProb>> logprobs;
  static void fields(auto& f, auto& e) {
    f("item_id", e.item_id), f("content_index", e.content_index), f("delta", e.delta), f("logprobs", e.logprobs);
  }
  auto operator==(const TranscriptDelta&) const -> bool = default;
};
struct TranscriptCompleted {
  static constexpr std::string_view Type = "conversation.item.input_audio_transcription.completed";
  std::string item_id;
  std::int64_t content_index = 0;
  std::string transcript;
  std::optional<std::variant<TranscriptTokens, TranscriptDuration>> usage;
  std::optional<std::vector<Language>> languages;
  Sparse<std::vector<LogProb>> logprobs;
  static void fields(auto& f, auto& e) {
    f("item_id", e.item_id), f("content_index", e.content_index), f("transcript", e.transcript);
    f("usage", e.usage), f("languages", e.languages), f("logprobs", e.logprobs);
  }
  auto operator==(const TranscriptCompleted&) const -> bool = default;
};
struct TranscriptSegment {
  static constexpr std::string_view Type = "conversation.item.input_audio_transcription.segment";
  std::string item_id;
  std::int64_t content_index = 0;
  std::string id, text, speaker;
  double start = 0, end = 0;  // seconds
  static void fields(auto& f, auto& e) {
    f("item_id", e.item_id), f("content_index", e.content_index), f("id", e.id), f("text", e.text);
    f("speaker", e.speaker), f("start", e.start), f("end", e.end);
  }
  auto operator==(const TranscriptSegment&) const -> bool = default;
};
struct TranscriptError {
  std::optional<std::string> type, code, message, param;
  static void fields(auto& f, auto& e) {
    f("type", e.type), f("code", e.code), f("message", e.message), f("param", e.param);
  }
  auto operator==(const TranscriptError&) const -> bool = default;
};
struct TranscriptFailed {
  static constexpr std::string_view Type = "conversation.item.input_audio_transcription.failed";
  std::string item_id;
  std::int64_t content_index = 0;
  TranscriptError error;
  static void fields(auto& f, auto& e) {
    f("item_id", e.item_id), f("content_index", e.content_index), f("error", e.error);
  }
  auto operator==(const TranscriptFailed&) const -> bool = default;
};

// ── The caller's audio ───────────────────────────────────────────────────────────────────────────────────────

struct SpeechStarted {
  static constexpr std::string_view Type = "input_audio_buffer.speech_started";
  std::int64_t audio_start_ms = 0;
  std::string item_id;  // of the turn to come
  static void fields(auto& f, auto& e) { f("audio_start_ms", e.audio_start_ms), f("item_id", e.item_id); }
  auto operator==(const SpeechStarted&) const -> bool = default;
};
struct SpeechStopped {
  static constexpr std::string_view Type = "input_audio_buffer.speech_stopped";
  std::int64_t audio_end_ms = 0;
  std::string item_id;
  static void fields(auto& f, auto& e) { f("audio_end_ms", e.audio_end_ms), f("item_id", e.item_id); }
  auto operator==(const SpeechStopped&) const -> bool = default;
};
struct AudioCommitted {
  static constexpr std::string_view Type = "input_audio_buffer.committed";
  Sparse<std::string> previous_item_id;  // null: the first
  std::string item_id;
  static void fields(auto& f, auto& e) { f("previous_item_id", e.previous_item_id), f("item_id", e.item_id); }
  auto operator==(const AudioCommitted&) const -> bool = default;
};
struct AudioCleared {
  static constexpr std::string_view Type = "input_audio_buffer.cleared";
  static void fields(auto&, auto&) {}
  auto operator==(const AudioCleared&) const -> bool = default;
};
struct TimeoutTriggered {
  static constexpr std::string_view Type = "input_audio_buffer.timeout_triggered";
  std::int64_t audio_start_ms = 0, audio_end_ms = 0;
  std::string item_id;
  static void fields(auto& f, auto& e) {
    f("audio_start_ms", e.audio_start_ms), f("audio_end_ms", e.audio_end_ms), f("item_id", e.item_id);
  }
  auto operator==(const TimeoutTriggered&) const -> bool = default;
};
struct DtmfReceived {  // SIP only; has no event id
  static constexpr std::string_view Type = "input_audio_buffer.dtmf_event_received";
  std::string event;             // 0..9, *, #, A..D
  std::int64_t received_at = 0;  // unix seconds
  static void fields(auto& f, auto& e) { f("event", e.event), f("received_at", e.received_at); }
  auto operator==(const DtmfReceived&) const -> bool = default;
};
struct OutputAudioStarted {  // WebRTC and SIP only
  static constexpr std::string_view Type = "output_audio_buffer.started";
  std::string response_id;
  static void fields(auto& f, auto& e) { f("response_id", e.response_id); }
  auto operator==(const OutputAudioStarted&) const -> bool = default;
};
struct OutputAudioStopped {  // WebRTC and SIP only
  static constexpr std::string_view Type = "output_audio_buffer.stopped";
  std::string response_id;
  static void fields(auto& f, auto& e) { f("response_id", e.response_id); }
  auto operator==(const OutputAudioStopped&) const -> bool = default;
};
struct OutputAudioCleared {  // WebRTC and SIP only
  static constexpr std::string_view Type = "output_audio_buffer.cleared";
  std::string response_id;
  static void fields(auto& f, auto& e) { f("response_id", e.response_id); }
  auto operator==(const OutputAudioCleared&) const -> bool = default;
};

}  // namespace flow::wire::openai::server
