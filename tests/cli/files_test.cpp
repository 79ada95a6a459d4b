// Which files a command means, and who changes them. In a folder of its own below the system's one for such things.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "cli/flow_files.h"
#include "cli/watcher.h"

using namespace flow::cli;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    auto name = (fs::temp_directory_path() / "flowc-files-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  auto operator()(const std::string& name) const -> std::string { return (path_ / name).string(); }
  auto write(const std::string& name, const std::string& text = "x") const -> std::string {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream{path_ / name} << text;
    return (*this)(name);
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("a folder means every flow below it, by name, without hidden ones") {
  const Folder folder;
  const auto b = folder.write("b.flow"), a = folder.write("sub/a.flow");
  folder.write(".git/c.flow"), folder.write("sub/.d.flow"), folder.write("sub/e.lua");
  CHECK(find_flows({folder("")}).value() == std::vector{b, a});
  CHECK(find_flows({"not there.flow", folder("sub")}).value() == std::vector<std::string>{"not there.flow", a});
}

TEST_CASE("a folder without any flow is an error") {
  const Folder folder;
  const auto found = find_flows({folder("")});
  REQUIRE_FALSE(found);
  CHECK(found.error().code == "R0502");
}

TEST_CASE("a watcher tells of a file that it watches, and of a new flow in a folder that it watches") {
  const Folder folder;
  const auto tool = folder.write("tools/find.lua");
  Watcher watcher;
  watcher.watch({tool}, {folder("")});
  folder.write("tools/other.lua");  // nobody asked
  folder.write("tools/find.lua", "y");
  CHECK(watcher.wait() == tool);
  const auto added = folder.write("new.flow");
  CHECK(watcher.wait() == added);
}

TEST_CASE("a watcher tells of a file that is replaced, as editors do") {
  const Folder folder;
  const auto flow = folder.write("a.flow");
  Watcher watcher;
  watcher.watch({flow}, {});
  fs::rename(folder.write("a.flow.new", "y"), flow);
  CHECK(watcher.wait() == flow);
}
