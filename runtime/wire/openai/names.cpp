#include "runtime/wire/openai/names.h"

#include <fmt/format.h>

#include <charconv>

namespace flow::wire::openai {
namespace {
constexpr std::string_view OwnItem = "flow_item_";
}  // namespace

auto own_item_name(core::ItemId item) -> std::string { return fmt::format("{}{}", OwnItem, item.n); }

auto own_item(std::string_view name) -> std::optional<core::ItemId> {
  if (!name.starts_with(OwnItem)) return std::nullopt;
  const auto digits = name.substr(OwnItem.size());
  core::ItemId item;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), item.n);
  if (fault != std::errc{} || end != digits.data() + digits.size() || item.n < core::FirstOwnItem) return std::nullopt;
  return item;
}

auto recalled_call_name(core::FunctionCallId call) -> std::string { return fmt::format("flow_call_{}", call.n); }

}  // namespace flow::wire::openai
