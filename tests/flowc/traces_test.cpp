// The trace that a call leaves at a collector, as a user has it.

#include <sys/wait.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "runtime/net/server.h"
#include "tests/support/places.h"

namespace fs = std::filesystem;
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

class Folder {
 public:
  Folder() {
    auto name = (fs::temp_directory_path() / "flowc-traces-XXXXXX").string();
    path_ = mkdtemp(name.data());
    write("caller.script", "after 500ms says \"hello there\"\nafter 500ms hangs_up\n");
    write("shop.flow", Flow);
  }
  ~Folder() { fs::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream{path_ / name, std::ios::binary} << text; }
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

// A collector on this machine, on a thread of its own.
class Collector {
 public:
  Collector() {
    auto listening = net::Acceptor::listen(loop_, {}, [this](net::Incoming request) {
      targets.push_back(request.method + " " + request.target);
      bodies.push_back(request.body);
      request.respond(200, "{}", {{"Content-Type", "application/json"}});
    });
    REQUIRE(listening);
    acceptor_ = std::move(*listening);
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Collector() { stop(); }
  // After this the lists may be read.
  void stop() {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
  }
  auto url() const -> std::string { return "http://127.0.0.1:" + std::to_string(acceptor_->port()); }
  std::vector<std::string> targets, bodies;

 private:
  net::Loop loop_;
  std::unique_ptr<net::Acceptor> acceptor_;
  std::thread thread_;
};

const std::string Run = "flowc run shop.flow --play --audio none --record none ";

}  // namespace

TEST_CASE("a call leaves one trace at the collector, and its journal gives the same one") {
  Folder folder;
  Collector collector;
  const auto [code, output] = folder.run("OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.url() + " " + Run + "--journal call.journal && flowc trace call.journal --otlp again.json");
  INFO(output);
  CHECK(code == 0);
  collector.stop();
  REQUIRE(collector.targets == std::vector<std::string>{"POST /v1/traces"});
  CHECK(folder.read("again.json") == collector.bodies[0] + "\n");
  for (const auto* part : {"\"call shop\"", "\"invoke_agent desk\"", "\"gen_ai.usage.input_tokens\"", "\"typed_reply\"", "\"gen_ai.provider.name\""}) {
    INFO(part);
    CHECK(collector.bodies[0].find(part) != std::string::npos);
  }
  CHECK(collector.bodies[0].find("hello there") == std::string::npos);
}

TEST_CASE("a collector that is away costs one warning and no exit code") {
  Folder folder;
  const auto [code, output] = folder.run("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9 " + Run + "--journal none");
  INFO(output);
  CHECK(code == 0);
  CHECK(output.find("R0407 the trace of the call was not taken") != std::string::npos);
  const auto [unset, told] = folder.run("env -u OTEL_EXPORTER_OTLP_ENDPOINT " + Run + "--journal none");
  CHECK(unset == 0);
  CHECK(told.find("`OTEL_EXPORTER_OTLP_ENDPOINT` is not set") != std::string::npos);
}
