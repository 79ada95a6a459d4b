// Tools that are no Lua, as a user has them: examples/08_services held as a call, against a service on this machine.

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "runtime/net/server.h"
#include "runtime/sqlite/database.h"
#include "tests/support/places.h"

namespace fs = std::filesystem;
using namespace flow;

namespace {

auto text_of(const fs::path& file) -> std::string {
  std::ostringstream out;
  out << std::ifstream{file, std::ios::binary}.rdbuf();
  return out.str();
}

// A copy of what ships, in a folder of its own.
struct Copy {
  fs::path folder;
  explicit Copy(const std::string& of) {
    auto name = (fs::temp_directory_path() / "flowc-services-XXXXXX").string();
    folder = mkdtemp(name.data());
    fs::copy(fs::path(test::source_dir()) / of, folder, fs::copy_options::recursive);
  }
  ~Copy() { fs::remove_all(folder); }

  auto run(const std::string& command) const -> std::pair<int, std::string> {
    const auto line = "cd '" + folder.string() + "' && PATH='" + test::binary_dir() + "/cli':\"$PATH\" && { " + command + "; } 2>&1 </dev/null";
    auto* pipe = popen(line.c_str(), "r");
    REQUIRE(pipe);
    std::string output;
    std::array<char, 4096> buffer;
    for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) output.append(buffer.data(), n);
    const int status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream{folder / name, std::ios::binary} << text; }
};

// The example, with its database.
struct Example : Copy {
  Example() : Copy("examples/08_services") {
    auto database = sqlite::Database::open((folder / "stock.db").string(), sqlite::Access::Create);
    REQUIRE(database);
    REQUIRE(database->run(text_of(folder / "stock.sql")));
  }
};

// A service on this machine, on a thread of its own.
class Service {
 public:
  using Answer = std::function<std::pair<int, std::string>(const net::Incoming& request)>;
  explicit Service(Answer answer) {
    auto listening = net::Acceptor::listen(loop_, {}, [this, answer = std::move(answer)](net::Incoming request) {
      asked.push_back(request.method + " " + request.target + " " + std::string(net::find(request.headers, "Authorization").value_or("")));
      const auto [status, body] = answer(request);
      request.respond(status, body, {{"Content-Type", "application/json"}});
    });
    REQUIRE(listening);
    acceptor_ = std::move(*listening);
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Service() { stop(); }
  // After this `asked` may be read.
  void stop() {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
  }
  auto url() const -> std::string { return "http://127.0.0.1:" + std::to_string(acceptor_->port()); }
  std::vector<std::string> asked;

 private:
  net::Loop loop_;
  std::unique_ptr<net::Acceptor> acceptor_;
  std::thread thread_;
};

// Knows one order.
auto shop_of(const net::Incoming& request) -> std::pair<int, std::string> {
  if (request.target == "/orders/A1") return {200, R"({"id":"A1","items":["boots","sandals"],"warehouse":7})"};
  return {404, ""};
}

}  // namespace

TEST_CASE("a call with the simulated service really asks a web service, a database and a program") {
  Example example;
  Service shop(shop_of);
  const auto [code, output] = example.run("SHOP_API=" + shop.url() + " SHOP_TOKEN=hunter2hunter2 flowc run services.flow --play --audio none --record none --journal call.journal");
  INFO(output);
  CHECK(code == 0);
  shop.stop();
  CHECK(shop.asked == std::vector<std::string>{"GET /orders/A1 Bearer hunter2hunter2"});
  CHECK(output.find("the items are boots and sandals") != std::string::npos);
  CHECK(output.find("9 euros") != std::string::npos);
  CHECK(output.find("12") != std::string::npos);
  const auto journal = text_of(example.folder / "call.journal");
  CHECK(journal.find("hunter2") == std::string::npos);
  CHECK(journal.find("warehouse") == std::string::npos);
}

TEST_CASE("what is not set is named at once, and no call begins") {
  Example example;
  const auto [code, output] = example.run("env -u SHOP_API -u SHOP_TOKEN flowc run services.flow --play --record none --journal none");
  CHECK(code == 1);
  CHECK(output.find("R0215") != std::string::npos);
  CHECK(output.find("`SHOP_API` (service `shop`), `SHOP_TOKEN` (service `shop`)") != std::string::npos);
}

TEST_CASE("a database that is not there is told of before a call") {
  Example example;
  fs::remove(example.folder / "stock.db");
  const auto [code, output] = example.run("SHOP_API=http://127.0.0.1:1 SHOP_TOKEN=x flowc run services.flow --play --record none --journal none");
  CHECK(code == 1);
  CHECK(output.find("R0211") != std::string::npos);
}

TEST_CASE("a plan that is not there when the caller hangs up is told in their next call, by another process, once") {
  Copy plans("flows/plans");
  auto flow = text_of(plans.folder / "plans.flow");
  const std::string patient = "poll  10s..60s";
  REQUIRE(flow.find(patient) != std::string::npos);
  plans.write("plans.flow", flow.replace(flow.find(patient), patient.size(), "poll  200ms..1s"));
  plans.write("one.script", "after 500ms says \"I need a business plan for a bakery.\"\nafter 9s hangs_up\n");
  plans.write("two.script", "waits_for tool business_plan delivered within 40s\nafter 500ms says \"Thank you. Goodbye.\"\nafter 3s hangs_up\n");
  std::atomic<bool> done = false;
  Service bureau([&](const net::Incoming& request) -> std::pair<int, std::string> {
    if (request.target.ends_with("/files")) return {200, R"({"id":"file-1"})"};
    if (request.target.ends_with("/batches")) return {200, R"({"id":"batch_1","status":"validating"})"};
    if (request.target.ends_with("/batches/batch_1")) return {200, done ? R"({"status":"completed","output_file_id":"file-2"})" : R"({"status":"in_progress"})"};
    return {200, R"({"custom_id":"job","response":{"status_code":200,"body":{"choices":[{"message":{"content":"Open at six."}}]}}})"};
  });
  const auto call = [&](const std::string& script, const std::string& from) {
    return plans.run("BATCH_URL=" + bureau.url() + "/v1 BATCH_KEY=hunter2hunter2 flowc run plans.flow --play " + script + " --audio none --record none --journal none --from " + from).second;
  };
  const auto first = call("one.script", "+15550100");
  INFO(first);
  CHECK(first.find("next call") != std::string::npos);
  done = true;
  const auto second = call("two.script", "+15550100");
  INFO(second);
  CHECK(second.find("Your plan about bakery is there.") != std::string::npos);
  CHECK(second.find("heard by the caller") != std::string::npos);
  bureau.stop();
  CHECK(std::count(bureau.asked.begin(), bureau.asked.end(), "POST /v1/batches Bearer hunter2hunter2") == 1);
  auto memory = sqlite::Database::open((plans.folder / "calls/memory.sqlite").string(), sqlite::Access::Read);
  REQUIRE(memory);
  CHECK(memory->ask("select * from kept_jobs", {})->empty());
}
