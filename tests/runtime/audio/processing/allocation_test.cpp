// No frame asks C++ for memory once the first ones have passed. (What the module gets by plain malloc is not counted.)

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <new>

#include "runtime/audio/processing/echo.h"
#include "runtime/audio/processing/voice_activity.h"
#include "tests/runtime/audio/processing/sounds.h"

namespace {
std::size_t allocations = 0;
}  // namespace

auto operator new(std::size_t size) -> void* {
  allocations += 1;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace flow::audio {

TEST_CASE("neither the canceller nor the judge of voices allocates in steady state") {
  const auto far = test::to_pcm(test::pink(FrameSamples, -20));
  auto near = test::to_pcm(test::pink(FrameSamples, -30));
  EchoCanceller canceller;
  VoiceActivity judge(0.5);
  const auto frames = [&](int count) {
    const auto before = allocations;
    for (int n = 0; n < count; ++n) {
      canceller.far_end(far);
      canceller.near_end(near, Millis{35});
      judge.frame(near);
    }
    return allocations - before;
  };
  frames(200);
  CHECK(frames(500) == 0);
}

}  // namespace flow::audio
