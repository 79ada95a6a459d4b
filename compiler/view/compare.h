#pragma once
// How two versions of a flow behave differently. Names alone, places, order and layout make no difference.

#include <string>
#include <vector>

#include "compiler/ir/ir.h"

namespace flow::view {

struct Change {
  enum class Kind { Added, Removed, Changed };
  enum class Area { Reach, Rules, Agents, Handoffs, Forms, Tools, Policies, Prompts, Events, State, Connection };
  Area area = Area::Agents;
  Kind kind = Kind::Changed;
  std::string text;  // a sentence
  auto operator==(const Change&) const -> bool = default;
};

// In the order of the areas; what weighs most first.
auto compare(const ir::Program& before, const ir::Program& after) -> std::vector<Change>;

auto changes_as_text(const std::vector<Change>& changes, bool colour) -> std::string;
auto changes_as_markdown(const std::vector<Change>& changes, const std::string& before, const std::string& after) -> std::string;

// Which agents and tools a call can come to, and which tools must have run before.
struct Reach {
  std::vector<std::string> agents;
  std::vector<std::string> tools;
  std::vector<std::pair<std::string, std::string>> first;  // tool and one without which it cannot be reached
};
auto reach(const ir::Program& program) -> Reach;

}  // namespace flow::view
