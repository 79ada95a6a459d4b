// Tools that are no Lua, as a user has them: examples/08_services held as a call, against a service on this machine.

#include <sys/wait.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
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

// The example in a folder of its own, with its database.
struct Example {
  fs::path folder;
  Example() {
    auto name = (fs::temp_directory_path() / "flowc-services-XXXXXX").string();
    folder = mkdtemp(name.data());
    fs::copy(fs::path(test::source_dir()) / "examples/08_services", folder, fs::copy_options::recursive);
    auto database = sqlite::Database::open((folder / "stock.db").string(), sqlite::Access::Create);
    REQUIRE(database);
    REQUIRE(database->run(text_of(folder / "stock.sql")));
  }
  ~Example() { fs::remove_all(folder); }

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
};

// The shop's service: knows one order, and who may ask.
class ShopService {
 public:
  ShopService() {
    auto listening = net::Acceptor::listen(loop_, {}, [this](net::Incoming request) {
      asked.push_back(request.method + " " + request.target + " " + std::string(net::find(request.headers, "Authorization").value_or("")));
      if (request.target == "/orders/A1") return request.respond(200, R"({"id":"A1","items":["boots","sandals"],"warehouse":7})", {{"Content-Type", "application/json"}});
      request.respond(404);
    });
    REQUIRE(listening);
    acceptor_ = std::move(*listening);
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~ShopService() { stop(); }
  void stop() {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
    acceptor_.reset();
  }
  auto url() const -> std::string { return "http://127.0.0.1:" + std::to_string(acceptor_->port()); }
  std::vector<std::string> asked;

 private:
  net::Loop loop_;
  std::unique_ptr<net::Acceptor> acceptor_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a call with the simulated service really asks a web service, a database and a program") {
  Example example;
  ShopService shop;
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
