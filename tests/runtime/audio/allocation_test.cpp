// No frame asks the system for memory, once the busiest moment has been seen.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <functional>
#include <new>
#include <vector>

#include "runtime/audio/dtmf.h"
#include "runtime/audio/g711.h"
#include "runtime/audio/phone_line.h"
#include "runtime/audio/playout.h"
#include "runtime/audio/resample.h"
#include "runtime/audio/stereo.h"

namespace {
std::size_t allocations = 0;
}  // namespace

// This test program's own, which count. The test framework allocates, too, so the counter is read right around the
// work.
auto operator new(std::size_t size) -> void* {
  allocations += 1;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace flow::audio {
namespace {

constexpr core::ResponseId R1{1};

template <class Frame>
auto allocations_of(int frames, const Frame& frame) -> std::size_t {
  const auto before = allocations;
  for (int n = 0; n < frames; ++n) frame(n);
  return allocations - before;
}

// Twenty seconds of a call: chunks of any size come in five times faster than they are played, a mark is set now and
// then, pauses are watched, and once the caller interrupts.
struct Speaking {
  BlockPool pool;
  Playout playout{pool};
  Reports reports;
  std::vector<std::int16_t> chunk = std::vector<std::int16_t>(4800);
  std::vector<std::int16_t> frame = std::vector<std::int16_t>(FrameSamples);
  std::uint32_t marks = 0;

  void operator()(int n) {
    if (n == 0) {
      reports.reserve(32);
      playout.admit(R1);
      playout.watch_pauses(true);
    }
    reports.clear();
    if (n < 200) playout.push(R1, Pcm{chunk}.first(static_cast<std::size_t>(1 + n * 37 % 4800)));
    if (n % 10 == 0) playout.set_mark(core::MarkId{++marks}, playout.played() + Samples{1000});
    playout.pull(frame, reports);
    if (n == 900) playout.flush();
  }
};

}  // namespace

TEST_CASE("the second reply of a call is queued, played and flushed without allocating") {
  Speaking speaking;
  CHECK(allocations_of(1000, std::ref(speaking)) > 0);
  CHECK(allocations_of(1000, std::ref(speaking)) == 0);
}

TEST_CASE("one call's reply leaves room for another's") {
  BlockPool pool;
  Reports reports;
  std::vector<std::int16_t> second(RateHz), frame(FrameSamples);
  reports.reserve(8);
  Playout first{pool}, other{pool};
  for (auto* call : {&first, &other}) {
    call->admit(R1);
    const auto counted = allocations_of(50, [&](int n) {
      if (n == 0) call->push(R1, second);
      call->pull(frame, reports);
      reports.clear();
    });
    CHECK((counted == 0) == (call == &other));
  }
}

TEST_CASE("a stream is coded, resampled and put beside another without allocating") {
  const std::vector<std::int16_t> pcm(FrameSamples, 1000);
  std::vector<std::uint8_t> codes(FrameSamples);
  std::vector<std::int16_t> back(FrameSamples), resampled, interleaved;
  Resampler resampler{24000, 8000};
  Stereo stereo;
  const auto frame = [&](int n) {
    g711_encode(Law::Mu, pcm, codes);
    g711_decode(Law::Mu, codes, back);
    resampled.clear();
    resampler.process(back, resampled);
    interleaved.clear();
    const Samples at{n * FrameSamples};
    stereo.caller(at, pcm);
    stereo.agent(at, back);
    stereo.take(interleaved);
  };
  allocations_of(2, frame);
  CHECK(allocations_of(500, [&](int n) { frame(n + 2); }) == 0);
}

TEST_CASE("a voice passes a line, and keys are heard in it, without allocating") {
  const auto pressed = key_sound('5');
  std::vector<std::int16_t> frame(FrameSamples);
  PhoneLine line{Law::Mu};
  KeyListener ear;
  std::size_t keys = 0;
  const auto next = [&](int n) {
    const auto at = static_cast<std::size_t>(n % 8) * FrameSamples;
    std::copy_n(pressed.begin() + static_cast<std::ptrdiff_t>(at), FrameSamples, frame.begin());
    line.pass(frame);
    keys += ear.hear(frame).size();
  };
  allocations_of(8, next);
  CHECK(allocations_of(800, next) == 0);
  CHECK(keys == 101);
}

}  // namespace flow::audio
