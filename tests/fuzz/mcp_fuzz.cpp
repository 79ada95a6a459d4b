// Feeds the decoders of the Model Context Protocol with spoiled texts: messages must come back from their own text
// unchanged, events must not depend on how the stream was cut, and nothing may crash.
//
//   mcp_fuzz [--seconds N] [--seed S]     default 10 seconds from seed 1; prints the seed of a failure

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "runtime/tools/mcp/message.h"
#include "runtime/tools/mcp/sse.h"
#include "tests/fuzz/run.h"

namespace {

using namespace flow::tools::mcp;

const std::string Samples[] = {
    R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"a":[1,2.5,null,true,"é"]}}})",
    R"({"jsonrpc":"2.0","id":"q","result":{"content":[{"type":"text","text":"nine"}],"isError":false}})",
    R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no","data":{}}})",
    "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"ping\"}\n\nid: 7\nretry: 10\r\n\r\n: comment\rdata\r\r",
};
constexpr const char* Pieces[] = {"\n", "\r\n", "\r", "data:", "event: ", ":", "\"id\":", "null", "{", "}", "\xEF\xBB\xBF", "\xff", "1e999", "\"method\":7,", ""};

void fail(std::uint64_t seed, const char* what, const std::string& text) {
  std::fprintf(stderr, "seed %llu: %s\n%s\n", static_cast<unsigned long long>(seed), what, text.c_str());
  std::exit(1);
}

auto all_events(std::string_view text, std::size_t piece) -> std::vector<SseEvent> {
  SseDecoder decoder;
  std::vector<SseEvent> all;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    for (auto& event : decoder.take(text.substr(at, piece))) all.push_back(std::move(event));
  }
  return all;
}

void once(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t limit) { return limit == 0 ? std::size_t{0} : static_cast<std::size_t>(random() % limit); };
  auto text = Samples[below(std::size(Samples))];
  for (auto spoils = below(6); spoils > 0; --spoils) {
    const auto at = below(text.size() + 1);
    switch (below(5)) {
      case 0: text.insert(at, 1, static_cast<char>(below(256))); break;
      case 1: text.erase(at, 1 + below(12)); break;
      case 2: text.insert(at, Pieces[below(std::size(Pieces))]); break;
      case 3: text += Samples[below(std::size(Samples))]; break;
      default: text.resize(at);
    }
  }
  if (const auto message = read_message(text)) {
    const auto again = read_message(write_message(*message));
    if (!again || *again != *message) fail(seed, "a message does not come back from its own text", text);
  }
  if (all_events(text, text.size() + 1) != all_events(text, 1 + below(7))) fail(seed, "events depend on how they were cut", text);
}

}  // namespace

int main(int argc, char** argv) {
  flow::test::FuzzRun run(argc, argv);
  for (; run.goes_on(); run.next()) once(run.seed);
  std::printf("mcp_fuzz: %llu texts up to seed %llu\n", static_cast<unsigned long long>(run.count), static_cast<unsigned long long>(run.seed));
}
