// Every rule catches a sample that breaks it, and leaves alone one that does not.

#include <catch2/catch_test_macros.hpp>

#include "tests/tidy/rules/habits.h"
#include "tests/tidy/rules/includes.h"

using namespace flow::tidy;

namespace {
const auto Layers = read_entries("runtime/core: compiler/ir\nruntime/net:\ncli: compiler runtime\n");
const auto Homes = read_entries("lua: runtime/tools/lua\nboost/json: runtime/json\nboost/: runtime/net\n");

auto file(std::string path, std::string text) -> Source { return {std::move(path), std::move(text)}; }
}  // namespace

TEST_CASE("an include that no layer line allows is found with its line") {
  const auto found = includes_follow_layers(file("runtime/core/gate.cpp", "#include \"runtime/core/gate.h\"\n#include \"runtime/net/socket.h\"\n"), Layers);
  REQUIRE(found.size() == 1);
  CHECK(found[0].line == 2);
}

TEST_CASE("an include of the own folder, of an allowed one, or in a comment is no fault") {
  CHECK(includes_follow_layers(file("runtime/core/gate.cpp", "#include \"runtime/core/gate.h\"\n#include \"compiler/ir/ir.h\"\n"), Layers).empty());
  CHECK(includes_follow_layers(file("runtime/core/gate.cpp", "// #include \"runtime/net/socket.h\"\n"), Layers).empty());
  CHECK(includes_follow_layers(file("cli/run.cpp", "#include \"runtime/net/socket.h\"\n"), Layers).empty());
}

TEST_CASE("a folder whose name merely begins alike is another folder") {
  CHECK_FALSE(includes_follow_layers(file("runtime/core/a.cpp", "#include \"runtime/core_extra/a.h\"\n"), Layers).empty());
}

TEST_CASE("a link that no layer line allows is found") {
  CHECK(links_follow_layers(read_entries("runtime/core: compiler/ir"), Layers).empty());
  CHECK(links_follow_layers(read_entries("runtime/core: compiler/ir runtime/net"), Layers).size() == 1);
}

TEST_CASE("a folder of code without a layer line is found") {
  CHECK(folders_have_layers({file("runtime/core/a.cpp", "")}, Layers).empty());
  CHECK(folders_have_layers({file("runtime/wild/a.cpp", ""), file("runtime/wild/b.cpp", "")}, Layers).size() == 1);
}

TEST_CASE("a foreign header outside its home is found, and the longest prefix decides") {
  CHECK(foreign_headers_at_home(file("runtime/core/a.cpp", "#include <lua.hpp>\n"), Homes).size() == 1);
  CHECK(foreign_headers_at_home(file("runtime/tools/lua/a.cpp", "#include <lua.hpp>\n"), Homes).empty());
  CHECK(foreign_headers_at_home(file("runtime/net/a.cpp", "#include <boost/json.hpp>\n"), Homes).size() == 1);
  CHECK(foreign_headers_at_home(file("runtime/net/a.cpp", "#include <boost/asio.hpp>\n"), Homes).empty());
  CHECK(foreign_headers_at_home(file("runtime/core/a.cpp", "#include <vector>\n"), Homes).empty());
}

TEST_CASE("sleeping is found in code, not in words about it") {
  CHECK(nothing_sleeps(file("tests/a_test.cpp", "std::this_thread::sleep_for(1ms);\n")).size() == 1);
  CHECK(nothing_sleeps(file("cli/a.cpp", "usleep(3);\n")).size() == 1);
  CHECK(nothing_sleeps(file("cli/a.cpp", "// never sleep_for\nauto s = \"sleep_for\"; auto r = R\"(usleep)\"; /* nanosleep\n */\n")).empty());
}

TEST_CASE("a lock in the core or near the audio is found, elsewhere it is not") {
  CHECK(no_locks_near_audio(file("runtime/audio/queue.h", "std::mutex m;\n")).size() == 1);
  CHECK(no_locks_near_audio(file("runtime/core/queue.h", "#include <mutex>\n")).size() == 1);
  CHECK(no_locks_near_audio(file("runtime/store/writer.h", "std::mutex m;\n")).empty());
}

TEST_CASE("a clock, a thread, chance, a file and the environment are found in a pure folder") {
  for (const auto* line : {"auto t = std::chrono::steady_clock::now();", "#include <thread>", "#include <random>", "int n = rand();",
                           "#include <iostream>", "#include <fstream>", "auto h = std::getenv(\"HOME\");"}) {
    INFO(line);
    CHECK(pure_folders_are_pure(file("runtime/core/a.cpp", line)).size() == 1);
    CHECK(pure_folders_are_pure(file("runtime/edge/a.cpp", line)).empty());
  }
  CHECK(pure_folders_are_pure(file("runtime/core/a.cpp", "#include <chrono>\nstd::chrono::milliseconds grand(int);\n")).empty());
}

TEST_CASE("a file of more than 600 lines is found unless it is listed") {
  const auto file_of = [](int lines) {
    std::string text;
    for (int i = 0; i < lines; ++i) text += "int a;\n";
    return file("cli/a.cpp", text);
  };
  CHECK(files_stay_small(file_of(600), {}).empty());
  CHECK(files_stay_small(file_of(601), {}).size() == 1);
  const auto exempt = read_entries("cli/a.cpp: one table of facts");
  CHECK(files_stay_small(file_of(601), exempt).empty());
  CHECK(exemptions_are_needed({file_of(601)}, exempt).empty());
  CHECK(exemptions_are_needed({file_of(600)}, exempt).size() == 1);
  CHECK(exemptions_are_needed({}, exempt).size() == 1);
  CHECK(exemptions_are_needed({file_of(601)}, read_entries("cli/a.cpp: big")).size() == 1);
}

TEST_CASE("something left to do without the number of its issue is found") {
  const std::string left = std::string("// TO") + "DO";
  CHECK(todos_have_issues(file("cli/a.cpp", left + ": later\n")).size() == 1);
  CHECK(todos_have_issues(file("docs/a.md", std::string("FIX") + "ME\n")).size() == 1);
  CHECK(todos_have_issues(file("cli/a.cpp", left + " (#12): later\n")).empty());
}

TEST_CASE("a path of one machine only is found") {
  CHECK(no_private_paths(file("docs/a.md", std::string("see /ho") + "me/ann/notes\n")).size() == 1);
  CHECK(no_private_paths(file("docs/a.md", "see runtime/core/work/a.h and /usr/share/doc\n")).empty());
}

TEST_CASE("a header that could be read twice is found") {
  CHECK(headers_have_pragma_once(file("cli/a.h", "int a;\n")).size() == 1);
  CHECK(headers_have_pragma_once(file("cli/a.h", "#pragma once\n")).empty());
}

TEST_CASE("a folder of code that no page explains is found") {
  CHECK(folders_have_readmes({file("runtime/wire/a.cpp", "")}).size() == 1);
  CHECK(folders_have_readmes({file("runtime/wire/README.md", ""), file("runtime/wire/openai/a.cpp", "")}).empty());
}
