#include "tests/support/compile.h"

#include <fstream>
#include <sstream>

namespace flow::test {

auto read_file(const std::string& path) -> std::string {
  std::ostringstream out;
  out << std::ifstream{path, std::ios::binary}.rdbuf();
  return out.str();
}

auto compile(const std::string& path) -> check::Checked { return check::load({path}); }

auto compile(const std::string& main, const std::map<std::string, std::string>& files) -> check::Checked {
  check::LoadOptions options;
  options.read = [&](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return failure("F0801", "no such file");
    return found->second;
  };
  return check::load({main}, options);
}

}  // namespace flow::test
