#pragma once
// The text of the repository as the rules see it.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace flow::tidy {

struct Source {
  std::string path;  // from the root, with slashes
  std::string text;
};

struct Finding {
  std::string path;
  int line = 0;  // from 1; 0: the file or folder as a whole
  std::string what;
  auto operator==(const Finding&) const -> bool = default;
};
using Findings = std::vector<Finding>;

// `key: word word …` of a rule file, in its order; `#` begins a comment.
struct Entry {
  std::string key;
  std::vector<std::string> words;
};
using Entries = std::vector<Entry>;
auto read_entries(std::string_view text) -> Entries;

// Everything but what was built, what git keeps and what npm brought.
auto read_tree(const std::filesystem::path& root) -> std::vector<Source>;
auto read_text(const std::filesystem::path& file) -> std::string;

auto is_cpp(const Source& source) -> bool;
auto lines_of(std::string_view text) -> std::vector<std::string_view>;

// The same text with comments and the insides of literals blanked, line for line; `#include` lines stay whole.
auto code_only(std::string_view text) -> std::string;

// Whether `path` is `folder` or lies in it.
auto lies_in(std::string_view path, std::string_view folder) -> bool;

}  // namespace flow::tidy
