// `flowc test --generate` on the flows that ship, as if nobody had written a test for them.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "tests/flowc/folder.h"

namespace fs = std::filesystem;
using namespace flow;

TEST_CASE("a test is proposed for every agent, edge, handler and policy cell of the flows that ship, and all of them pass") {
  const test::Folder flows{"flows"};
  for (const auto* name : {"support", "bank", "appointments", "insurance", "plans"}) {
    INFO(name);
    const auto folder = "cd " + std::string(name) + " && ";
    fs::remove(flows.path() / name / (std::string(name) + ".test.flow"));
    const auto proposed = flows.run(folder + "flowc test " + name + ".flow --generate --write new.test.flow");
    CHECK(proposed.code == 0);
    CHECK(proposed.output.find("nothing found") == std::string::npos);
    const auto played = flows.run(folder + "flowc test new.test.flow --coverage");
    INFO(played.output);
    CHECK(played.code == 0);
    CHECK(flows.run(folder + "flowc test new.test.flow --coverage | grep 'no test:' | grep -v 'at most'").output.empty());
    CHECK(flows.run(folder + "flowc fmt --check new.test.flow").code == 0);
  }
}
