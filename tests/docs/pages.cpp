#include "tests/docs/pages.h"
#include "tests/support/places.h"

#include "tests/tidy/rules/source.h"

namespace flow::docs {
namespace {

void blocks_of(const tidy::Source& page, std::vector<Block>& blocks) {
  bool inside = false;
  int number = 0;
  for (const auto line : tidy::lines_of(page.text)) {
    ++number;
    if (!line.starts_with("```")) {
      if (inside) blocks.back().text.append(line).append("\n");
      continue;
    }
    inside = !inside;
    if (!inside) continue;
    const auto words = line.substr(3);
    const auto space = words.find(' ');
    blocks.push_back({page.path, number + 1, std::string(words.substr(0, space)), space == words.npos ? "" : std::string(words.substr(space + 1)), ""});
  }
}

}  // namespace

auto blocks() -> std::vector<Block> {
  std::vector<Block> blocks;
  for (const auto& source : tidy::read_tree(test::source_dir())) {
    if (source.path.ends_with(".md")) blocks_of(source, blocks);
  }
  return blocks;
}

}  // namespace flow::docs
