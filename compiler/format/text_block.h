#pragma once
// Text blocks keep their value: the common indentation, which is no part of it, is all that may change.

#include <string>
#include <string_view>
#include <vector>

namespace flow::format {

// The lines of `"""…"""` without the common indentation of those after the first, and without carriage returns.
auto reindented(std::string_view text) -> std::vector<std::string>;

}  // namespace flow::format
