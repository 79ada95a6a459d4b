#include "runtime/wire/openai/handshake.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::wire::openai {
namespace {

auto url(std::string_view given, std::string_view model = "gpt-realtime") {
  return handshake_of(Host::OpenAi, given, model, "k").url;
}

TEST_CASE("without a URL the service's own is asked for the model") {
  CHECK(url("") == "wss://api.openai.com/v1/realtime?model=gpt-realtime");
  CHECK(url("", "") == "wss://api.openai.com/v1/realtime");
  CHECK(url("", "my model/2") == "wss://api.openai.com/v1/realtime?model=my%20model%2F2");
}

TEST_CASE("what a URL lacks is added, and what it says stays") {
  CHECK(url("ws://127.0.0.1:8080") == "ws://127.0.0.1:8080/v1/realtime?model=gpt-realtime");
  CHECK(url("ws://127.0.0.1:8080/") == "ws://127.0.0.1:8080/v1/realtime?model=gpt-realtime");
  CHECK(url("ws://host/other/path") == "ws://host/other/path?model=gpt-realtime");
  CHECK(url("ws://host?x=1") == "ws://host/v1/realtime?x=1&model=gpt-realtime");
  CHECK(url("ws://host/p?model=mine") == "ws://host/p?model=mine");
  CHECK(url("ws://host/p?a=b&call_id=c") == "ws://host/p?a=b&call_id=c");
  CHECK(url("ws://host/p?intent=transcription#top") == "ws://host/p?intent=transcription");
  CHECK(url("ws://host/p?supermodel=mine") == "ws://host/p?supermodel=mine&model=gpt-realtime");
}

TEST_CASE("a deployment on Azure has a path and a header of its own, at whatever address") {
  const auto azure = [](std::string_view given) { return handshake_of(Host::Azure, given, "my-deployment", "k"); };
  CHECK(azure("wss://north.openai.azure.com").url == "wss://north.openai.azure.com/openai/v1/realtime?model=my-deployment");
  CHECK(url("wss://north.openai.azure.com/", "m") == "wss://north.openai.azure.com/openai/v1/realtime?model=m");
  CHECK(azure("wss://gateway.example").auth.name == "api-key");
  CHECK(azure("wss://gateway.example").auth.value == "k");
}

TEST_CASE("the key is in the one header that is not to be logged") {
  const auto open = handshake_of(Host::OpenAi, "", "m", "sk-secret");
  CHECK(open.auth.name == "Authorization");
  CHECK(open.auth.value == "Bearer sk-secret");
  CHECK(open.headers.empty());
  CHECK(open.url.find("secret") == std::string::npos);
  CHECK(handshake_of(Host::OpenAi, "wss://north.openai.azure.com/openai/v1/realtime", "m", "k").auth.name == "api-key");
  CHECK(handshake_of(Host::OpenAi, "wss://north.openai.azure.com:443/openai/v1/realtime", "m", "k").auth.name == "api-key");
  CHECK(handshake_of(Host::OpenAi, "wss://openai.azure.com.example/v1", "m", "k").auth.name == "Authorization");
  CHECK(handshake_of(Host::OpenAi, "ws://127.0.0.1", "m", "").auth.name.empty());
}

}  // namespace
}  // namespace flow::wire::openai
