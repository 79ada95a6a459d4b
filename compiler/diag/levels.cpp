#include "compiler/diag/levels.h"

#include <algorithm>

namespace flow::diag {

auto weight(Levels levels) -> Report::Weight {
  return [levels = std::move(levels)](const Diagnostic& d) -> std::optional<Severity> {
    if (d.severity == Severity::Error) return Severity::Error;
    auto level = levels.deny_warnings ? Level::Deny : Level::Warn;
    for (const auto& choice : levels.choices) {
      if (choice.code == d.code) level = choice.level;
    }
    if (level == Level::Allow) return std::nullopt;
    return level == Level::Deny ? Severity::Error : Severity::Warning;
  };
}

auto is_warning(std::string_view code) -> bool {
  return std::ranges::any_of(all_entries(), [&](const Entry& entry) { return entry.code == code && entry.severity == Severity::Warning; });
}

}  // namespace flow::diag
