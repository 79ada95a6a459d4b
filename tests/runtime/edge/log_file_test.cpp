#include "runtime/edge/log_file.h"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/edge/logs.h"
#include "tests/runtime/net/world.h"
#include "tests/support/programs.h"

namespace flow::edge {

using namespace std::chrono_literals;

namespace {

struct Folder {
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("flow-edge-test-" + std::to_string(getpid()));
};

auto text_of(const std::filesystem::path& path) -> std::string {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void finish(net::Loop& loop, LogFile& file) {
  bool done = false;
  file.finish([&] { done = true; });
  net::await(loop, [&] { return done; });
}

}  // namespace

TEST_CASE("lines are in the file, whole and in order, when it is finished") {
  Folder folder;
  net::Loop loop;
  auto file = LogFile::create(folder.path / "log", loop, {});
  REQUIRE(file);
  std::string expected;
  for (int i = 0; i < 2'000; ++i) {
    const auto line = "line " + std::to_string(i) + "\n";
    (*file)->append(line);
    expected += line;
    if (i % 100 == 0) net::turn(loop);
  }
  finish(loop, **file);
  CHECK((text_of(folder.path / "log") == expected));
}

TEST_CASE("a log that was given nothing finishes, too") {
  Folder folder;
  net::Loop loop;
  auto file = LogFile::create(folder.path / "log", loop, {});
  REQUIRE(file);
  finish(loop, **file);
  CHECK(text_of(folder.path / "log").empty());
}

TEST_CASE("a file that cannot be made is R0504 at once") {
  net::Loop loop;
  const auto file = LogFile::create("/nowhere/log", loop, {});
  REQUIRE_FALSE(file);
  CHECK(file.error().code == "R0504");
  CHECK(file.error().text.find("/nowhere/log") != std::string::npos);
}

TEST_CASE("a disk that is full is told once, and nobody waits for it") {
  net::Loop loop;
  int told = 0;
  auto file = LogFile::create("/dev/full", loop, [&](const Error& error) {
    told += 1;
    CHECK(error.code == "R0504");
  });
  REQUIRE(file);
  (*file)->append("line\n");
  net::await(loop, [&] { return told == 1; });
  (*file)->append("line\n");
  finish(loop, **file);
  CHECK(told == 1);
}

TEST_CASE("wire log and trace write one line each") {
  Folder folder;
  net::Loop loop;
  test::Shop shop;
  auto file = LogFile::create(folder.path / "log", loop, {});
  REQUIRE(file);
  WireLog wire(**file);
  TraceLog trace(**file, shop.program);
  wire.frame(wire::Direction::Out, R"({"type":"x"})", {5ms});
  trace.ordered(core::Decided{.what = core::Decision::LinkUp, .agent = shop.desk}, {6ms});
  trace.ordered(core::PausePlayout{}, {6ms});
  trace.measured(Latency::Injection, std::chrono::microseconds{214}, {7ms});
  finish(loop, **file);
  CHECK(text_of(folder.path / "log") ==
        "{\"t_ms\":5,\"dir\":\"out\",\"event\":{\"type\":\"x\"}}\n"
        "{\"t_ms\":6,\"decision\":\"link.up\",\"agent\":\"desk\"}\n"
        "{\"t_ms\":7,\"measured\":\"injection\",\"us\":214}\n");
}

}  // namespace flow::edge
