#pragma once
// JSON-RPC 2.0, as the Model Context Protocol uses it: one message a text. Pure.

#include <string>
#include <string_view>

#include "compiler/base/result.h"
#include "compiler/ir/value.h"

namespace flow::tools::mcp {

struct Message {
  enum class Kind { Request, Notification, Result, Error };
  Kind kind = Kind::Notification;
  Value id;                // of Request, Result and Error: a whole number or a text, as it came; of Error maybe none
  std::string method;      // of Request and Notification
  Value content;           // params, or the result
  std::int64_t code = 0;   // of Error
  std::string text;        // of Error
  auto operator==(const Message&) const -> bool = default;
};

inline constexpr std::size_t MessageMax = std::size_t{10} << 20;  // bytes

// Errors: `mcp_message`, with what is wrong. What a newer version adds is passed over.
auto read_message(std::string_view text) -> Result<Message>;
// On one line. Params that are none are left out.
auto write_message(const Message& message) -> std::string;

}  // namespace flow::tools::mcp
