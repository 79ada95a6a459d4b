// Feeds replay with spoiled journals. It must refuse them with R0402 or replay what is left, and never crash.
//
//   journal_fuzz [--seconds N] [--seed S]     default 10 seconds from seed 1; prints the seed of a failure

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "runtime/store/lines.h"
#include "runtime/store/pack.h"
#include "runtime/store/replay.h"
#include "tests/fuzz/run.h"
#include "tests/runtime/store/random.h"

namespace {

using namespace flow;
using namespace flow::store;

[[noreturn]] void fail(std::uint32_t seed, const char* what) {
  std::printf("journal_fuzz: %s   (journal_fuzz --seconds 1 --seed %u)\n", what, seed);
  std::exit(1);
}

// Any events with any effects, and sound between them.
auto journal_of(Random& random) -> std::string {
  std::string text;
  write_header_line({.program_text = "flowir 1\n", .program_hash = "0", .started = "2026"}, text);
  for (auto n = random.below(12); n > 0; --n) {
    const core::Instant at{core::Millis{static_cast<std::int64_t>(random.below(100'000))}};
    write_event_line(at, random.one_of(std::type_identity<core::Event>{}), text);
    core::EffectList effects;
    for (auto m = random.below(3); m > 0; --m) effects.push_back(random.one_of(std::type_identity<core::Effect>{}));
    write_effects_line(effects, text);
    const std::vector<std::int16_t> pcm(random.below(50), static_cast<std::int16_t>(random.below(3)));
    write_audio_line(random.below(2) == 0 ? Track::Caller : Track::Agent, core::Samples{static_cast<std::int64_t>(random.below(100'000))}, pcm, text);
  }
  return text;
}

void spoil(std::string& text, Random& random) {
  constexpr std::string_view Pieces[] = {"\"", "\\", "[", "]", "{", "}", ",", ":", "null", "\n", "-1", "1e999", "99999999999999999999", "\\u0000", "{\"t\":", "{\"f\":", "{\"a\":[0,"};
  for (auto n = 1 + random.below(6); n > 0 && !text.empty(); --n) {
    const auto at = random.below(text.size());
    switch (random.below(5)) {
      case 0: text[at] = static_cast<char>(random.below(256)); break;
      case 1: text.insert(at, Pieces[random.below(std::size(Pieces))]); break;
      case 2: text.erase(at, random.below(20)); break;
      case 3: text.insert(at, text.substr(random.below(text.size()), random.below(200))); break;
      default: text.resize(at);
    }
  }
}

void run(std::uint32_t seed) {
  Random random(seed);
  auto text = journal_of(random);
  const auto nothing = [](const core::Event& event, core::Instant, core::EffectList&) {
    std::string packed;
    pack(event, packed);
    const auto again = unpack_event(packed);
    if (!again || *again != event) std::abort();
  };
  const auto hear = [](Track, core::Samples, std::span<const std::int16_t>) {};
  if (!replay(text, nothing) || !replay_audio(text, hear)) fail(seed, "a journal that was just written is refused");
  spoil(text, random);
  const auto replayed = replay(text, nothing);
  const auto heard = replay_audio(text, hear);
  if (!replayed && replayed.error().code != "R0402") fail(seed, "another code than R0402");
  if (!heard && heard.error().code != "R0402") fail(seed, "another code than R0402");
  (void)replay_call(text);
}

}  // namespace

int main(int argc, char** argv) {
  flow::test::FuzzRun fuzz(argc, argv);
  for (; fuzz.goes_on(); fuzz.next()) run(static_cast<std::uint32_t>(fuzz.seed));
  std::printf("journal_fuzz: %llu journals, none got through\n", static_cast<unsigned long long>(fuzz.count));
}
