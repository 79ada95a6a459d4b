#include "runtime/wire/openai/item.h"

#include "compiler/base/match.h"

namespace flow::wire::openai {

auto may_hold(Role role, const Part& part) -> bool {
  return match(
      part, [&](const InputText&) { return role != Role::Assistant; },
      [&](const InputAudio&) { return role == Role::User; }, [&](const InputImage&) { return role == Role::User; },
      [&](const OutputText&) { return role == Role::Assistant; },
      [&](const OutputAudio&) { return role == Role::Assistant; }, [](const Unknown&) { return true; });
}

auto id_of(const Item& item) -> std::string_view {
  const auto from = [](const auto& id) -> std::string_view { return id ? std::string_view(*id) : std::string_view(); };
  return match(
      item, [&](const Message& e) { return from(e.head.id); }, [&](const FunctionCall& e) { return from(e.head.id); },
      [&](const FunctionOutput& e) { return from(e.head.id); }, [&](const McpListTools& e) { return from(e.id); },
      [&](const McpApprovalResponse& e) { return from(e.id); },
      [](const Unknown& e) -> std::string_view {
        const auto* id = e.whole.field("id");
        return id && id->text() ? std::string_view(*id->text()) : std::string_view();
      },
      [](const auto& e) -> std::string_view { return e.id; });
}

}  // namespace flow::wire::openai
