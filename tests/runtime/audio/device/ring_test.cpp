#include "runtime/audio/device/ring.h"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <numeric>
#include <thread>
#include <vector>

using namespace flow::audio;
using device::Ring;

namespace {

auto counting(std::int16_t from, std::size_t count) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(count);
  std::iota(pcm.begin(), pcm.end(), from);
  return pcm;
}

}  // namespace

TEST_CASE("what is written to a ring is read in its order, once") {
  const auto ring = std::make_unique<Ring>();
  CHECK(ring->write(counting(1, 100)) == 100);
  std::vector<std::int16_t> out(60);
  CHECK(ring->read(out) == 60);
  CHECK(out == counting(1, 60));
  CHECK(ring->queued() == 40);
  CHECK(ring->read(out) == 40);
  CHECK(out[0] == 61);
  CHECK(ring->read(out) == 0);
  CHECK(ring->taken() == 100);
}

TEST_CASE("a full ring takes no more, and nothing is overwritten") {
  const auto ring = std::make_unique<Ring>();
  const std::vector<std::int16_t> much(Ring::Capacity - 1, 7);
  CHECK(ring->write(much) == much.size());
  CHECK(ring->write(counting(1, 10)) == 1);
  std::vector<std::int16_t> out(Ring::Capacity);
  CHECK(ring->read(out) == Ring::Capacity);
  CHECK(out.front() == 7);
  CHECK(out.back() == 1);
}

TEST_CASE("what was dropped is never read and never counted") {
  const auto ring = std::make_unique<Ring>();
  std::vector<std::int16_t> out(30);
  ring->write(counting(1, 100));
  ring->read(out);
  ring->drop();
  CHECK(ring->taken() == 30);
  CHECK(ring->queued() == 0);
  ring->write(counting(500, 30));
  CHECK(ring->read(out) == 30);
  CHECK(out == counting(500, 30));
  CHECK(ring->taken() == 60);
}

TEST_CASE("a drop while the other thread reads is final: every sample is heard or dropped, none is both") {
  constexpr std::int64_t Pieces = 20'000;
  const auto ring = std::make_unique<Ring>();
  std::atomic<bool> over{false};
  std::int64_t heard = 0;
  std::thread reader([&] {
    std::vector<std::int16_t> out(32);
    while (true) {
      const bool last = over.load();
      std::ranges::fill(out, std::int16_t{0});
      const auto count = ring->read(out);
      for (std::size_t n = 0; n < out.size(); ++n) heard += (n < count) == (out[n] == 1) ? static_cast<std::int64_t>(n < count) : 1'000'000'000;
      if (last && count == 0) return;
    }
  });
  for (std::int64_t n = 0; n < Pieces; ++n) {
    ring->write(std::vector<std::int16_t>(20, 1));
    if (n % 3 == 0) ring->drop();
  }
  over = true;
  reader.join();
  CHECK(heard == ring->taken());
}
