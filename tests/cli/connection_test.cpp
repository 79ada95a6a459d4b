#include "cli/connection.h"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace flow;
using namespace flow::cli;

namespace {

auto shop() -> ir::Program {
  ir::Program program;
  program.realtime = program.realtimes.add({.name = "voice", .provider = "openai", .model = "gpt-realtime", .key_secret = "SHOP_KEY"});
  program.realtimes.add({.name = "own", .provider = "openai", .model = "big", .url = "ws://10.0.0.7/v1/realtime"});
  return program;
}

auto environment(std::map<std::string, std::string> values) -> Environment {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto at = values.find(name);
    return at == values.end() ? std::nullopt : std::optional(at->second);
  };
}

const auto Rich = environment({{"SHOP_KEY", "sk-1"}, {"OPENAI_API_KEY", "sk-2"}});
const auto Poor = environment({});

auto chosen(const ir::Program& program) -> const ir::Realtime& { return program.realtimes[program.realtime]; }

}  // namespace

TEST_CASE("without a word the simulated service is called, though the flow names another and a key is there") {
  auto program = shop();
  const auto connection = choose_connection(program, {}, Rich);
  REQUIRE(connection);
  CHECK(connection->embedded);
  CHECK(connection->key.empty());
  CHECK(connection->note.find("--realtime voice") != std::string::npos);
  CHECK(chosen(program).provider == "simulated");
}

TEST_CASE("the option --realtime takes a connection of the flow, by its name or its provider") {
  for (const auto* name : {"voice", "openai"}) {
    auto program = shop();
    const auto connection = choose_connection(program, {.realtime = name}, Rich);
    REQUIRE(connection);
    CHECK_FALSE(connection->embedded);
    CHECK(connection->key == "sk-1");
    CHECK(chosen(program).model == "gpt-realtime");
  }
}

TEST_CASE("the option --realtime openai works for a flow that names no connection at all") {
  ir::Program program;
  const auto connection = choose_connection(program, {.realtime = "openai"}, Rich);
  REQUIRE(connection);
  CHECK(connection->key == "sk-2");
  CHECK(chosen(program).provider == "openai");
}

TEST_CASE("a missing key ends the run before it begins, and the message says what to set") {
  auto program = shop();
  const auto connection = choose_connection(program, {.realtime = "openai"}, Poor);
  REQUIRE_FALSE(connection);
  CHECK(connection.error().code == "R0501");
  CHECK(connection.error().text.find("SHOP_KEY") != std::string::npos);
  CHECK(connection.error().hint.find("--realtime simulated") != std::string::npos);
}

TEST_CASE("a name that nobody knows is refused with those that are known") {
  auto program = shop();
  const auto connection = choose_connection(program, {.realtime = "gemni"}, Rich);
  REQUIRE_FALSE(connection);
  CHECK(connection.error().code == "R0505");
  CHECK(connection.error().hint == "there are: simulated, openai, voice, own");
}

TEST_CASE("the option --url calls any server and needs no key") {
  auto program = shop();
  const auto connection = choose_connection(program, {.url = "ws://127.0.0.1:8080/v1/realtime"}, Poor);
  REQUIRE(connection);
  CHECK_FALSE(connection->embedded);
  CHECK(chosen(program).url == "ws://127.0.0.1:8080/v1/realtime");
}

TEST_CASE("the option --url asks for a model even if the flow names none, as services end a call without") {
  ir::Program bare;
  REQUIRE(choose_connection(bare, {.url = "ws://127.0.0.1:8080/v1/realtime"}, Poor));
  CHECK_FALSE(chosen(bare).model.empty());
}

TEST_CASE("a key never goes in clear to another machine") {
  for (const auto* url : {"ws://10.0.0.7:80/v1", "ws://127.0.0.1.example.com/v1", "http://127.0.0.1/"}) {
    auto program = shop();
    const auto connection = choose_connection(program, {.url = url}, Rich);
    REQUIRE(connection);
    INFO(url);
    CHECK(connection->key.empty());
    CHECK_FALSE(connection->note.empty());
  }
  for (const auto* url : {"wss://10.0.0.7/v1", "ws://localhost:9/v1", "ws://127.0.0.1", "ws://[::1]:80"}) {
    auto program = shop();
    INFO(url);
    CHECK(choose_connection(program, {.url = url}, Rich)->key == "sk-1");
  }
}

TEST_CASE("a flow whose own connection has an address is run there") {
  auto program = shop();
  program.realtime = program.realtimes.id_at(1);
  const auto connection = choose_connection(program, {}, Poor);
  REQUIRE(connection);
  CHECK_FALSE(connection->embedded);
}

TEST_CASE("a deployment on Azure always has an address, and is called when it is asked for") {
  const auto connection_of = [](const Run& run) {
    auto program = shop();
    auto& own = program.realtimes[program.realtime];
    own.provider = "azure_openai";
    own.url = "wss://north.openai.azure.com";
    return choose_connection(program, run, Rich).value();
  };
  CHECK(connection_of({}).embedded);
  CHECK(connection_of({}).note == "the flow names azure_openai; --realtime voice calls it");
  CHECK_FALSE(connection_of({.realtime = "voice"}).embedded);
  CHECK(connection_of({.realtime = "voice"}).key == "sk-1");
}

TEST_CASE("no two connections of a call have one name, or its journal could not be read again") {
  for (const auto& run : {Run{.url = "ws://127.0.0.1:9"}, Run{.realtime = "voice"}, Run{.realtime = "openai"}, Run{}}) {
    auto program = shop();
    REQUIRE(choose_connection(program, run, Rich));
    std::map<std::string, int> names;
    for (const auto& realtime : program.realtimes) CHECK(++names[realtime.name] == 1);
  }
}

TEST_CASE("an address from the environment is taken from there, and its lack is an error") {
  auto program = shop();
  program.realtimes[program.realtime].url_env = "SHOP_URL";
  const auto without = choose_connection(program, {}, Rich);
  REQUIRE_FALSE(without);
  CHECK(without.error().code == "R0520");
  const auto with = choose_connection(program, {}, environment({{"SHOP_KEY", "sk-1"}, {"SHOP_URL", "wss://shop.example/v1/realtime"}}));
  REQUIRE(with);
  CHECK(chosen(program).url == "wss://shop.example/v1/realtime");
  CHECK(chosen(program).url_env.empty());
}

TEST_CASE("connections that stand in have their keys, and are simulated with the rest") {
  const auto with_spare = [] {
    auto program = shop();
    const auto spare = program.realtimes.add({.name = "spare", .provider = "openai", .key_secret = "SPARE_KEY"});
    program.realtimes[program.realtime].fallback = spare;
    return std::pair{program, spare};
  };
  auto [program, spare] = with_spare();
  const auto real = choose_connection(program, {.realtime = "voice"}, environment({{"SHOP_KEY", "sk-1"}, {"SPARE_KEY", "sk-3"}}));
  REQUIRE(real);
  CHECK(real->keys.at(spare) == "sk-3");
  auto [other, row] = with_spare();
  REQUIRE(choose_connection(other, {}, Rich));
  CHECK(other.realtimes[row].provider == "simulated");
  CHECK(other.realtimes[row].key_secret.empty());
}
