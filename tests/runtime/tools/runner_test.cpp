#include "runtime/tools/runner.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "runtime/tools/secrets.h"
#include "runtime/tools/shape.h"

namespace flow::tools {
namespace {

using namespace std::chrono_literals;
using core::JobId;

// Tools on a loop whose time stands still until a test moves it; Lua runs on real threads.
struct Workshop {
  net::ManualClock clock;
  net::Loop loop{clock};
  net::Pool pool{1, 65'536};  // one thread: first come, first served
  ir::Program program;
  std::vector<core::Event> events;
  std::vector<std::string> logs;
  std::vector<net::HttpRequest> asked;
  std::vector<std::function<void(Result<net::HttpResponse>)>> answers;
  int given_up = 0;
  std::unique_ptr<Runner> runner;

  explicit Workshop(Limits limits = {}) {
    runner = std::make_unique<Runner>(Setup{
        .program = program,
        .loop = loop,
        .pool = pool,
        .fetch = [this](net::Loop&, net::HttpRequest request, auto done) -> std::shared_ptr<void> {
          asked.push_back(std::move(request));
          answers.push_back(std::move(done));
          return std::shared_ptr<void>(this, [](Workshop* self) { ++self->given_up; });
        },
        .call_id = "call-1",
        .call_from = "+15550100",
        .environment = [](const std::string& name) { return name == "SHOP_TOKEN" ? std::optional<std::string>("hunter2hunter2") : std::nullopt; },
        .secrets = {"sk-key-of-the-service"},
        .report = [this](core::Event event) { events.push_back(std::move(event)); },
        .log = [this](JobId, const std::string& text) { logs.push_back(text); },
        .limits = limits});
  }
  ~Workshop() { runner.reset(); }

  auto tool(const std::string& source, ir::Tool more = {}) -> Id<ir::Tool> {
    more.name = "tool";
    more.lua_file = "tools/t.lua";
    more.lua_source = source;
    return program.tools.add(std::move(more));
  }
  auto body(const std::string& text, ir::Tool more = {}) -> Id<ir::Tool> { return tool("function tool() " + text + " end", std::move(more)); }

  void start(Id<ir::Tool> which, std::uint32_t job = 1, core::Millis deadline = 30s, Value arguments = Value::Record{}) {
    runner->start({.job = JobId{job}, .attempt = 1, .tool = which, .arguments = std::move(arguments), .state = Value::Record{{"topic", "orders"}}, .deadline = deadline});
  }
  void stop(std::uint32_t job = 1) { runner->stop({JobId{job}, 1}); }
  void await(const std::function<bool()>& happened) { REQUIRE(loop.run_until(happened, 20s)); }
  void await_events(std::size_t count) {
    await([&] { return events.size() >= count; });
  }
  // The slices that wait now have run, and those that they led to.
  void settle() {
    for (int round = 0; round < 3; ++round) {
      bool through = false;
      pool.run(loop.poster(), [] {}, [&] { through = true; });
      await([&] { return through; });
    }
  }
  void advance(core::Millis by) {
    clock.advance(by);
    loop.fire_due();
  }
  // The one event there is, in words.
  auto outcome(Id<ir::Tool> which, Value arguments = Value::Record{}) -> std::string {
    start(which, 1, 30s, std::move(arguments));
    await_events(1);
    REQUIRE(events.size() == 1);
    if (const auto* failed = std::get_if<core::ToolFailed>(&events[0])) return failed->code + ": " + failed->text;
    return to_json(std::get<core::ToolFinished>(events[0]).result);
  }
  // A type of the program.
  auto type(ir::Type::Kind kind, Id<ir::Type> element = {}, bool optional = false) -> Id<ir::Type> {
    return program.types.add({.kind = kind, .optional = optional, .element = element});
  }
};

TEST_CASE("a tool gets its arguments in declared order and the call, and its result comes back") {
  Workshop at;
  ir::Tool more;
  more.params = {{.name = "query"}, {.name = "limit"}};
  more.result = at.type(ir::Type::Kind::Json);
  const auto tool = at.tool("function tool(query, limit, call) return {query, limit, call.id, call.from, call.state.topic} end", more);
  CHECK(at.outcome(tool, Value::Record{{"limit", 5}, {"query", "boots"}}) == R"(["boots",5,"call-1","+15550100","orders"])");
  CHECK(at.runner->running() == 0);
}

TEST_CASE("nothing is reported from inside start") {
  Workshop at;
  at.start(at.body("return 1"));
  CHECK(at.events.empty());
  CHECK(at.runner->running() == 1);
  at.await_events(1);
}

TEST_CASE("a tool without a declared result gives nothing, whatever it returns") {
  Workshop at;
  CHECK(at.outcome(at.body("return {1, 2}")) == "null");
}

TEST_CASE("a result of another type than declared fails with a sentence") {
  Workshop at;
  ir::Tool more;
  more.result = at.type(ir::Type::Kind::List, at.type(ir::Type::Kind::Int));
  CHECK(at.outcome(at.body("return {1, 'two'}", more)) == R"(R0204: `tool` must return [int], but it returned [1,"two"])");
}

TEST_CASE("an empty table is a list where a list is declared, and 3.0 is whole where a whole number is") {
  Workshop at;
  const auto whole = at.type(ir::Type::Kind::Int);
  const auto record = at.program.records.add({.name = "Order", .fields = {{.name = "items", .type = at.type(ir::Type::Kind::List, whole)},
                                                                          {.name = "count", .type = whole},
                                                                          {.name = "note", .type = at.type(ir::Type::Kind::String, {}, true)}}});
  ir::Tool more;
  more.result = at.program.types.add({.kind = ir::Type::Kind::Record, .record = record});
  CHECK(at.outcome(at.body("return {count = 6 / 2, items = {}, also = 1}", more)) == R"({"items":[],"count":3,"note":null,"also":1})");
}

TEST_CASE("types are named as a flow writes them") {
  Workshop at;
  const auto order = at.program.records.add({.name = "Order"});
  const auto list = at.type(ir::Type::Kind::List, at.program.types.add({.kind = ir::Type::Kind::Record, .record = order}), true);
  CHECK(type_text(at.program, list) == "[Order]?");
  CHECK(type_text(at.program, at.type(ir::Type::Kind::Json)) == "json");
}

TEST_CASE("a sleeping tool holds no thread and wakes by the loop's clock") {
  Workshop at;
  at.start(at.body("flow.sleep(3) return 1"));
  at.settle();
  at.advance(2999ms);
  at.settle();
  CHECK(at.events.empty());
  at.advance(1ms);
  at.await_events(1);
  CHECK(std::holds_alternative<core::ToolFinished>(at.events[0]));
}

TEST_CASE("a thousand tools sleep side by side on one loop and wake in order") {
  Workshop at;
  ir::Tool more;
  more.params = {{.name = "n"}};
  more.result = at.type(ir::Type::Kind::Int);
  const auto tool = at.tool("function tool(n) for i = 1, 3 do flow.sleep(n) end return n end", more);
  for (std::uint32_t n = 1; n <= 1000; ++n) at.start(tool, n, 10h, Value::Record{{"n", static_cast<int>(n)}});
  at.settle();
  CHECK(at.runner->running() == 1000);
  for (int second = 1; second <= 3000; ++second) {
    at.advance(1s);
    // Whoever was due has slept again, or ended, before time moves on.
    if (second % 3 == 0) at.await_events(static_cast<std::size_t>(second / 3));
    at.settle();
  }
  REQUIRE(at.events.size() == 1000);
  for (std::uint32_t n = 1; n <= 1000; ++n) CHECK(std::get<core::ToolFinished>(at.events[n - 1]).job == JobId{n});
}

TEST_CASE("a tool past its deadline fails, whether it sleeps, waits or runs") {
  const std::string late = "`tool` took longer than 5 s";
  for (const auto* body : {"flow.sleep(60)", "flow.http('http://shop')", "while true do end", "while true do pcall(flow.sleep, 60) end",
                           "table.sort({1, 2}, function() while true do end end)"}) {
    INFO(body);
    Workshop at({.steps = std::uint64_t{1} << 60});
    at.start(at.body(body), 1, 5s);
    if (!std::string_view(body).starts_with("table.sort")) at.settle();  // a comparison keeps its thread
    at.advance(4999ms);
    CHECK(at.events.empty());
    at.advance(1ms);
    at.await_events(1);
    const auto& failed = std::get<core::ToolFailed>(at.events[0]);
    CHECK(failed.code == "R0203");
    CHECK(failed.text == late);
    CHECK(at.runner->running() == 0);
    at.advance(60s);
    at.settle();
    CHECK(at.events.size() == 1);
    CHECK(at.given_up == static_cast<int>(at.asked.size()));
  }
}

TEST_CASE("a tool is stopped while it sleeps, waits or runs, and what it does after that is not told") {
  for (const auto* body : {"flow.sleep(1) return 1", "flow.http('http://shop') return 1", "for i = 1, 1e7 do flow.progress('x') end return 1"}) {
    INFO(body);
    Workshop at({.steps = std::uint64_t{1} << 60});
    at.start(at.body(body));
    at.settle();
    at.events.clear();  // progress
    at.stop();
    CHECK(std::ranges::count_if(at.events, [](const auto& e) { return std::holds_alternative<core::ToolStopped>(e); }) == 0);
    at.await([&] { return !at.events.empty() && std::holds_alternative<core::ToolStopped>(at.events.back()); });
    const auto told = at.events.size();
    at.advance(10s);
    for (const auto& answer : at.answers) answer(net::HttpResponse{200, {}, ""});
    at.settle();
    CHECK(at.events.size() == told);
  }
}

TEST_CASE("a stop that comes too late is not answered a second time") {
  Workshop at;
  at.start(at.body("return 1"));
  at.await_events(1);
  at.stop();
  at.stop(77);
  at.settle();
  CHECK(at.events.size() == 1);
}

TEST_CASE("a runner that goes stops its tools and tells nobody") {
  Workshop at({.steps = std::uint64_t{1} << 60});
  at.start(at.body("while true do end"), 1);
  at.start(at.body("flow.sleep(1)"), 2);
  at.start(at.body("flow.http('http://shop')"), 3);
  at.await([&] { return at.asked.size() == 1; });
  at.runner.reset();
  at.settle();
  CHECK(at.events.empty());
  CHECK(at.given_up == 1);
}

TEST_CASE("whoever hears a result may let the runner go") {
  Workshop at;
  Runner* const gone = at.runner.get();
  std::unique_ptr<Runner> own;
  bool heard = false;
  own = std::make_unique<Runner>(Setup{.program = at.program, .loop = at.loop, .pool = at.pool, .fetch = {}, .call_id = "", .call_from = "",
                                       .report = [&](const core::Event&) { own.reset(), heard = true; }});
  const auto tool = at.body("flow.log('a') return 1");
  own->start({.job = JobId{1}, .attempt = 1, .tool = tool, .arguments = Value::Record{}, .deadline = 5s});
  at.await([&] { return heard; });
  CHECK(gone == at.runner.get());
}

TEST_CASE("two calls share nothing, not even a tool's globals") {
  Workshop at;
  ir::Tool more;
  more.result = at.type(ir::Type::Kind::Int);
  const auto tool = at.tool("function tool() count = (count or 0) + 1 flow.sleep(1) return count end", more);
  for (std::uint32_t n = 1; n <= 20; ++n) at.start(tool, n);
  at.settle();
  at.advance(1s);
  at.await_events(20);
  for (const auto& event : at.events) CHECK(std::get<core::ToolFinished>(event).result == Value{1});
}

TEST_CASE("progress and log lines come while the tool runs, without secrets") {
  Workshop at;
  ir::Tool more;
  more.env = {"SHOP_TOKEN"};
  at.start(at.body("flow.log('token', flow.env('SHOP_TOKEN')) flow.progress('sk-key-of-the-service') flow.sleep(1) error('with ' .. flow.env('SHOP_TOKEN'), 0)", more));
  at.await_events(1);
  CHECK(at.logs == std::vector<std::string>{"token [secret]"});
  CHECK(std::get<core::ToolProgressed>(at.events[0]).text == "[secret]");
  at.settle();
  at.advance(1s);
  at.await_events(2);
  CHECK(std::get<core::ToolFailed>(at.events[1]).text == "with [secret]");
}

TEST_CASE("a longer secret is blotted out whole though a shorter one begins it") {
  Secrets secrets;
  for (const auto* secret : {"abcd", "abcdefgh", "x", ""}) secrets.add(secret);
  CHECK(secrets.blot("abcdefgh abcd x") == "[secret] [secret] x");
}

TEST_CASE("a request is given no longer than the tool has left") {
  Workshop at;
  at.start(at.body("flow.sleep(2) return flow.http{url = 'http://shop', timeout = 60}.status"), 1, 5s);
  at.settle();
  at.advance(2s);
  at.await([&] { return at.asked.size() == 1; });
  CHECK(at.asked[0].deadline == 3s);
  at.answers[0](net::HttpResponse{200, {}, ""});
  at.await_events(1);
  CHECK(std::holds_alternative<core::ToolFinished>(at.events[0]));
}

TEST_CASE("a network failure that the tool does not catch is marked as one") {
  Workshop at;
  at.start(at.body("flow.http('http://shop')"));
  at.await([&] { return at.asked.size() == 1; });
  at.answers[0](failure("R0101", "shop cannot be reached"));
  at.await_events(1);
  CHECK(at.events[0] == core::Event{core::ToolFailed{.job = JobId{1}, .attempt = 1, .code = "R0101", .text = "shop cannot be reached", .network = true}});
}

TEST_CASE("while tools spin and grow on every thread, the loop keeps ticking") {
  net::Loop loop;  // on the machine's time
  net::Pool pool(2, 1024);
  Workshop source;
  const auto spin = source.body("while true do pcall(function() while true do end end) end");
  const auto grow = source.body("local s = 'x' while true do pcall(function() s = s .. s end) end");
  int ended = 0;
  Runner runner(Setup{.program = source.program, .loop = loop, .pool = pool, .fetch = {}, .call_id = "", .call_from = "",
                      .report = [&](const core::Event& event) {
                        CHECK(std::get<core::ToolFailed>(event).code == "R0203");
                        ++ended;
                      },
                      .limits = {.steps = std::uint64_t{1} << 60}});
  for (std::uint32_t n = 1; n <= 4; ++n) {
    runner.start({.job = JobId{n}, .attempt = 1, .tool = n % 2 ? spin : grow, .arguments = Value::Record{}, .deadline = 500ms});
  }
  int ticks = 0;
  net::Timer timer(loop);
  const std::function<void()> tick = [&] {
    ++ticks;
    timer.set_after(1ms, tick);
  };
  timer.set_after(1ms, tick);
  REQUIRE(loop.run_until([&] { return ended == 4; }, 60s));
  CHECK(ticks > 20);  // some hundreds on an idle machine; a blocked loop would have a handful
}

TEST_CASE("tools that find no thread fail with a code and leave the others alone") {
  net::ManualClock clock;
  net::Loop loop(clock);
  net::Pool pool(1, 1);
  Workshop source;
  const auto tool = source.body("while true do end");
  std::vector<std::string> codes;
  Runner runner(Setup{.program = source.program, .loop = loop, .pool = pool, .fetch = {}, .call_id = "", .call_from = "",
                      .report = [&](const core::Event& event) { codes.push_back(std::get<core::ToolFailed>(event).code); }});
  for (std::uint32_t n = 1; n <= 8; ++n) runner.start({.job = JobId{n}, .attempt = 1, .tool = tool, .arguments = Value::Record{}, .deadline = 5s});
  REQUIRE(loop.run_until([&] { return codes.size() >= 6; }, 20s));
  CHECK(codes[0] == "R0206");
}

TEST_CASE("checking tools finds those that cannot be loaded, and runs none") {
  Workshop at;
  at.tool("function tool() error('ran') end");
  at.tool("function tol() end");
  at.tool("flow.sleep(1) function tool() end");
  at.tool("while true do end");
  at.program.tools.add({.name = "end_call", .body = ir::Tool::Body::EndCall});
  const auto errors = check_tools(at.program, {.steps = 100'000});
  REQUIRE(errors.size() == 3);
  CHECK(errors[0].text == "tools/t.lua: no function `tool`; a Lua tool is the global function of its name");
  CHECK(errors[1].text == "tools/t.lua: the file waits while it is loaded; only the tool's function may");
  CHECK(errors[2].code == "R0203");
}

TEST_CASE("of several tools in one file each that is wrong is found") {
  Workshop at;
  const std::string file = "function first() end function second() end";
  for (const auto* name : {"first", "tirst", "second", "secnd"}) {
    const auto tool = at.tool(file);
    at.program.tools[tool].name = name;
  }
  const auto errors = check_tools(at.program);
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].text == "tools/t.lua: no function `tirst`; a Lua tool is the global function of its name");
  CHECK(errors[1].text == "tools/t.lua: no function `secnd`; a Lua tool is the global function of its name");
}

}  // namespace
}  // namespace flow::tools
