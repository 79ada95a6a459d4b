#pragma once
// What a client may ask of one response, and the response as the service reports it.

#include "runtime/wire/openai/item.h"

namespace flow::wire::openai {

struct ResponseVoice {
  std::optional<AudioFormat> format;
  std::optional<Voice> voice;
  static void fields(auto& f, auto& e) { f("format", e.format), f("voice", e.voice); }
  auto operator==(const ResponseVoice&) const -> bool = default;
};
struct ResponseAudio {
  std::optional<ResponseVoice> output;
  static void fields(auto& f, auto& e) { f("output", e.output); }
  auto operator==(const ResponseAudio&) const -> bool = default;
};

// Each member overrides the session's, for this response only.
struct ResponseRequest {
  std::optional<std::string> conversation;  // auto, none
  Sparse<TextMap> metadata;                 // at most 16, name 64 and value 512 characters
  std::optional<std::vector<Item>> input;   // replaces the context; []: none
  std::optional<std::string> instructions;
  std::optional<Modalities> output_modalities;
  std::optional<ResponseAudio> audio;
  std::optional<std::vector<Tool>> tools;
  std::optional<ToolChoice> tool_choice;
  std::optional<TokenLimit> max_output_tokens;
  std::optional<bool> parallel_tool_calls;
  std::optional<Reasoning> reasoning;
  Sparse<Prompt> prompt;
  static void fields(auto& f, auto& e) {
    f("conversation", e.conversation), f("metadata", e.metadata), f("input", e.input);
    f("instructions", e.instructions), f("output_modalities", e.output_modalities), f("audio", e.audio);
    f("tools", e.tools), f("tool_choice", e.tool_choice);
    f.within("max_output_tokens", e.max_output_tokens, 1, 4'096);
    f("parallel_tool_calls", e.parallel_tool_calls), f("reasoning", e.reasoning), f("prompt", e.prompt);
  }
  auto operator==(const ResponseRequest&) const -> bool = default;
};

enum class ResponseStatus { InProgress, Completed, Cancelled, Incomplete, Failed };
constexpr auto names(ResponseStatus) {
  return std::array<std::string_view, 5>{"in_progress", "completed", "cancelled", "incomplete", "failed"};
}
struct StatusError {
  Sparse<std::string> type, code, message;
  static void fields(auto& f, auto& e) { f("type", e.type), f("code", e.code), f("message", e.message); }
  auto operator==(const StatusError&) const -> bool = default;
};
struct StatusDetails {
  std::optional<ResponseStatus> type;
  std::optional<std::string> reason;  // turn_detected, client_cancelled, max_output_tokens, content_filter
  Sparse<StatusError> error;
  static void fields(auto& f, auto& e) { f("type", e.type), f("reason", e.reason), f("error", e.error); }
  auto operator==(const StatusDetails&) const -> bool = default;
};

struct CachedTokens {
  std::optional<std::int64_t> text_tokens, audio_tokens, image_tokens;
  static void fields(auto& f, auto& e) {
    f("text_tokens", e.text_tokens), f("audio_tokens", e.audio_tokens), f("image_tokens", e.image_tokens);
  }
  auto operator==(const CachedTokens&) const -> bool = default;
};
struct InputTokens {
  std::optional<std::int64_t> text_tokens, audio_tokens, image_tokens, cached_tokens;
  std::optional<CachedTokens> cached_tokens_details;
  static void fields(auto& f, auto& e) {
    f("text_tokens", e.text_tokens), f("audio_tokens", e.audio_tokens), f("image_tokens", e.image_tokens);
    f("cached_tokens", e.cached_tokens), f("cached_tokens_details", e.cached_tokens_details);
  }
  auto operator==(const InputTokens&) const -> bool = default;
};
struct OutputTokens {
  std::optional<std::int64_t> text_tokens, audio_tokens;
  static void fields(auto& f, auto& e) { f("text_tokens", e.text_tokens), f("audio_tokens", e.audio_tokens); }
  auto operator==(const OutputTokens&) const -> bool = default;
};
struct ResponseUsage {
  std::optional<std::int64_t> total_tokens, input_tokens, output_tokens;
  std::optional<InputTokens> input_token_details;
  std::optional<OutputTokens> output_token_details;
  static void fields(auto& f, auto& e) {
    f("total_tokens", e.total_tokens), f("input_tokens", e.input_tokens), f("output_tokens", e.output_tokens);
    f("input_token_details", e.input_token_details), f("output_token_details", e.output_token_details);
  }
  auto operator==(const ResponseUsage&) const -> bool = default;
};

struct Response {
  std::optional<std::string> object;
  std::string id;
  std::optional<ResponseStatus> status;
  Sparse<StatusDetails> status_details;
  std::optional<std::vector<Item>> output;
  Sparse<std::string> conversation_id;  // null: out of band
  std::optional<Modalities> output_modalities;
  std::optional<TokenLimit> max_output_tokens;
  std::optional<ResponseAudio> audio;
  Sparse<ResponseUsage> usage;  // null until it is done
  Sparse<TextMap> metadata;
  static void fields(auto& f, auto& e) {
    f("object", e.object), f("id", e.id), f("status", e.status), f("status_details", e.status_details);
    f("output", e.output), f("conversation_id", e.conversation_id), f("output_modalities", e.output_modalities);
    f("max_output_tokens", e.max_output_tokens), f("audio", e.audio), f("usage", e.usage), f("metadata", e.metadata);
  }
  auto operator==(const Response&) const -> bool = default;
};

}  // namespace flow::wire::openai
