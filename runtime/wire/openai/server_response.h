#pragma once
// What the service says about its responses, as it makes them.

#include "runtime/wire/openai/response.h"

namespace flow::wire::openai::server {

// ── Where a streaming event belongs ──────────────────────────────────────────────────────────────────────────

struct ItemPlace {
  std::string response_id, item_id;
  std::int64_t output_index = 0;  // counts the response's items
  static void fields(auto& f, auto& e) {
    f("response_id", e.response_id), f("item_id", e.item_id), f("output_index", e.output_index);
  }
  auto operator==(const ItemPlace&) const -> bool = default;
};
struct PartPlace {
  ItemPlace item;
  std::int64_t content_index = 0;  // counts the item's parts
  static void fields(auto& f, auto& e) { ItemPlace::fields(f, e.item), f("content_index", e.content_index); }
  auto operator==(const PartPlace&) const -> bool = default;
};

// ── Responses ────────────────────────────────────────────────────────────────────────────────────────────────

struct ResponseCreated {
  static constexpr std::string_view Type = "response.created";
  Response response;
  static void fields(auto& f, auto& e) { f("response", e.response); }
  auto operator==(const ResponseCreated&) const -> bool = default;
};
struct ResponseDone {
  static constexpr std::string_view Type = "response.done";
  Response response;
  static void fields(auto& f, auto& e) { f("response", e.response); }
  auto operator==(const ResponseDone&) const -> bool = default;
};
struct OutputItemAdded {
  static constexpr std::string_view Type = "response.output_item.added";
  std::string response_id;
  std::int64_t output_index = 0;
  Item item;
  static void fields(auto& f, auto& e) {
    f("response_id", e.response_id), f("output_index", e.output_index), f("item", e.item);
  }
  auto operator==(const OutputItemAdded&) const -> bool = default;
};
struct OutputItemDone {
  static constexpr std::string_view Type = "response.output_item.done";
  std::string response_id;
  std::int64_t output_index = 0;
  Item item;
  static void fields(auto& f, auto& e) {
    f("response_id", e.response_id), f("output_index", e.output_index), f("item", e.item);
  }
  auto operator==(const OutputItemDone&) const -> bool = default;
};
enum class PartKind { Text, Audio };
constexpr auto names(PartKind) { return std::array<std::string_view, 2>{"text", "audio"}; }
struct PartInfo {  // here the kinds are `text` and `audio`, in items `output_text` and `output_audio`
  std::optional<PartKind> type;
  std::optional<std::string> text, transcript, audio;
  static void fields(auto& f, auto& e) {
    f("type", e.type), f("text", e.text), f("transcript", e.transcript), f("audio", e.audio);
  }
  auto operator==(const PartInfo&) const -> bool = default;
};
struct PartAdded {
  static constexpr std::string_view Type = "response.content_part.added";
  PartPlace at;
  PartInfo part;
  static void fields(auto& f, auto& e) { PartPlace::fields(f, e.at), f("part", e.part); }
  auto operator==(const PartAdded&) const -> bool = default;
};
struct PartDone {
  static constexpr std::string_view Type = "response.content_part.done";
  PartPlace at;
  PartInfo part;
  static void fields(auto& f, auto& e) { PartPlace::fields(f, e.at), f("part", e.part); }
  auto operator==(const PartDone&) const -> bool = default;
};
struct TextDelta {
  static constexpr std::string_view Type = "response.output_text.delta";
  PartPlace at;
  std::string delta;
  static void fields(auto& f, auto& e) { PartPlace::fields(f, e.at), f("delta", e.delta); }
  auto operator==(const TextDelta&) const -> bool = default;
};
struct TextDone {
  static constexpr std::string_view Type = "response.output_text.done";
  PartPlace at;
  std::string text;
  static void fields(auto& f, auto& e) { PartPlace::fields(f, e.at), f("text", e.text); }
  auto operator==(const TextDone&) const -> bool = default;
};
struct SpokenTextDelta {
  static constexpr std::string_view Type = "response.output_audio_transcript.delta";
  PartPlace at;
  std::string delta;
  static void fields(auto& f, auto& e) { PartPlace::fields(f, e.at), f("delta", e.delta); }
  auto operator==(const SpokenTextDelta&) const -> bool = default;
};
struct SpokenTextDone {
  static constexpr std::string_view Type = "response.output_audio_transcript.done";
  PartPlace at;
  std::string transcript;
  static void fields(auto& f, auto& e) { PartPlace::fields(f, e.at), f("transcript", e.transcript); }
  auto operator==(const SpokenTextDone&) const -> bool = default;
};
struct AudioDelta {
  static constexpr std::string_view Type = "response.output_audio.delta";
  PartPlace at;
  std::string delta;  // base64; audio.h is the fast way
  static void fields(auto& f, auto& e) { PartPlace::fields(f, e.at), f("delta", e.delta); }
  auto operator==(const AudioDelta&) const -> bool = default;
};
struct AudioDone {
  static constexpr std::string_view Type = "response.output_audio.done";
  PartPlace at;
  static void fields(auto& f, auto& e) { PartPlace::fields(f, e.at); }
  auto operator==(const AudioDone&) const -> bool = default;
};
struct ArgumentsDelta {
  static constexpr std::string_view Type = "response.function_call_arguments.delta";
  ItemPlace at;
  std::string call_id, delta;
  static void fields(auto& f, auto& e) { ItemPlace::fields(f, e.at), f("call_id", e.call_id), f("delta", e.delta); }
  auto operator==(const ArgumentsDelta&) const -> bool = default;
};
struct ArgumentsDone {
  static constexpr std::string_view Type = "response.function_call_arguments.done";
  ItemPlace at;
  std::string call_id;
  std::optional<std::string> name;
  std::string arguments;
  static void fields(auto& f, auto& e) {
    ItemPlace::fields(f, e.at), f("call_id", e.call_id), f("name", e.name), f("arguments", e.arguments);
  }
  auto operator==(const ArgumentsDone&) const -> bool = default;
};

// ── Tools that the service runs ──────────────────────────────────────────────────────────────────────────────

struct McpArgumentsDelta {
  static constexpr std::string_view Type = "response.mcp_call_arguments.delta";
  ItemPlace at;
  std::string delta;
  Sparse<std::string> obfuscation;
  static void fields(auto& f, auto& e) {
    ItemPlace::fields(f, e.at), f("delta", e.delta), f("obfuscation", e.obfuscation);
  }
  auto operator==(const McpArgumentsDelta&) const -> bool = default;
};
struct McpArgumentsDone {
  static constexpr std::string_view Type = "response.mcp_call_arguments.done";
  ItemPlace at;
  std::string arguments;
  static void fields(auto& f, auto& e) { ItemPlace::fields(f, e.at), f("arguments", e.arguments); }
  auto operator==(const McpArgumentsDone&) const -> bool = default;
};
struct McpCallInProgress {
  static constexpr std::string_view Type = "response.mcp_call.in_progress";
  std::int64_t output_index = 0;
  std::string item_id;
  static void fields(auto& f, auto& e) { f("output_index", e.output_index), f("item_id", e.item_id); }
  auto operator==(const McpCallInProgress&) const -> bool = default;
};
struct McpCallCompleted {
  static constexpr std::string_view Type = "response.mcp_call.completed";
  std::int64_t output_index = 0;
  std::string item_id;
  static void fields(auto& f, auto& e) { f("output_index", e.output_index), f("item_id", e.item_id); }
  auto operator==(const McpCallCompleted&) const -> bool = default;
};
struct McpCallFailed {
  static constexpr std::string_view Type = "response.mcp_call.failed";
  std::int64_t output_index = 0;
  std::string item_id;
  static void fields(auto& f, auto& e) { f("output_index", e.output_index), f("item_id", e.item_id); }
  auto operator==(const McpCallFailed&) const -> bool = default;
};
struct McpListInProgress {
  static constexpr std::string_view Type = "mcp_list_tools.in_progress";
  std::string item_id;
  static void fields(auto& f, auto& e) { f("item_id", e.item_id); }
  auto operator==(const McpListInProgress&) const -> bool = default;
};
struct McpListCompleted {
  static constexpr std::string_view Type = "mcp_list_tools.completed";
  std::string item_id;
  static void fields(auto& f, auto& e) { f("item_id", e.item_id); }
  auto operator==(const McpListCompleted&) const -> bool = default;
};
struct McpListFailed {
  static constexpr std::string_view Type = "mcp_list_tools.failed";
  std::string item_id;
  static void fields(auto& f, auto& e) { f("item_id", e.item_id); }
  auto operator==(const McpListFailed&) const -> bool = default;
};

}  // namespace flow::wire::openai::server
