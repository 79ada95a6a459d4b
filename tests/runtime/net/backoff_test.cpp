#include "runtime/net/backoff.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::net {

using namespace std::chrono_literals;

TEST_CASE("waits double up to the most, and jitter only shortens them") {
  const Backoff plain{.first = 100ms, .most = 1s, .jitter = 0};
  CHECK(plain.wait(1, 1) == 100ms);
  CHECK(plain.wait(2, 1) == 200ms);
  CHECK(plain.wait(4, 1) == 800ms);
  CHECK(plain.wait(5, 1) == 1s);
  CHECK(plain.wait(1'000'000, 1) == 1s);

  const Backoff spread{.first = 100ms, .most = 1s, .jitter = 0.5};
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    const auto wait = spread.wait(3, seed);
    CHECK(wait > 200ms);
    CHECK(wait <= 400ms);
    CHECK(wait == spread.wait(3, seed));
  }
  CHECK(spread.wait(3, 1) != spread.wait(3, 2));
}

}  // namespace flow::net
