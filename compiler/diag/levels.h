#pragma once
// How much a warning weighs, as the one who checks wants it. Errors stay errors.

#include <string>
#include <vector>

#include "compiler/diag/diag.h"

namespace flow::diag {

enum class Level { Allow, Warn, Deny };  // not said at all, a warning, an error

struct Levels {
  struct Choice {
    std::string code;
    Level level = Level::Warn;
  };
  bool deny_warnings = false;   // every warning that no choice names is an error
  std::vector<Choice> choices;  // the last of a code counts
};

auto weight(Levels levels) -> Report::Weight;

// Whether the code is that of a warning.
auto is_warning(std::string_view code) -> bool;

}  // namespace flow::diag
