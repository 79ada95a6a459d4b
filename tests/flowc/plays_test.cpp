// What ships is worth a call: every caller.script of flows/ and examples/ is played as a user would, all of them at once,
// because each takes as long as its call.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/places.h"
#include "tests/support/process.h"

namespace fs = std::filesystem;
using namespace flow;
using namespace std::chrono_literals;

namespace {

// These ask a service outside; services_test.cpp has one for them.
const std::vector<std::string> Elsewhere{"plans", "08_services"};

// What a caller must have heard, or what must have happened, in the order of the call.
const std::map<std::string, std::vector<std::string>> Heard{
    {"support", {"One moment, I'm looking that up.", "✂ cut", "I have the result now."}},
    {"appointments", {"That time is not free", "I book that?", "book", "heard by the caller"}},
    {"bank", {"For that I need to know who you are.", "Thank you, ", "I have it now.", "This is the fraud desk.", "investigator has the caller"}},
    {"insurance", {"What happened?", "I file that?", "heard by the caller", "our doctor now", "emergency has the caller"}},
    {"07_transfer", {"not put through to human", "night has the caller"}},
};

auto text_of(const fs::path& file) -> std::string {
  std::ostringstream out;
  out << std::ifstream{file, std::ios::binary}.rdbuf();
  return out.str();
}

// The file of the folder in which a call begins.
auto flow_in(const fs::path& folder) -> std::string {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto text = entry.path().extension() == ".flow" ? text_of(entry.path()) : std::string{};
    if (text.starts_with("flow ") || text.find("\nflow ") != text.npos) return entry.path().string();
  }
  return {};
}

struct Played {
  std::string name;
  std::unique_ptr<test::Process> process;
};

}  // namespace

TEST_CASE("every caller.script that ships is played to its end, and its caller hears what they called for") {
  std::vector<Played> calls;
  for (const auto* root : {"flows", "examples"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(test::source_dir()) / root)) {
      const auto name = entry.path().filename().string();
      if (!fs::exists(entry.path() / "caller.script") || std::ranges::find(Elsewhere, name) != Elsewhere.end()) continue;
      const auto flow = flow_in(entry.path());
      INFO(name);
      REQUIRE_FALSE(flow.empty());
      const std::vector<std::string> command{test::binary_dir() + "/cli/flowc", "run", flow, "--play", "--record", "none", "--journal", "none", "--no-color"};
      calls.push_back({name, std::make_unique<test::Process>(command)});
    }
  }
  CHECK(calls.size() >= Heard.size());
  for (const auto& call : calls) {
    const auto ended = call.process->end(180s);
    INFO(call.name << "\n" << ended.out << ended.err);
    CHECK(ended.code == 0);
    const auto expected = Heard.find(call.name);
    std::size_t at = 0;
    for (const auto& words : expected == Heard.end() ? std::vector<std::string>{} : expected->second) {
      INFO("then: " << words);
      const auto found = ended.out.find(words, at);
      CHECK(found != ended.out.npos);
      if (found != ended.out.npos) at = found;
    }
  }
}
