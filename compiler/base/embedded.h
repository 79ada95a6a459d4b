#pragma once
// A file that was built into the program.

#include <span>
#include <string_view>

namespace flow {

struct EmbeddedFile {
  std::string_view name;  // its path below the folder that was embedded
  std::string_view text;
};

}  // namespace flow
