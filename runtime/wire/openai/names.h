#pragma once
// The service's names and our numbers, each known by the other, for one link.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/core/ids.h"

namespace flow::wire::openai {

// Numbers names as they appear, from `after` + 1. Looking up a known name allocates nothing.
template <class Id>
class Names {
 public:
  explicit Names(Id after) : after_(after.n) {}

  auto known(std::string_view name) const -> std::optional<Id> {
    const auto found = ids_.find(name);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }
  auto id(std::string_view name) -> Id {
    if (const auto id = known(name)) return *id;
    names_.emplace_back(name);
    return ids_.emplace(name, last()).first->second;
  }
  // nullptr: not of this link.
  auto name(Id id) const -> const std::string* {
    return id.n > after_ && id.n - after_ <= names_.size() ? &names_[id.n - after_ - 1] : nullptr;
  }
  auto last() const -> Id { return Id{after_ + static_cast<std::uint32_t>(names_.size())}; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::uint32_t after_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, Id, Hash, std::equal_to<>> ids_;
};

// Items of ours are named by us, after their number, so nothing needs to be remembered.
auto own_item_name(core::ItemId item) -> std::string;
auto own_item(std::string_view name) -> std::optional<core::ItemId>;

// A function call of an older link gets a name of ours when it is put into this one's conversation.
auto recalled_call_name(core::FunctionCallId call) -> std::string;

}  // namespace flow::wire::openai
