// Counts what is allocated, by replacing the program's operator new.

#include <cstdlib>
#include <new>

#include "runtime/wire/openai/audio.h"
#include "tests/runtime/wire/openai/link_test.h"

namespace {
std::size_t allocations = 0;
}  // namespace

auto operator new(std::size_t size) -> void* {
  ++allocations;
  if (void* place = std::malloc(size)) return place;
  throw std::bad_alloc();
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }

namespace flow::wire::openai {
namespace {

struct Drain final : AudioSink {
  auto audio(core::ResponseId, core::ItemId, std::span<const std::int16_t> pcm) -> std::size_t override {
    return pcm.size();
  }
};

TEST_CASE("in steady state audio allocates nothing, either way") {
  const std::vector<std::int16_t> pcm(480, 1'000);
  std::string frame;
  encode_audio_delta({"event_0123456789abcdef", "resp_0123456789abcdef", "item_0123456789abcdef", 0, 0, {}}, pcm,
                     frame);
  Talk talk;
  Drain drain;
  std::vector<core::Event> events;
  events.reserve(8);
  std::string appended;
  const auto round = [&] {
    events.clear();
    talk.dialect->receive(frame, drain, events);
    talk.dialect->append(pcm, appended);
  };
  round();
  const auto before = allocations;
  for (int i = 0; i < 100; ++i) round();
  CHECK(allocations == before);
  CHECK(events.size() == 1);
}

}  // namespace
}  // namespace flow::wire::openai
