// Decoders on threads, with one that the test can hold.

#include "runtime/simulate/recogniser.h"

#include <catch2/catch_test_macros.hpp>
#include <future>
#include <mutex>
#include <string>
#include <vector>

using namespace flow;
using namespace flow::simulate;

namespace {

constexpr net::Millis Deadline{20'000};  // of the machine's time; nothing here waits for it unless it fails

// Understands how many samples it had; waits for `open` before it takes any.
struct Held final : Decoder {
  explicit Held(std::shared_future<void> opens) : open(std::move(opens)) {}
  void begin(const std::string&) override { samples = 0; }
  void hear(audio::Pcm pcm) override {
    open.wait();
    samples += pcm.size();
  }
  auto so_far() -> std::string override { return std::to_string(samples); }
  auto end() -> Words override { return {std::to_string(samples), true}; }
  std::shared_future<void> open;
  std::size_t samples = 0;
};

struct Bench {
  std::promise<void> gate;
  std::shared_future<void> opens = gate.get_future().share();
  net::Loop loop;
  std::vector<Error> deaf;
  int told = 0;
  Recogniser recogniser{loop, [this]() -> Result<std::unique_ptr<Decoder>> { return std::make_unique<Held>(opens); },
                        [this](const Error& error) { deaf.push_back(error); }, {.decoders_max = 1, .piece_max = 1'000}};
  auto listen() { return recogniser.listen([this] { ++told; }); }
  auto take(Ears& ears) -> Words {
    std::optional<Words> words;
    const auto taken = [&] {
      if (!words) words = ears.take();
      return words.has_value();
    };
    CHECK(loop.run_until(taken, Deadline));
    return words.value_or(Words{});
  }
};

const std::vector<std::int16_t> Sound(2'500);

}  // namespace

TEST_CASE("a decoder that is busy holds up neither the audio nor the loop") {
  Bench bench;
  const auto ears = bench.listen();
  ears->begin({});
  for (int i = 0; i < 100; ++i) ears->hear(Sound);  // returns, though nobody takes it
  ears->end();
  bool others = false;
  bench.loop.post([&] { others = true; });
  CHECK(bench.loop.run_until([&] { return others; }, Deadline));
  CHECK_FALSE(ears->take());
  bench.gate.set_value();
  CHECK(bench.take(*ears) == Words{"250000", true});
}

TEST_CASE("words so far come while a turn is spoken, and are gone when it ended") {
  Bench bench;
  bench.gate.set_value();
  const auto ears = bench.listen();
  ears->begin({});
  ears->hear(Sound);
  CHECK(bench.loop.run_until([&] { return ears->so_far() == "2500"; }, Deadline));
  CHECK(bench.told > 0);
  ears->end();
  CHECK(ears->so_far().empty());
  CHECK(bench.take(*ears) == Words{"2500", true});
}

TEST_CASE("turns of many connections share a decoder, and each gets its own words in order") {
  Bench bench;
  bench.gate.set_value();
  const auto one = bench.listen(), two = bench.listen();
  one->begin({});
  two->begin({});
  two->hear(audio::Pcm(Sound).first(10));
  two->end();
  two->begin({});
  two->hear(audio::Pcm(Sound).first(20));
  two->end();
  one->hear(Sound);
  one->end();
  CHECK(bench.take(*one) == Words{"2500", true});
  CHECK(bench.take(*two) == Words{"10", true});
  CHECK(bench.take(*two) == Words{"20", true});
}

TEST_CASE("a turn that is dropped, or whose connection is gone, gives its decoder back") {
  Bench bench;
  const auto kept = bench.listen();
  {
    const auto gone = bench.listen();
    gone->begin({});
    gone->hear(Sound);
    gone->end();
    gone->begin({});
    gone->hear(Sound);
  }
  kept->begin({});
  kept->hear(Sound);
  kept->drop();
  kept->begin({});
  kept->hear(audio::Pcm(Sound).first(7));
  kept->end();
  bench.gate.set_value();
  CHECK(bench.take(*kept) == Words{"7", true});
}

TEST_CASE("a language that nobody here knows is not guessed at") {
  Bench bench;
  const auto ears = bench.listen();
  ears->begin({"de-DE", {}});
  ears->hear(Sound);
  ears->end();
  CHECK(ears->take() == Words{{}, false});
}

TEST_CASE("without a model every turn is not understood, and that is told once") {
  net::Loop loop;
  std::vector<Error> deaf;
  Recogniser recogniser(loop, [] { return load_decoder("/nowhere"); }, [&](const Error& error) { deaf.push_back(error); });
  const auto ears = recogniser.listen([] {});
  for (int i = 0; i < 3; ++i) {
    ears->begin({});
    ears->hear(Sound);
    ears->end();
  }
  int understood = 0, taken = 0;
  const auto all = [&] {
    while (const auto words = ears->take()) ++taken, understood += words->understood ? 1 : 0;
    return taken == 3;
  };
  CHECK(loop.run_until(all, Deadline));
  CHECK(understood == 0);
  REQUIRE(deaf.size() == 1);
  CHECK(deaf[0].code == "R0122");
  CHECK(deaf[0].text.find("/nowhere") != std::string::npos);
}

TEST_CASE("a recogniser may go while a decoder works for it") {
  net::Loop loop;
  {
    Recogniser recogniser(loop, []() -> Result<std::unique_ptr<Decoder>> {
      std::promise<void> open;
      open.set_value();
      return std::make_unique<Held>(open.get_future().share());
    }, [](const Error&) {});
    const auto ears = recogniser.listen([] { FAIL("nobody listens any more"); });
    ears->begin({});
    ears->hear(Sound);
  }
  bool past = false;
  loop.post([&] { past = true; });
  CHECK(loop.run_until([&] { return past; }, Deadline));
}
