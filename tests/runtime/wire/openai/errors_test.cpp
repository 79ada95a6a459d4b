#include "runtime/wire/openai/errors.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::wire::openai {
namespace {

using core::Command;
using core::ErrorCode;

TEST_CASE("an error is known by its code") {
  const auto code = [](std::string_view name) { return error_code(name, "invalid_request_error", Command::None); };
  CHECK(code("conversation_already_has_active_response") == ErrorCode::ActiveResponse);
  CHECK(code("response_cancel_not_active") == ErrorCode::NothingToCancel);
  CHECK(code("input_audio_buffer_commit_empty") == ErrorCode::EmptyBuffer);
  CHECK(code("cannot_update_voice") == ErrorCode::VoiceLocked);
  CHECK(code("item_truncate_invalid_item_id") == ErrorCode::UnknownItem);
  CHECK(code("item_delete_invalid_item_id") == ErrorCode::UnknownItem);
  CHECK(code("session_expired") == ErrorCode::SessionExpired);
  CHECK(code("invalid_api_key") == ErrorCode::WrongKey);
  CHECK(code("model_not_found") == ErrorCode::NoSuchModel);
  CHECK(code("insufficient_quota") == ErrorCode::NoQuota);
  CHECK(code("rate_limit_exceeded") == ErrorCode::RateLimited);
  CHECK(code("unknown_parameter") == ErrorCode::WrongRequest);
}

TEST_CASE("an error of an unknown code is known by its type, or not at all") {
  CHECK(error_code("", "server_error", Command::None) == ErrorCode::ServerError);
  CHECK(error_code("something_new", "server_error", Command::None) == ErrorCode::ServerError);
  CHECK(error_code("", "invalid_request_error", Command::CreateItem) == ErrorCode::WrongRequest);
  CHECK(error_code("something_new", "strange_error", Command::None) == ErrorCode::Other);
  CHECK(error_code("", "", Command::None) == ErrorCode::Other);
}

TEST_CASE("of a truncation only the length can be wrong") {
  CHECK(error_code("invalid_value", "invalid_request_error", Command::Truncate) == ErrorCode::TruncateTooLong);
  CHECK(error_code("", "invalid_request_error", Command::Truncate) == ErrorCode::TruncateTooLong);
  CHECK(error_code("item_truncate_invalid_item_id", "invalid_request_error", Command::Truncate) ==
        ErrorCode::UnknownItem);
  CHECK(error_code("", "server_error", Command::Truncate) == ErrorCode::ServerError);
}

TEST_CASE("an event id names the command and its number, and no other text does") {
  for (auto command = Command::Configure; command <= Command::Clear;
       command = static_cast<Command>(static_cast<int>(command) + 1)) {
    CHECK(from_event_id(to_event_id({command, 7})) == CommandName{command, 7});
  }
  CHECK(to_event_id({Command::CreateResponse, 7}) == "create:7");
  CHECK(to_event_id({Command::Configure, 2}) == "configure:2");
  CHECK(to_event_id({Command::Cancel, 3}) == "cancel:3");
  for (const auto* text : {"", ":", "create", "create:", "create:x", "create:7x", "create:-1", "create:99999999999",
                           ":7", "event_123", "Create:7"}) {
    CAPTURE(text);
    CHECK(from_event_id(text) == CommandName{});
  }
}

}  // namespace
}  // namespace flow::wire::openai
