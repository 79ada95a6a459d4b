#include "runtime/wire/openai/errors.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace flow::wire::openai {
namespace {

using core::Command;
using core::ErrorCode;

constexpr auto Codes = std::to_array<std::pair<std::string_view, ErrorCode>>({
    {"conversation_already_has_active_response", ErrorCode::ActiveResponse},
    {"response_cancel_not_active", ErrorCode::NothingToCancel},
    {"input_audio_buffer_commit_empty", ErrorCode::EmptyBuffer},
    {"cannot_update_voice", ErrorCode::VoiceLocked},
    {"item_truncate_invalid_item_id", ErrorCode::UnknownItem},
    {"item_delete_invalid_item_id", ErrorCode::UnknownItem},
    {"item_retrieve_invalid_item_id", ErrorCode::UnknownItem},
    {"session_expired", ErrorCode::SessionExpired},
    {"invalid_api_key", ErrorCode::WrongKey},
    {"model_not_found", ErrorCode::NoSuchModel},
    {"insufficient_quota", ErrorCode::NoQuota},
    {"rate_limit_exceeded", ErrorCode::RateLimited},
    {"server_error", ErrorCode::ServerError},
    {"invalid_value", ErrorCode::WrongRequest},
    {"missing_required_parameter", ErrorCode::WrongRequest},
    {"unknown_parameter", ErrorCode::WrongRequest},
    {"invalid_event", ErrorCode::WrongRequest},
    {"beta_api_shape_disabled", ErrorCode::WrongRequest},
});

constexpr auto Types = std::to_array<std::pair<std::string_view, ErrorCode>>({
    {"server_error", ErrorCode::ServerError},
    {"invalid_request_error", ErrorCode::WrongRequest},
    {"authentication_error", ErrorCode::WrongKey},
    {"insufficient_quota", ErrorCode::NoQuota},
    {"rate_limit_exceeded", ErrorCode::RateLimited},
});

// In the order of core::Command.
constexpr auto Names = std::to_array<std::string_view>(
    {"", "configure", "item", "delete", "create", "cancel", "truncate", "commit", "clear"});
static_assert(Names.size() == static_cast<std::size_t>(Command::Clear) + 1);

template <std::size_t N>
auto find(const std::array<std::pair<std::string_view, ErrorCode>, N>& table, std::string_view name) -> ErrorCode {
  for (const auto& [known, code] : table) {
    if (known == name) return code;
  }
  return ErrorCode::Other;
}

}  // namespace

auto error_code(std::string_view code, std::string_view type, Command command) -> ErrorCode {
  auto found = find(Codes, code);
  if (found == ErrorCode::Other) found = find(Types, type);
  // "Audio content of 3700ms is already shorter than 3760ms" has no code of its own. The item is known, and the index
  // and the form are ours, so the length is all that can be wrong with a truncation.
  if (found == ErrorCode::WrongRequest && command == Command::Truncate) return ErrorCode::TruncateTooLong;
  return found;
}

auto to_event_id(CommandName name) -> std::string {
  return fmt::format("{}:{}", Names[static_cast<std::size_t>(name.command)], name.number);
}

auto from_event_id(std::string_view event_id) -> CommandName {
  const auto colon = event_id.find(':');
  if (colon == event_id.npos) return {};
  const auto digits = event_id.substr(colon + 1);
  CommandName name;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), name.number);
  if (fault != std::errc{} || end != digits.data() + digits.size()) return {};
  for (std::size_t i = 1; i < Names.size(); ++i) {
    if (Names[i] == event_id.substr(0, colon)) return {static_cast<Command>(i), name.number};
  }
  return {};
}

}  // namespace flow::wire::openai
