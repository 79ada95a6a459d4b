#pragma once
// The fenced blocks of the project's pages.

#include <string>
#include <vector>

namespace flow::docs {

struct Block {
  std::string page;      // from the root
  int line = 0;          // of its first line of content, from 1
  std::string language;  // `sh`, `flow`, …
  std::string file;      // the rest of the fence's line: the name of a file, or empty
  std::string text;
};

// Of README.md, docs/ and the READMEs of folders, in order.
auto blocks() -> std::vector<Block>;

}  // namespace flow::docs
