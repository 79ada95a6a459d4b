#pragma once
// A folder of a test's own, and commands in it as a person types them.

#include <sys/wait.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/places.h"

namespace flow::test {

struct Ended {
  int code = -1;
  std::string output;  // both channels
};

class Folder {
 public:
  Folder() {
    auto name = (std::filesystem::temp_directory_path() / "flowc-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  // With a copy of what ships.
  explicit Folder(const std::string& of) : Folder() { std::filesystem::copy(std::filesystem::path(source_dir()) / of, path_, std::filesystem::copy_options::recursive); }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  auto operator=(const Folder&) -> Folder& = delete;

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream{path_ / name, std::ios::binary} << text;
  }
  auto read(const std::string& name) const -> std::string {
    std::ostringstream out;
    out << std::ifstream{path_ / name, std::ios::binary}.rdbuf();
    return out.str();
  }
  auto has(const std::string& name) const -> bool { return std::filesystem::exists(path_ / name); }
  auto path() const -> const std::filesystem::path& { return path_; }

  // In this folder, by the shell; `flowc` is the one that was built.
  auto run(const std::string& command) const -> Ended {
    const auto line = "cd '" + path_.string() + "' && PATH='" + binary_dir() + "/cli':\"$PATH\" && { " + command + "; } 2>&1 </dev/null";
    auto* pipe = popen(line.c_str(), "r");
    REQUIRE(pipe);
    Ended out;
    std::array<char, 4096> buffer;
    for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.output.append(buffer.data(), n);
    const int status = pclose(pipe);
    out.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return out;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace flow::test
