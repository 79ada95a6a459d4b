#include "tests/tidy/rules/habits.h"

#include <algorithm>
#include <array>
#include <regex>
#include <set>

namespace flow::tidy {
namespace {

constexpr std::size_t LinesMax = 600;
constexpr std::array PureFolders{"runtime/core", "runtime/explore", "runtime/wire"};
constexpr std::array LockFreeFolders{"runtime/core", "runtime/explore", "runtime/wire", "runtime/audio"};

auto matches(const Source& source, std::string_view text, const std::regex& pattern, std::string_view what) -> Findings {
  Findings findings;
  int number = 0;
  for (const auto line : lines_of(text)) {
    ++number;
    std::match_results<std::string_view::const_iterator> match;
    if (std::regex_search(line.begin(), line.end(), match, pattern)) {
      findings.push_back({source.path, number, "`" + match.str() + "`: " + std::string(what)});
    }
  }
  return findings;
}

template <std::size_t N>
auto in_any(const Source& source, const std::array<const char*, N>& folders) -> bool {
  return is_cpp(source) && std::ranges::any_of(folders, [&](const char* folder) { return lies_in(source.path, folder); });
}

auto line_count(const Source& source) -> std::size_t { return lines_of(source.text).size(); }

auto is_text_of_ours(const Source& source) -> bool {
  for (const auto* suffix : {".cpp", ".h", ".def", ".g4", ".flow", ".lua", ".cmake", ".md", ".sh", ".txt", ".json"}) {
    if (source.path.ends_with(suffix)) return true;
  }
  return source.path.find('.') == source.path.npos;
}

}  // namespace

auto nothing_sleeps(const Source& source) -> Findings {
  static const std::regex pattern{R"(\b(sleep_for|sleep_until|usleep|nanosleep)\b)"};
  if (!is_cpp(source)) return {};
  return matches(source, code_only(source.text), pattern, "nothing waits by sleeping; use a timer of the loop, or the test's own clock");
}

auto no_locks_near_audio(const Source& source) -> Findings {
  static const std::regex pattern{R"(\bstd::(\w*mutex|lock_guard|unique_lock|scoped_lock|condition_variable\w*)|<(mutex|shared_mutex|condition_variable)>)"};
  if (!in_any(source, LockFreeFolders)) return {};
  return matches(source, code_only(source.text), pattern, "no locks in the core or near the audio");
}

auto pure_folders_are_pure(const Source& source) -> Findings {
  static const std::regex pattern{
      R"(<(thread|random|iostream|fstream|filesystem|ctime|future|atomic)>|\b(system|steady|high_resolution|utc)_clock\b|\b(s?rand|getenv|gettimeofday|clock_gettime|printf|fopen)\s*\()"};
  if (!in_any(source, PureFolders)) return {};
  return matches(source, code_only(source.text), pattern, "this folder is pure: what it needs to know comes as an argument");
}

auto files_stay_small(const Source& source, const Entries& exempt) -> Findings {
  const auto listed = std::ranges::find(exempt, source.path, &Entry::key) != exempt.end();
  const auto lines = line_count(source);
  if (!is_cpp(source) || listed || lines <= LinesMax) return {};
  return {{source.path, 0, std::to_string(lines) + " lines; split it by question, or say in tests/tidy/sizes.txt why not"}};
}

auto exemptions_are_needed(const std::vector<Source>& tree, const Entries& exempt) -> Findings {
  Findings findings;
  for (const auto& entry : exempt) {
    const auto source = std::ranges::find(tree, entry.key, &Source::path);
    if (source == tree.end()) findings.push_back({entry.key, 0, "is exempt but not there"});
    else if (line_count(*source) <= LinesMax) findings.push_back({entry.key, 0, "is exempt but short enough"});
    else if (entry.words.size() < 3) findings.push_back({entry.key, 0, "is exempt without a reason"});
  }
  return findings;
}

auto todos_have_issues(const Source& source) -> Findings {
  static const std::regex pattern{R"(\b(TO)DO\b(?! ?\(#\d+\))|\b(FIX)ME\b|\bX{3}\b)"};
  if (!is_text_of_ours(source)) return {};
  return matches(source, source.text, pattern, "what is left to do is an issue; write its number in parentheses");
}

auto no_private_paths(const Source& source) -> Findings {
  static const std::regex pattern{R"((^|[\s"'(=`])/(work|root|home|Users|mnt)/\w+)"};
  if (!is_text_of_ours(source)) return {};
  return matches(source, source.text, pattern, "a path of one machine only");
}

auto headers_have_pragma_once(const Source& source) -> Findings {
  if (!source.path.ends_with(".h") || source.text.starts_with("#pragma once\n")) return {};
  return {{source.path, 1, "a header begins with #pragma once"}};
}

auto folders_have_readmes(const std::vector<Source>& tree) -> Findings {
  std::set<std::string> folders, explained;
  for (const auto& source : tree) {
    const auto slash = source.path.find('/', source.path.find('/') + 1);
    if (slash == source.path.npos || !(lies_in(source.path, "compiler") || lies_in(source.path, "runtime"))) continue;
    const auto folder = source.path.substr(0, slash);
    if (is_cpp(source)) folders.insert(folder);
    if (source.path == folder + "/README.md") explained.insert(folder);
  }
  Findings findings;
  for (const auto& folder : folders) {
    if (!explained.contains(folder)) findings.push_back({folder, 0, "has no README.md: purpose, arrows, how to add a thing"});
  }
  return findings;
}

}  // namespace flow::tidy
