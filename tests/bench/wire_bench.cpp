// What a frame of audio costs on its way in and out. The reference builds and walks Boost.JSON's tree, with the same
// base64.

#include <boost/json.hpp>

#include "runtime/json/tree.h"
#include "runtime/wire/base64.h"
#include "runtime/wire/openai/audio.h"
#include "runtime/wire/openai/dialect.h"
#include "tests/bench/bench.h"

using namespace flow;

namespace {

struct Sink final : wire::AudioSink {
  auto audio(core::ResponseId, core::ItemId, std::span<const std::int16_t> pcm) -> std::size_t override {
    bench::keep(pcm[0]);
    return pcm.size();
  }
};

auto a_program() -> ir::Program {
  ir::Program program;
  program.realtimes.add({.name = "r", .provider = "openai"});
  return program;
}

auto speech(std::size_t samples) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(samples);
  std::uint32_t state = 1;
  for (auto& sample : pcm) sample = static_cast<std::int16_t>((state = state * 1'664'525 + 1'013'904'223) >> 16);
  return pcm;
}

constexpr int Times = 2'000;
auto nanoseconds(double seconds) -> double { return seconds * 1e9 / Times; }

void row(const char* what, double ours, double reference) {
  bench::row(what, fmt::format("{:.0f} ns", nanoseconds(ours)),
             fmt::format("{:.0f} ns by tree", nanoseconds(reference)), bench::ratio(ours, reference));
}

void receive(const char* what, std::size_t samples) {
  const auto program = a_program();
  const auto dialect = wire::openai::make_dialect({.program = &program, .realtime = {0}, .epoch = {1}, .after = {}});
  Sink sink;
  std::string frame;
  wire::openai::encode_audio_delta(
      {"event_CVnwZ2xVXWl3qZLzYhX1v", "resp_CVnwZTd1hQbzXSmP0Vw6q", "item_CVnwZ9Ck2bHh0aBcWqF4y", 0, 0, {}},
      speech(samples), frame);
  std::vector<core::Event> events;
  const auto ours = bench::best_of(20, bench::cpu_seconds, [&] {
    for (int i = 0; i < Times; ++i) {
      events.clear();
      dialect->receive(frame, sink, events);
    }
  });
  std::vector<std::int16_t> pcm;
  const auto reference = bench::best_of(20, bench::cpu_seconds, [&] {
    for (int i = 0; i < Times; ++i) {
      const auto tree = json::parse_tree(frame);
      const auto& event = tree->get_object();
      if (event.at("type").get_string() != "response.output_audio.delta") continue;
      bench::keep(event.at("response_id").get_string());
      bench::keep(event.at("item_id").get_string());
      const auto& delta = event.at("delta").get_string();
      wire::base64_decode({delta.data(), delta.size()}, pcm);
      bench::keep(pcm[0]);
    }
  });
  row(what, ours, reference);
}

void append(const char* what, std::size_t samples) {
  const auto pcm = speech(samples);
  std::string frame;
  const auto ours = bench::best_of(20, bench::cpu_seconds, [&] {
    for (int i = 0; i < Times; ++i) {
      wire::openai::encode_append(pcm, frame);
      bench::keep(frame);
    }
  });
  std::string base64;
  const auto reference = bench::best_of(20, bench::cpu_seconds, [&] {
    for (int i = 0; i < Times; ++i) {
      base64.clear();
      wire::base64_encode(std::span<const std::int16_t>(pcm), base64);
      const auto text =
          boost::json::serialize(boost::json::object{{"type", "input_audio_buffer.append"}, {"audio", base64}});
      bench::keep(text);
    }
  });
  row(what, ours, reference);
}

}  // namespace

int main() {
  receive("wire: receive 20 ms of speech", 480);
  receive("wire: receive 500 ms of speech", 12'000);
  append("wire: send 20 ms of the caller", 480);
  append("wire: send 100 ms of the caller", 2'400);
}
