#pragma once
// One written frame for every event of the protocol, in both directions, one a line.

#include <fstream>
#include <string>
#include <vector>

#include "tests/support/places.h"

namespace flow::wire::openai {

inline auto sample_lines(const char* name) -> std::vector<std::string> {
  std::ifstream file(test::source_dir() + "/tests/runtime/wire/samples/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

}  // namespace flow::wire::openai
