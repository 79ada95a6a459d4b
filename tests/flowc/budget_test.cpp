// What calls cost together, as a user has it.

#include <sys/wait.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/places.h"

namespace fs = std::filesystem;
using namespace flow;

namespace {

constexpr auto Flow = R"(flow shop {
  start desk
  realtime voice
  budget BUDGET usd per day
}
realtime voice {
  provider simulated
  price usd { text_in 4; audio_in 32; cached_in 0.40; text_out 16; audio_out 64 }
}
agent desk { instructions "You answer the phone of a shoe shop."; greet first "Hello, the shoe shop." }
on limit { end_call "Our time is up. Goodbye." }
)";

class Folder {
 public:
  Folder() {
    auto name = (fs::temp_directory_path() / "flowc-money-XXXXXX").string();
    path_ = mkdtemp(name.data());
    write("caller.script", "after 500ms says \"hello there\"\nafter 500ms hangs_up\n");
    budget("20");
  }
  ~Folder() { fs::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream{path_ / name, std::ios::binary} << text; }
  void budget(const std::string& most) const {
    std::string text = Flow;
    write("shop.flow", text.replace(text.find("BUDGET"), 6, most));
  }
  auto read(const std::string& name) const -> std::string {
    std::ostringstream out;
    out << std::ifstream{path_ / name, std::ios::binary}.rdbuf();
    return out.str();
  }
  // In this folder, by the shell; `flowc` is the one that was built.
  auto run(const std::string& command) const -> std::pair<int, std::string> {
    const auto line = "cd '" + path_.string() + "' && PATH='" + test::binary_dir() + "/cli':\"$PATH\" && { " + command + "; } 2>&1 </dev/null";
    auto* pipe = popen(line.c_str(), "r");
    REQUIRE(pipe);
    std::string output;
    std::array<char, 4096> buffer;
    for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) output.append(buffer.data(), n);
    const int status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
  }

 private:
  fs::path path_;
};

const std::string Run = "flowc run shop.flow --play --audio none --record none ";

}  // namespace

TEST_CASE("calls add up, a call says what is left, and when nothing is no call begins") {
  Folder folder;
  const auto [code, output] = folder.run(Run + "--journal none && " + Run + "--journal none");
  INFO(output);
  CHECK(code == 0);
  CHECK(output.find("usd of the day's 20 are left") != std::string::npos);
  folder.budget("0.000001");  // less than these two have cost
  const auto [refused, why] = folder.run(Run + "--journal call.journal");
  INFO(why);
  CHECK(refused == 1);
  CHECK(why.find("R0406 the budget of the day is used up") != std::string::npos);
  CHECK(why.find("it begins anew at ") != std::string::npos);
  CHECK(why.find("Hello, the shoe shop") == std::string::npos);
  CHECK(folder.run("flowc replay call.journal").first == 0);
  CHECK(folder.run(Run + "--journal none --memory other.sqlite").first == 0);
}

TEST_CASE("two calls at a time, in two processes, are both counted") {
  Folder folder;
  const auto [code, output] = folder.run("(" + Run + "--journal one.journal > one & " + Run + "--journal two.journal > two & wait) && " + Run + "--journal three.journal > three");
  INFO(output);
  REQUIRE(code == 0);
  const auto cost_in = [&](const std::string& of) {
    const auto text = folder.read(of);
    const auto at = text.find("  cost");
    INFO(text);
    REQUIRE(at != std::string::npos);
    return std::stod(text.substr(at + 14));
  };
  const auto journal = folder.read("three.journal");
  const auto at = journal.find("\"CallerConnected\"");
  REQUIRE(at != std::string::npos);
  const auto allowance = journal.find("[", journal.find("false", at));
  const auto left = std::stod(journal.substr(allowance + 1));
  CHECK(std::abs(20 - left - cost_in("one") - cost_in("two")) < 0.0002);  // shown with four digits
}
