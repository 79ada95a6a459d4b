#pragma once
// Every event a client may send.

#include "runtime/wire/openai/response.h"

namespace flow::wire::openai::client {

struct SessionUpdate {
  static constexpr std::string_view Type = "session.update";
  Session session;
  static void fields(auto& f, auto& e) { f("session", e.session); }
  auto operator==(const SessionUpdate&) const -> bool = default;
};
struct AppendAudio {
  static constexpr std::string_view Type = "input_audio_buffer.append";
  std::string audio;  // base64; audio.h is the fast way
  static void fields(auto& f, auto& e) { f("audio", e.audio); }
  auto operator==(const AppendAudio&) const -> bool = default;
};
struct CommitAudio {
  static constexpr std::string_view Type = "input_audio_buffer.commit";
  static void fields(auto&, auto&) {}
  auto operator==(const CommitAudio&) const -> bool = default;
};
struct ClearAudio {
  static constexpr std::string_view Type = "input_audio_buffer.clear";
  static void fields(auto&, auto&) {}
  auto operator==(const ClearAudio&) const -> bool = default;
};
struct ClearOutputAudio {  // WebRTC and SIP only
  static constexpr std::string_view Type = "output_audio_buffer.clear";
  static void fields(auto&, auto&) {}
  auto operator==(const ClearOutputAudio&) const -> bool = default;
};
struct CreateItem {
  static constexpr std::string_view Type = "conversation.item.create";
  std::optional<std::string> previous_item_id;  // absent: the end; root: the front
  Item item;
  static void fields(auto& f, auto& e) {
    f("previous_item_id", e.previous_item_id), f("item", e.item), f.no_reference("item", e.item);
  }
  auto operator==(const CreateItem&) const -> bool = default;
};
struct RetrieveItem {
  static constexpr std::string_view Type = "conversation.item.retrieve";
  std::string item_id;
  static void fields(auto& f, auto& e) { f("item_id", e.item_id); }
  auto operator==(const RetrieveItem&) const -> bool = default;
};
struct TruncateItem {
  static constexpr std::string_view Type = "conversation.item.truncate";
  std::string item_id;
  std::int64_t content_index = 0, audio_end_ms = 0;
  static void fields(auto& f, auto& e) {
    f("item_id", e.item_id), f.within("content_index", e.content_index, 0, 1'000),
        f.within("audio_end_ms", e.audio_end_ms, 0, 1'000'000'000);
  }
  auto operator==(const TruncateItem&) const -> bool = default;
};
struct DeleteItem {
  static constexpr std::string_view Type = "conversation.item.delete";
  std::string item_id;
  static void fields(auto& f, auto& e) { f("item_id", e.item_id); }
  auto operator==(const DeleteItem&) const -> bool = default;
};
struct CreateResponse {
  static constexpr std::string_view Type = "response.create";
  std::optional<ResponseRequest> response;
  static void fields(auto& f, auto& e) { f("response", e.response); }
  auto operator==(const CreateResponse&) const -> bool = default;
};
struct CancelResponse {
  static constexpr std::string_view Type = "response.cancel";
  std::optional<std::string> response_id;  // absent: the active one of the conversation
  static void fields(auto& f, auto& e) { f("response_id", e.response_id); }
  auto operator==(const CancelResponse&) const -> bool = default;
};

using What = std::variant<SessionUpdate, AppendAudio, CommitAudio, ClearAudio, ClearOutputAudio, CreateItem,
                          RetrieveItem, TruncateItem, DeleteItem, CreateResponse, CancelResponse>;

struct Event {
  std::string event_id;  // empty: none
  What what;
  auto operator==(const Event&) const -> bool = default;
};

}  // namespace flow::wire::openai::client
