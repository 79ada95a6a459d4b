#include "tests/tidy/rules/includes.h"

#include <algorithm>
#include <optional>
#include <regex>
#include <set>

namespace flow::tidy {
namespace {

struct Include {
  std::string header;
  int line = 0;
};

auto includes_of(const Source& source) -> std::vector<Include> {
  static const std::regex pattern{R"re(^\s*#\s*include\s*["<]([^">]+)[">])re"};
  std::vector<Include> found;
  int number = 0;
  const auto code = code_only(source.text);
  for (const auto line : lines_of(code)) {
    ++number;
    std::match_results<std::string_view::const_iterator> match;
    if (std::regex_search(line.begin(), line.end(), match, pattern)) found.push_back({match[1], number});
  }
  return found;
}

// The entry whose key is the longest folder that holds `path`.
auto layer_of(std::string_view path, const Entries& layers) -> const Entry* {
  const Entry* best = nullptr;
  for (const auto& layer : layers) {
    if (lies_in(path, layer.key) && (!best || best->key.size() < layer.key.size())) best = &layer;
  }
  return best;
}

auto may_see(const Entry& layer, std::string_view path) -> bool {
  return lies_in(path, layer.key) || std::ranges::any_of(layer.words, [&](const auto& folder) { return lies_in(path, folder); });
}

auto of_the_project(std::string_view header) -> bool {
  return header.starts_with("compiler/") || header.starts_with("runtime/") || header.starts_with("cli/") || header.starts_with("tests/");
}

}  // namespace

auto includes_follow_layers(const Source& source, const Entries& layers) -> Findings {
  Findings findings;
  const auto* layer = is_cpp(source) ? layer_of(source.path, layers) : nullptr;
  if (!layer) return findings;
  for (const auto& include : includes_of(source)) {
    if (!of_the_project(include.header) || may_see(*layer, include.header)) continue;
    findings.push_back({source.path, include.line, layer->key + " may not include " + include.header + " (tests/tidy/layers.txt)"});
  }
  return findings;
}

auto foreign_headers_at_home(const Source& source, const Entries& homes) -> Findings {
  Findings findings;
  if (!is_cpp(source) || lies_in(source.path, "tests")) return findings;
  for (const auto& include : includes_of(source)) {
    if (of_the_project(include.header)) continue;
    const Entry* best = nullptr;
    for (const auto& home : homes) {
      if (include.header.starts_with(home.key) && (!best || best->key.size() < home.key.size())) best = &home;
    }
    if (!best || std::ranges::any_of(best->words, [&](const auto& folder) { return lies_in(source.path, folder); })) continue;
    findings.push_back({source.path, include.line, include.header + " has its home elsewhere (tests/tidy/homes.txt)"});
  }
  return findings;
}

auto links_follow_layers(const Entries& links, const Entries& layers) -> Findings {
  Findings findings;
  for (const auto& link : links) {
    const auto* layer = layer_of(link.key, layers);
    if (!layer) continue;
    for (const auto& folder : link.words) {
      if (may_see(*layer, folder)) continue;
      findings.push_back({link.key, 0, "links " + folder + ", which " + layer->key + " may not see (tests/tidy/layers.txt)"});
    }
  }
  return findings;
}

auto folders_have_layers(const std::vector<Source>& tree, const Entries& layers) -> Findings {
  std::set<std::string> without;
  for (const auto& source : tree) {
    if (!is_cpp(source) || !(lies_in(source.path, "compiler") || lies_in(source.path, "runtime") || lies_in(source.path, "cli"))) continue;
    if (!layer_of(source.path, layers)) without.insert(std::filesystem::path(source.path).parent_path().generic_string());
  }
  Findings findings;
  for (const auto& folder : without) findings.push_back({folder, 0, "has no line in tests/tidy/layers.txt"});
  return findings;
}

}  // namespace flow::tidy
