#include "tests/support/compile.h"

#include <fstream>
#include <sstream>

#include "compiler/lower/compile.h"

namespace flow::test {

auto read_file(const std::string& path) -> std::string {
  std::ostringstream out;
  out << std::ifstream{path, std::ios::binary}.rdbuf();
  return out.str();
}

auto compile(const std::string& path, const std::string& text) -> check::Checked {
  check::LoadOptions options;
  options.read = [&](const std::string& name) -> Result<std::string> {
    if (name == path) return text;
    std::ifstream file{name, std::ios::binary};
    if (!file) return failure("F0801", "no such file");
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
  };
  return lower::check_files({path}, options);
}

static auto only(const std::map<std::string, std::string>& files) -> check::LoadOptions {
  check::LoadOptions options;
  if (files.contains("stdlib/std/policies.flow")) options.stdlib_folder = "stdlib";  // a library of their own
  options.read = [&files](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return failure("F0801", "no such file");
    return found->second;
  };
  return options;
}

auto compile(const std::string& main, const std::map<std::string, std::string>& files) -> check::Checked {
  return lower::check_files({main}, only(files));
}

auto compile_to_run(const std::string& main, const std::map<std::string, std::string>& files) -> check::Checked {
  return lower::compile(main, only(files)).checked;
}

}  // namespace flow::test
