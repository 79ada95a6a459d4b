#include "tests/tidy/rules/source.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace flow::tidy {
namespace {

constexpr std::array SkippedFolders{".git", "build", "node_modules", "calls"};

// Walks over C++ text and blanks what is not code.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text) { out_.reserve(text.size()); }

  auto run() -> std::string {
    while (at_ < text_.size()) {
      if (at_line_start_ && starts("#include")) keep_until('\n');
      else if (starts("//")) blank_until("\n", 0);
      else if (starts("/*")) blank_until("*/", 2);
      else if (starts("R\"")) raw_string();
      else if (text_[at_] == '"') literal('"');
      else if (text_[at_] == '\'' && !digit_separator()) literal('\'');
      else keep();
    }
    return std::move(out_);
  }

 private:
  auto starts(std::string_view what) const -> bool { return text_.substr(at_).starts_with(what); }
  auto digit_separator() const -> bool { return at_ > 0 && std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])); }

  void keep() {
    const char c = text_[at_++];
    out_.push_back(c);
    at_line_start_ = c == '\n' || (at_line_start_ && (c == ' ' || c == '\t'));
  }
  void blank() { out_.push_back(text_[at_++] == '\n' ? '\n' : ' '); }
  void keep_until(char end) {
    while (at_ < text_.size() && text_[at_] != end) keep();
  }
  void blank_until(std::string_view end, std::size_t past) {
    auto stop = text_.find(end, at_ + past);
    stop = stop == text_.npos ? text_.size() : stop + past;
    while (at_ < stop) blank();
  }
  void raw_string() {
    const auto open = text_.find('(', at_);
    if (open == text_.npos) return keep();
    const auto end = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    blank_until(end, end.size());
  }
  void literal(char quote) {
    keep();
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) blank();
      blank();
    }
    if (at_ < text_.size()) keep();
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
  bool at_line_start_ = true;
};

}  // namespace

auto read_entries(std::string_view text) -> Entries {
  Entries entries;
  for (auto line : lines_of(text)) {
    line = line.substr(0, line.find('#'));
    const auto colon = line.find(": ") != line.npos ? line.find(": ") : line.rfind(':');
    if (colon == line.npos) continue;
    Entry entry{std::string(line.substr(0, colon)), {}};
    std::istringstream words{std::string(line.substr(colon + 1))};
    for (std::string word; words >> word;) entry.words.push_back(word);
    entries.push_back(std::move(entry));
  }
  return entries;
}

auto read_text(const std::filesystem::path& file) -> std::string {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

auto read_tree(const std::filesystem::path& root) -> std::vector<Source> {
  std::vector<Source> sources;
  for (auto it = std::filesystem::recursive_directory_iterator(root); it != std::filesystem::end(it); ++it) {
    const auto name = it->path().filename().string();
    if (std::ranges::find(SkippedFolders, name) != SkippedFolders.end()) {
      if (it->is_directory()) it.disable_recursion_pending();
    } else if (it->is_regular_file() && !name.ends_with(".wav")) {
      sources.push_back({std::filesystem::relative(it->path(), root).generic_string(), read_text(it->path())});
    }
  }
  std::ranges::sort(sources, {}, &Source::path);
  return sources;
}

auto is_cpp(const Source& source) -> bool {
  return source.path.ends_with(".cpp") || source.path.ends_with(".h") || source.path.ends_with(".def");
}

auto lines_of(std::string_view text) -> std::vector<std::string_view> {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return lines;
}

auto code_only(std::string_view text) -> std::string { return Blanker(text).run(); }

auto lies_in(std::string_view path, std::string_view folder) -> bool {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace flow::tidy
