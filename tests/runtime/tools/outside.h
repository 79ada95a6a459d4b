#pragma once
// A program's outside, for tests of those who do tools' work: a loop, a service that a test answers for, a folder.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "runtime/tools/doers.h"
#include "tests/support/places.h"

namespace flow::tools {

using namespace std::chrono_literals;

// Whoever waits for a tool's work.
struct Heard {
  std::vector<Outcome> outcomes;
  std::vector<std::string> progress, logs;
  auto hearer() -> Hearer {
    return {[this](Outcome outcome) { outcomes.push_back(std::move(outcome)); }, [this](const std::string& text) { progress.push_back(text); },
            [this](const std::string& text) { logs.push_back(text); }};
  }
  // The one outcome, in words.
  auto text() const -> std::string {
    REQUIRE(outcomes.size() == 1);
    if (const auto* failed = std::get_if<Failed>(&outcomes[0])) return failed->code + (failed->network ? " (again)" : "") + ": " + failed->text;
    if (const auto* pending = std::get_if<Pending>(&outcomes[0])) return "pending " + pending->handle;
    return to_json(std::get<Done>(outcomes[0]).result);
  }
};

struct OutsideWorld {
  net::Loop loop;
  net::Pool pool{2};
  ir::Program program;
  std::map<std::string, std::string> environment{{"PATH", "/usr/bin:/bin"}, {"SHOP_TOKEN", "hunter2hunter2"}};
  std::string folder = std::filesystem::temp_directory_path() / ("flow_outside_" + std::to_string(::getpid()));
  // What was asked over HTTP, and who waits for it.
  std::vector<net::HttpRequest> asked;
  std::vector<std::function<void(Result<net::HttpResponse>)>> answers;
  int given_up = 0;
  Fetch fetch = [this](net::Loop&, net::HttpRequest request, auto done) -> std::shared_ptr<void> {
    asked.push_back(std::move(request));
    answers.push_back(std::move(done));
    return std::shared_ptr<void>(this, [](OutsideWorld* self) { ++self->given_up; });
  };
  std::unique_ptr<Doers> doers;

  OutsideWorld() {
    program.name = "shop";
    std::filesystem::create_directories(folder);
  }
  ~OutsideWorld() {
    doers.reset();
    std::filesystem::remove_all(folder);
  }

  auto type(ir::Type::Kind kind, bool optional = false, Id<ir::Type> element = {}) -> Id<ir::Type> { return program.types.add({.kind = kind, .optional = optional, .element = element}); }
  auto text(bool optional = false) -> Id<ir::Type> { return type(ir::Type::Kind::String, optional); }
  auto local(const std::string& name) -> Id<ir::Expr> { return program.exprs.add({.op = ir::Expr::Op::Local, .name = name}); }
  static auto words(std::string text) -> ir::TemplatePart { return {.kind = ir::TemplatePart::Kind::Text, .text = std::move(text)}; }
  auto hole(const std::string& name) -> ir::TemplatePart { return {.kind = ir::TemplatePart::Kind::Hole, .expr = local(name)}; }
  auto service(ir::Service::Kind kind, std::string at, ir::Auth auth = {}) -> Id<ir::Service> {
    return program.services.add({.name = "shop", .kind = kind, .at = {ir::Setting::From::Text, std::move(at)}, .auth = std::move(auth)});
  }
  auto settings() -> Settings {
    auto found = Settings::look_up(program, [this](const std::string& name) {
      const auto value = environment.find(name);
      return value == environment.end() ? std::nullopt : std::optional(value->second);
    });
    REQUIRE(found);
    return *found;
  }
  auto outside() -> Outside {
    return {program, loop, pool, fetch, settings(), folder, [this](const std::string& name) {
      const auto value = environment.find(name);
      return value == environment.end() ? std::nullopt : std::optional(value->second);
    }};
  }
  auto start(ir::Tool tool, Value arguments, Heard& heard, std::string handle = {}, net::Millis deadline = 20s) -> std::shared_ptr<void> {
    if (!doers) doers = std::make_unique<Doers>(outside());
    Task task{.tool = std::make_shared<const ir::Tool>(std::move(tool)), .arguments = std::move(arguments), .state = Value::Record{},
              .call = Value::Record{{"id", "call-1"}, {"from", "+15550100"}}, .ends_at = loop.now() + deadline, .handle = std::move(handle)};
    const auto body = task.tool->body;
    return doers->of(body).start(std::move(task), heard.hearer());
  }
  void await(const std::function<bool()>& happened) { REQUIRE(loop.run_until(happened, 20s)); }
  auto outcome(ir::Tool tool, Value arguments = Value::Record{}) -> std::string {
    Heard heard;
    const auto work = start(std::move(tool), std::move(arguments), heard);
    await([&] { return !heard.outcomes.empty(); });
    return heard.text();
  }
  void file(const std::string& name, const std::string& content) const { std::ofstream(std::filesystem::path(folder) / name) << content; }
};

}  // namespace flow::tools
