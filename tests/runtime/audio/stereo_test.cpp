#include "runtime/audio/stereo.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::audio {
namespace {

using Pcm16 = std::vector<std::int16_t>;

auto taken(Stereo& stereo) -> Pcm16 {
  Pcm16 interleaved;
  stereo.take(interleaved);
  return interleaved;
}
auto finished(Stereo& stereo) -> Pcm16 {
  Pcm16 interleaved;
  stereo.finish(interleaved);
  return interleaved;
}

}  // namespace

TEST_CASE("the caller is left and the agent right, as far as both are there") {
  Stereo stereo;
  stereo.caller(Samples{0}, Pcm16{1, 2, 3});
  stereo.agent(Samples{0}, Pcm16{11, 12});
  CHECK(taken(stereo) == Pcm16{1, 11, 2, 12});
  stereo.agent(Samples{2}, Pcm16{13});
  CHECK(taken(stereo) == Pcm16{3, 13});
}

TEST_CASE("a side that says nothing is silent, once the other is half a second ahead") {
  Stereo stereo;
  stereo.agent(Samples{0}, Pcm16(static_cast<std::size_t>(Stereo::SkewMax.count), 7));
  CHECK(taken(stereo).empty());
  stereo.agent(Stereo::SkewMax, Pcm16{7, 7});
  CHECK(taken(stereo) == Pcm16{0, 7, 0, 7});
}

TEST_CASE("a gap in a side is silence") {
  Stereo stereo;
  stereo.caller(Samples{2}, Pcm16{1});
  stereo.agent(Samples{0}, Pcm16{11, 12, 13});
  CHECK(taken(stereo) == Pcm16{0, 11, 0, 12, 1, 13});
}

TEST_CASE("what comes too late for its place is dropped, and the rest keeps its place") {
  Stereo stereo;
  stereo.agent(Samples{0}, Pcm16(static_cast<std::size_t>(Stereo::SkewMax.count) + 2, 7));
  taken(stereo);
  stereo.caller(Samples{0}, Pcm16{1, 2, 3});
  CHECK(taken(stereo) == Pcm16{3, 7});
}

TEST_CASE("a stretch that overlaps the one before it is heard once") {
  Stereo stereo;
  stereo.caller(Samples{0}, Pcm16{1, 2});
  stereo.caller(Samples{1}, Pcm16{8, 9});
  stereo.agent(Samples{0}, Pcm16{0, 0, 0});
  CHECK(taken(stereo) == Pcm16{1, 0, 2, 0, 9, 0});
}

TEST_CASE("the end gives all that is there, whichever side is longer") {
  Stereo stereo;
  stereo.caller(Samples{0}, Pcm16{1, 2});
  stereo.agent(Samples{0}, Pcm16{11});
  CHECK(finished(stereo) == Pcm16{1, 11, 2, 0});
  CHECK(finished(stereo).empty());
}

}  // namespace flow::audio
