#include "compiler/lsp/imports.h"

#include <algorithm>
#include <filesystem>

namespace flow::lsp {
namespace {

auto named(std::string_view what, const std::string& path, const std::string& standard_folder) -> std::string {
  if (what.starts_with('"')) {
    const auto end = what.find('"', 1);
    const auto file = what.substr(1, end == what.npos ? end : end - 1);
    return (std::filesystem::path{path}.parent_path() / file).lexically_normal().string();
  }
  auto module = std::string{what.substr(0, what.find_first_of(" \t\r;/"))};
  std::ranges::replace(module, '.', '/');
  return standard_folder + "/" + module + ".flow";
}

}  // namespace

auto imports_in(std::string_view text, const std::string& path, const std::string& standard_folder) -> std::set<std::string> {
  std::set<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    auto line = text.substr(0, end);
    text.remove_prefix(end);
    if (!line.starts_with("import")) continue;
    line.remove_prefix(6);
    const auto begin = line.find_first_not_of(" \t");
    if (begin == 0 || begin == line.npos || line[begin] == '\n') continue;
    line = line.substr(begin);
    out.insert(named(line.substr(0, line.find('\n')), path, standard_folder));
  }
  return out;
}

}  // namespace flow::lsp
