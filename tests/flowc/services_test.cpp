// Tools that are no Lua, as a user has them: examples/08_services held as a call, against a service on this machine.

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "runtime/sqlite/database.h"
#include "tests/flowc/folder.h"
#include "tests/flowc/web_service.h"

namespace fs = std::filesystem;
using namespace flow;

namespace {

// The example, with its database.
struct Example : test::Folder {
  Example() : Folder("examples/08_services") {
    auto database = sqlite::Database::open((path() / "stock.db").string(), sqlite::Access::Create);
    REQUIRE(database);
    REQUIRE(database->run(read("stock.sql")));
  }
};

// Writes down who asked for what; `asked` may be read once it has stopped.
struct Service : test::WebService {
  std::vector<std::string> asked;
  explicit Service(Answer answer)
      : WebService([this, answer = std::move(answer)](const net::Incoming& request) {
          asked.push_back(request.method + " " + request.target + " " + std::string(net::find(request.headers, "Authorization").value_or("")));
          return answer(request);
        }) {}
  ~Service() { stop(); }  // before `asked` goes
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
  const auto journal = example.read("call.journal");
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
  fs::remove(example.path() / "stock.db");
  const auto [code, output] = example.run("SHOP_API=http://127.0.0.1:1 SHOP_TOKEN=x flowc run services.flow --play --record none --journal none");
  CHECK(code == 1);
  CHECK(output.find("R0211") != std::string::npos);
}

TEST_CASE("a plan that is not there when the caller hangs up is told in their next call, by another process, once") {
  const test::Folder plans("flows/plans");
  auto flow = plans.read("plans.flow");
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
    return plans.run("BATCH_URL=" + bureau.url() + "/v1 BATCH_KEY=hunter2hunter2 flowc run plans.flow --play " + script + " --audio none --record none --journal none --from " + from).output;
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
  auto memory = sqlite::Database::open((plans.path() / "calls/memory.sqlite").string(), sqlite::Access::Read);
  REQUIRE(memory);
  CHECK(memory->ask("select * from kept_jobs", {})->empty());
}
