#pragma once
// What the service's error codes mean to a session, and which command of ours an error answers.

#include <string>
#include <string_view>

#include "runtime/core/event.h"

namespace flow::wire::openai {

// `code` may be empty: then, as for an unknown one, the `type` decides.
auto error_code(std::string_view code, std::string_view type, core::Command command) -> core::ErrorCode;

// Our events are named after the command they carry out: `create:7`, `configure:2`. The service repeats the name in the
// error that answers it.
struct CommandName {
  core::Command command = core::Command::None;
  std::uint32_t number = 0;
  auto operator==(const CommandName&) const -> bool = default;
};
auto to_event_id(CommandName name) -> std::string;
auto from_event_id(std::string_view event_id) -> CommandName;  // None: not one of ours

}  // namespace flow::wire::openai
