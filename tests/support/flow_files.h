#pragma once
// Every flow of the repository that tests try things on.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/places.h"

namespace flow::test {

struct FlowFile {
  std::string path, text;
};

// Below these folders of the source tree, by name.
inline auto flow_files(const std::vector<std::string>& folders) -> std::vector<FlowFile> {
  std::vector<FlowFile> out;
  for (const auto& folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator{std::filesystem::path{source_dir()} / folder}) {
      if (entry.path().extension() != ".flow") continue;
      std::ostringstream text;
      text << std::ifstream{entry.path(), std::ios::binary}.rdbuf();
      out.push_back({entry.path().string(), text.str()});
    }
  }
  std::ranges::sort(out, {}, &FlowFile::path);  // the same on every machine
  return out;
}

// The flows that are shown to people.
inline auto sample_flows() -> std::vector<FlowFile> { return flow_files({"flows", "examples", "stdlib"}); }

}  // namespace flow::test
