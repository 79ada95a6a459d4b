#pragma once
// Items of a conversation and their parts.

#include "runtime/wire/openai/session.h"

namespace flow::wire::openai {

// Of a kind that this code does not know yet, kept as it came. Only a service may send one.
struct Unknown {
  std::string type;
  Value whole;
  auto operator==(const Unknown&) const -> bool = default;
};

// ── Parts of a message ───────────────────────────────────────────────────────────────────────────────────────

struct InputText {
  static constexpr std::string_view Type = "input_text";
  std::string text;
  static void fields(auto& f, auto& e) { f("text", e.text); }
  auto operator==(const InputText&) const -> bool = default;
};
struct InputAudio {
  static constexpr std::string_view Type = "input_audio";
  std::optional<std::string> audio;  // base64
  Sparse<std::string> transcript;    // null: not transcribed yet
  static void fields(auto& f, auto& e) { f("audio", e.audio), f("transcript", e.transcript); }
  auto operator==(const InputAudio&) const -> bool = default;
};
enum class Detail { Auto, Low, High };
constexpr auto names(Detail) { return std::array<std::string_view, 3>{"auto", "low", "high"}; }
struct InputImage {
  static constexpr std::string_view Type = "input_image";
  std::string image_url;  // data URI of a PNG or JPEG
  std::optional<Detail> detail;
  static void fields(auto& f, auto& e) { f("image_url", e.image_url), f("detail", e.detail); }
  auto operator==(const InputImage&) const -> bool = default;
};
struct OutputText {
  static constexpr std::string_view Type = "output_text";
  std::string text;
  static void fields(auto& f, auto& e) { f("text", e.text); }
  auto operator==(const OutputText&) const -> bool = default;
};
struct OutputAudio {
  static constexpr std::string_view Type = "output_audio";
  std::optional<std::string> audio;  // base64
  Sparse<std::string> transcript;
  static void fields(auto& f, auto& e) { f("audio", e.audio), f("transcript", e.transcript); }
  auto operator==(const OutputAudio&) const -> bool = default;
};
using Part = std::variant<InputText, InputAudio, InputImage, OutputText, OutputAudio, Unknown>;

// ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────

enum class ItemStatus { InProgress, Completed, Incomplete };
constexpr auto names(ItemStatus) { return std::array<std::string_view, 3>{"in_progress", "completed", "incomplete"}; }

struct ItemHead {
  std::optional<std::string> id, object;
  std::optional<ItemStatus> status;
  static void fields(auto& f, auto& e) { f("id", e.id), f("object", e.object), f("status", e.status); }
  auto operator==(const ItemHead&) const -> bool = default;
};

enum class Role { System, User, Assistant };
constexpr auto names(Role) { return std::array<std::string_view, 3>{"system", "user", "assistant"}; }
auto may_hold(Role role, const Part& part) -> bool;

struct Message {
  static constexpr std::string_view Type = "message";
  ItemHead head;
  Role role = Role::System;
  std::vector<Part> content;
  static void fields(auto& f, auto& e) {
    ItemHead::fields(f, e.head), f("role", e.role), f("content", e.content);
    f.each_part("content", e.content, [&](const Part& part) { return may_hold(e.role, part); });
  }
  auto operator==(const Message&) const -> bool = default;
};
struct FunctionCall {
  static constexpr std::string_view Type = "function_call";
  ItemHead head;
  std::string name;
  std::optional<std::string> call_id;
  std::string arguments;  // JSON text, or its beginning
  static void fields(auto& f, auto& e) {
    ItemHead::fields(f, e.head), f("name", e.name), f("call_id", e.call_id), f("arguments", e.arguments);
  }
  auto operator==(const FunctionCall&) const -> bool = default;
};
struct FunctionOutput {
  static constexpr std::string_view Type = "function_call_output";
  ItemHead head;
  std::string call_id, output;
  static void fields(auto& f, auto& e) { ItemHead::fields(f, e.head), f("call_id", e.call_id), f("output", e.output); }
  auto operator==(const FunctionOutput&) const -> bool = default;
};

struct McpToolInfo {
  std::string name;
  Sparse<std::string> description;
  Value input_schema;
  Sparse<Value> annotations;
  static void fields(auto& f, auto& e) {
    f("name", e.name), f("description", e.description), f("input_schema", e.input_schema),
        f("annotations", e.annotations);
  }
  auto operator==(const McpToolInfo&) const -> bool = default;
};
struct McpListTools {
  static constexpr std::string_view Type = "mcp_list_tools";
  std::optional<std::string> id;
  std::string server_label;
  std::vector<McpToolInfo> tools;
  static void fields(auto& f, auto& e) { f("id", e.id), f("server_label", e.server_label), f("tools", e.tools); }
  auto operator==(const McpListTools&) const -> bool = default;
};
struct McpProtocolError {
  static constexpr std::string_view Type = "protocol_error";
  std::int64_t code = 0;
  std::string message;
  static void fields(auto& f, auto& e) { f("code", e.code), f("message", e.message); }
  auto operator==(const McpProtocolError&) const -> bool = default;
};
struct McpToolError {
  static constexpr std::string_view Type = "tool_execution_error";
  std::string message;
  static void fields(auto& f, auto& e) { f("message", e.message); }
  auto operator==(const McpToolError&) const -> bool = default;
};
struct McpHttpError {
  static constexpr std::string_view Type = "http_error";
  std::int64_t code = 0;
  std::string message;
  static void fields(auto& f, auto& e) { f("code", e.code), f("message", e.message); }
  auto operator==(const McpHttpError&) const -> bool = default;
};
struct McpCall {
  static constexpr std::string_view Type = "mcp_call";
  std::string id, server_label, name, arguments;
  Sparse<std::string> output;
  Sparse<std::variant<McpProtocolError, McpToolError, McpHttpError, Unknown>> error;
  Sparse<std::string> approval_request_id;
  static void fields(auto& f, auto& e) {
    f("id", e.id), f("server_label", e.server_label), f("name", e.name), f("arguments", e.arguments);
    f("output", e.output), f("error", e.error), f("approval_request_id", e.approval_request_id);
  }
  auto operator==(const McpCall&) const -> bool = default;
};
struct McpApprovalRequest {
  static constexpr std::string_view Type = "mcp_approval_request";
  std::string id, server_label, name, arguments;
  static void fields(auto& f, auto& e) {
    f("id", e.id), f("server_label", e.server_label), f("name", e.name), f("arguments", e.arguments);
  }
  auto operator==(const McpApprovalRequest&) const -> bool = default;
};
struct McpApprovalResponse {
  static constexpr std::string_view Type = "mcp_approval_response";
  std::optional<std::string> id;
  std::string approval_request_id;
  bool approve = false;
  Sparse<std::string> reason;
  static void fields(auto& f, auto& e) {
    f("id", e.id), f("approval_request_id", e.approval_request_id), f("approve", e.approve), f("reason", e.reason);
  }
  auto operator==(const McpApprovalResponse&) const -> bool = default;
};
struct ItemReference {  // only in the input of a response
  static constexpr std::string_view Type = "item_reference";
  std::string id;
  static void fields(auto& f, auto& e) { f("id", e.id); }
  auto operator==(const ItemReference&) const -> bool = default;
};

using Item = std::variant<Message, FunctionCall, FunctionOutput, McpListTools, McpCall, McpApprovalRequest,
                          McpApprovalResponse, ItemReference, Unknown>;

// The item's id; empty if it has none.
auto id_of(const Item& item) -> std::string_view;

}  // namespace flow::wire::openai
