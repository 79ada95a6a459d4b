#pragma once
// Which files a command line means.

#include <string>
#include <vector>

#include "compiler/base/result.h"

namespace flow::cli {

// Files as they are given; for a folder every `*.flow` below it, by name, without what lies in folders whose name begins
// with a dot. A folder without any is an error.
auto find_flows(const std::vector<std::string>& paths) -> Result<std::vector<std::string>>;

}  // namespace flow::cli
