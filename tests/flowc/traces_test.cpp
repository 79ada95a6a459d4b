// The trace that a call leaves at a collector, as a user has it.

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "tests/flowc/folder.h"
#include "tests/flowc/web_service.h"

using namespace flow;

namespace {

constexpr auto Flow = R"(flow shop {
  start desk
  realtime voice
  telemetry { otlp env("OTEL_EXPORTER_OTLP_ENDPOINT") }
}
realtime voice {
  provider simulated
}
agent desk { instructions "You answer the phone of a shoe shop."; greet first "Hello, the shoe shop." }
)";

struct Shop : test::Folder {
  Shop() {
    write("caller.script", "after 500ms says \"hello there\"\nafter 500ms hangs_up\n");
    write("shop.flow", Flow);
  }
};

const std::string Run = "flowc run shop.flow --play --audio none --record none ";

}  // namespace

TEST_CASE("a call leaves one trace at the collector, and its journal gives the same one") {
  const Shop folder;
  std::vector<std::string> targets, bodies;
  test::WebService collector([&](const net::Incoming& request) {
    targets.push_back(request.method + " " + request.target);
    bodies.push_back(request.body);
    return std::pair(200, std::string("{}"));
  });
  const auto [code, output] = folder.run("OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.url() + " " + Run + "--journal call.journal && flowc trace call.journal --otlp again.json");
  INFO(output);
  CHECK(code == 0);
  collector.stop();
  REQUIRE(targets == std::vector<std::string>{"POST /v1/traces"});
  CHECK(folder.read("again.json") == bodies[0] + "\n");
  for (const auto* part : {"\"call shop\"", "\"invoke_agent desk\"", "\"gen_ai.usage.input_tokens\"", "\"typed_reply\"", "\"gen_ai.provider.name\""}) {
    INFO(part);
    CHECK(bodies[0].find(part) != std::string::npos);
  }
  CHECK(bodies[0].find("hello there") == std::string::npos);
}

TEST_CASE("a collector that is away costs one warning and no exit code") {
  const Shop folder;
  const auto [code, output] = folder.run("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9 " + Run + "--journal none");
  INFO(output);
  CHECK(code == 0);
  CHECK(output.find("R0407 the trace of the call was not taken") != std::string::npos);
  const auto [unset, told] = folder.run("env -u OTEL_EXPORTER_OTLP_ENDPOINT " + Run + "--journal none");
  CHECK(unset == 0);
  CHECK(told.find("`OTEL_EXPORTER_OTLP_ENDPOINT` is not set") != std::string::npos);
}
