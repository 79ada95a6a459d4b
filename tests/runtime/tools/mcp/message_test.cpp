#include "runtime/tools/mcp/message.h"

#include <catch2/catch_test_macros.hpp>

#include "runtime/tools/mcp/sse.h"

namespace flow::tools::mcp {

TEST_CASE("a message is read as what it is, and written as it was") {
  for (const auto* text : {R"({"jsonrpc":"2.0","id":1,"method":"ping"})", R"({"jsonrpc":"2.0","method":"notifications/x","params":{"a":1}})",
                           R"({"jsonrpc":"2.0","id":"q","result":{"tools":[]}})", R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}})"}) {
    INFO(text);
    const auto message = read_message(text);
    REQUIRE(message);
    CHECK(write_message(*message) == text);
  }
}

TEST_CASE("what is no message is none") {
  for (const auto* text : {"", "[]", "7", R"({"id":1})", R"({"jsonrpc":"1.0","id":1,"result":1})", R"({"jsonrpc":"2.0","id":1.5,"result":1})", R"({"jsonrpc":"2.0","result":1})",
                           R"({"jsonrpc":"2.0","id":1})", R"({"jsonrpc":"2.0","method":7})", R"([{"jsonrpc":"2.0","method":"x"}])"}) {
    INFO(text);
    CHECK(read_message(text).error().code == "mcp_message");
  }
}

TEST_CASE("events are the same, however they are cut") {
  const std::string stream = "\xEF\xBB\xBF: a comment\nevent: message\ndata: one\ndata:two\n\nid: 7\nretry: 10\r\n\r\ndata: three\r\rdata\n\ndata: left open\n";
  const std::vector<SseEvent> expected{{"message", "one\ntwo"}, {"message", "three"}, {"message", ""}};
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    SseDecoder decoder;
    std::vector<SseEvent> found;
    for (std::size_t at = 0; at < stream.size(); at += size) {
      for (auto& event : decoder.take(std::string_view(stream).substr(at, size))) found.push_back(std::move(event));
    }
    INFO(size);
    CHECK(found == expected);
  }
}

TEST_CASE("an event without an end is not kept") {
  SseDecoder decoder;
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 12; ++i) CHECK(decoder.take(piece).empty());
  CHECK(decoder.failed());
}

}  // namespace flow::tools::mcp
