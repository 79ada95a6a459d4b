#include "runtime/simulate/door.h"

#include <catch2/catch_test_macros.hpp>

#include "runtime/simulate/delivery.h"
#include "runtime/simulate/server.h"

using namespace flow;
using namespace flow::simulate;

namespace {

auto knock(std::string target, net::Headers headers = {}, std::vector<std::string> subprotocols = {}) -> Knock {
  return {std::move(target), std::move(headers), std::move(subprotocols), true};
}
const std::string Here = "/v1/realtime?model=gpt-realtime";

}  // namespace

TEST_CASE("a client that asks as the vendor's do is let in, with the model it names") {
  const auto welcome = judge(knock(Here + "-2.1", {{"Authorization", "Bearer x"}}), {});
  CHECK(welcome.status == 101);
  CHECK(welcome.model == "gpt-realtime-2.1");
  CHECK(welcome.subprotocol.empty());
  CHECK_FALSE(welcome.turned_away);
  CHECK(judge(knock("/openai/v1/realtime?model=my-deployment"), {}).status == 101);
}

TEST_CASE("a browser's subprotocol is echoed, and carries the key") {
  Options options;
  options.required_key = "k1";
  CHECK(judge(knock(Here, {}, {"realtime", "openai-insecure-api-key.k1"}), options).subprotocol == "realtime");
  CHECK(judge(knock(Here, {}, {"realtime", "openai-insecure-api-key.k2"}), options).status == 401);
}

TEST_CASE("without the key that is required nobody comes in") {
  Options options;
  options.required_key = "k1";
  for (const auto& headers : {net::Headers{}, net::Headers{{"Authorization", "Bearer k2"}}, net::Headers{{"api-key", "k1 "}}}) {
    const auto welcome = judge(knock(Here, headers), options);
    CHECK(welcome.status == 401);
    CHECK(welcome.body.find("invalid_api_key") != std::string::npos);
    CHECK(welcome.body.find("k1") == std::string::npos);
  }
  CHECK(judge(knock(Here, {{"authorization", "bearer k1"}}), options).status == 101);
  CHECK(judge(knock(Here, {{"api-key", "k1"}}), options).status == 101);
}

TEST_CASE("another path, plain HTTP and an unknown misbehaviour are refused as HTTP") {
  CHECK(judge(knock("/v1/chat?model=x"), {}).status == 404);
  auto plain = knock(Here);
  plain.websocket = false;
  CHECK(judge(plain, {}).status == 426);
  CHECK(judge(knock(Here + "&chaos=delay%2Cfire"), {}).status == 400);
}

TEST_CASE("the retired beta, no model and a model that cannot speak are turned away with their code") {
  CHECK(judge(knock(Here, {{"OpenAI-Beta", "realtime=v1"}}), {}).turned_away->code == "beta_api_shape_disabled");
  CHECK(judge(knock(Here, {}, {"realtime", "openai-beta.realtime-v1"}), {}).turned_away->code == "beta_api_shape_disabled");
  CHECK(judge(knock("/v1/realtime"), {}).turned_away->code == "missing_required_parameter");
  CHECK(judge(knock("/v1/realtime?model=gpt-4o"), {}).turned_away->code == "model_not_found");
  const auto transcribing = judge(knock("/v1/realtime?intent=transcription"), {});
  CHECK(transcribing.transcription_only);
  CHECK_FALSE(transcribing.turned_away);
}

TEST_CASE("a connection may ask for misbehaviour beside the server's own") {
  Options options;
  options.chaos.error = true;
  CHECK(judge(knock(Here + "&chaos=delay,reorder"), options).chaos == Chaos{.delay = true, .reorder = true, .drop = false, .error = true});
}

TEST_CASE("delays hold frames up and never let one overtake another") {
  Delivery slow(true, 3), quick(false, 3);
  std::vector<std::string> arrived;
  bool late = false;
  for (int i = 0; i < 200; ++i) {
    slow.put(std::to_string(i), Millis{i * 10});
    quick.put("x", Millis{i});
    CHECK(quick.take(Millis{i}).size() == 1);
    for (auto& frame : slow.take(Millis{i * 10})) arrived.push_back(frame);
    late = late || static_cast<int>(arrived.size()) <= i;
  }
  CHECK(late);
  while (slow.next()) {
    for (auto& frame : slow.take(*slow.next())) arrived.push_back(frame);
  }
  REQUIRE(arrived.size() == 200);
  for (int i = 0; i < 200; ++i) CHECK(arrived[static_cast<std::size_t>(i)] == std::to_string(i));
}

TEST_CASE("where to listen is a host and a port") {
  ServeOptions options;
  CHECK(read_listen("0.0.0.0:8080", options));
  CHECK(options.host == "0.0.0.0");
  CHECK(options.port == 8080);
  CHECK(read_listen("[::1]:0", options));
  CHECK(options.host == "::1");
  for (const auto* wrong : {"", "8080", ":80", "localhost:", "localhost:x", "localhost:70000", "localhost:80x"}) {
    INFO(wrong);
    const auto refused = read_listen(wrong, options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "R0503");
  }
  CHECK_FALSE(read_chaos("delay,nonsense"));
}
