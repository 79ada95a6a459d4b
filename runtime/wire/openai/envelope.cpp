#include "runtime/wire/openai/envelope.h"

#include <algorithm>

namespace flow::wire::openai {

auto take_event_id(Value::Record& event) -> std::optional<std::string> {
  const auto found =
      std::find_if(event.begin(), event.end(), [](const auto& member) { return member.first == "event_id"; });
  if (found == event.end()) return std::string();
  auto value = std::move(found->second);
  event.erase(found);
  if (value.is_none()) return std::string();
  auto* text = std::get_if<std::string>(&value.data);
  return text ? std::optional(std::move(*text)) : std::nullopt;
}

}  // namespace flow::wire::openai
