#include "cli/flow_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace flow::cli {
namespace {

namespace fs = std::filesystem;

auto below(const std::string& folder) -> std::vector<std::string> {
  std::vector<std::string> out;
  std::error_code error;
  for (auto at = fs::recursive_directory_iterator{folder, fs::directory_options::skip_permission_denied, error}; at != fs::recursive_directory_iterator{}; at.increment(error)) {
    const auto name = at->path().filename().string();
    if (at->is_directory(error) && name.starts_with('.')) at.disable_recursion_pending();
    if (at->is_regular_file(error) && at->path().extension() == ".flow" && !name.starts_with('.')) out.push_back(at->path().lexically_normal().string());
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

auto find_flows(const std::vector<std::string>& paths) -> Result<std::vector<std::string>> {
  std::vector<std::string> out;
  for (const auto& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      out.push_back(path);
      continue;
    }
    const auto found = below(path);
    if (found.empty()) return failure("R0502", fmt::format("there is no .flow file below {}", path));
    out.insert(out.end(), found.begin(), found.end());
  }
  return out;
}

}  // namespace flow::cli
