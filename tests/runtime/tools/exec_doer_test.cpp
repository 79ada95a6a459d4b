#include <csignal>

#include "tests/runtime/tools/outside.h"

namespace flow::tools {
namespace {

struct Programs : OutsideWorld {
  auto tool(std::vector<std::string> command, Id<ir::Type> result = {}) -> ir::Tool {
    return {.name = "count", .result = result, .body = ir::Tool::Body::Exec, .work = ir::Work{.command = std::move(command)}};
  }
  auto shell(const std::string& script, Id<ir::Type> result = {}) -> ir::Tool { return tool({"sh", "-c", script}, result); }
  auto json() -> Id<ir::Type> { return type(ir::Type::Kind::Json); }
};

}  // namespace

TEST_CASE("a program reads its arguments and writes its result as JSON") {
  Programs at;
  CHECK(at.outcome(at.tool({"cat"}, at.json()), Value::Record{{"id", "A1"}, {"n", 3}}) == R"({"id":"A1","n":3})");
}

TEST_CASE("what it says beside goes into the log, line by line, and a failure has the last of it") {
  Programs at;
  Heard heard;
  const auto work = at.start(at.shell("echo one >&2; echo two >&2; exit 3"), Value::Record{}, heard);
  at.await([&] { return !heard.outcomes.empty(); });
  CHECK(heard.text() == "R0210: `sh` ended with 3: two");
  CHECK(heard.logs == std::vector<std::string>{"one", "two"});
}

TEST_CASE("a program may ask to be tried again, and one that was ended did not answer") {
  Programs at;
  CHECK(at.outcome(at.shell("exit 75")) == "R0210 (again): `sh` ended with 75");
  CHECK(at.outcome(at.shell("kill -9 $$")) == "R0210: `sh` was ended by signal 9");
}

TEST_CASE("a program that is not there, or whose folder is not, says so") {
  Programs at;
  CHECK(at.outcome(at.tool({"no-such-program"})) == "R0210: cannot start `no-such-program`: No such file or directory");
  auto tool = at.tool({"cat"});
  tool.work->folder = "nowhere";
  CHECK(at.outcome(tool).starts_with("R0210: cannot start `cat`"));
}

TEST_CASE("no shell reads its arguments") {
  Programs at;
  CHECK(at.outcome(at.tool({"printf", "\"%s\"", "$HOME; ls *"}, at.text())) == R"("$HOME; ls *")");
}

TEST_CASE("it runs in the folder that is named, from the flow's on") {
  Programs at;
  std::filesystem::create_directories(at.folder + "/deep");
  auto tool = at.shell("printf '\"%s\"' \"${PWD##*/}\"", at.text());
  tool.work->folder = "deep";
  CHECK(at.outcome(tool) == R"("deep")");
}

TEST_CASE("it sees what it needs of the environment, and secrets only if it names them") {
  Programs at;
  auto tool = at.shell("printf '\"%s\"' \"$SHOP_TOKEN\"", at.text());
  CHECK(at.outcome(tool) == R"("")");
  tool.env = {"SHOP_TOKEN"};
  CHECK(at.outcome(tool) == R"("hunter2hunter2")");
}

TEST_CASE("a program that never stops talking is stopped") {
  Programs at;
  CHECK(at.outcome(at.tool({"yes"}, at.text())).starts_with("R0209: `yes` gave more than"));
}

TEST_CASE("a program that does not read its arguments is not waited for") {
  Programs at;
  CHECK(at.outcome(at.shell("exec 0<&-; echo 1", at.json()), Value::Record{{"text", std::string(300'000, 'x')}}) == "1");
}

TEST_CASE("when a program's work is given up, all that it started ends with it") {
  Programs at;
  Heard heard;
  auto work = at.start(at.shell("sleep 1000 & echo $! >&2; wait"), Value::Record{}, heard);
  at.await([&] { return !heard.logs.empty(); });
  const auto child = std::stoi(heard.logs[0]);
  CHECK(::kill(child, 0) == 0);
  work.reset();
  // Init or whoever reaps may take a moment; a process that waits to be reaped is over.
  const auto over = [&] {
    std::ifstream stat("/proc/" + std::to_string(child) + "/stat");
    std::string number, name, state;
    return !(stat >> number >> name >> state) || state == "Z";
  };
  at.loop.run_until(over, 5s);
  for (int i = 0; i < 200 && !over(); ++i) at.loop.run_until([] { return false; }, 10ms);
  CHECK(over());
  CHECK(heard.outcomes.empty());
}

}  // namespace flow::tools
