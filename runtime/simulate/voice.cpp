#include "runtime/simulate/voice.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <utility>

#include "runtime/audio/resample.h"
#include "runtime/simulate/engines.h"

namespace flow::simulate {
namespace {

constexpr auto SamplesPerMs = static_cast<std::size_t>(core::SamplesPerMs);
constexpr std::size_t CacheSamplesMax = 16 * 1024 * 1024;  // 32 MB, eleven minutes of speech

// What makes two names sound like two people.
struct Timbre {
  bool deep;
  float pitch_hz;
  float stretch;
};

auto timbre(const std::string& name) -> Timbre {
  static const std::map<std::string, Timbre> known{
      {"marin", {false, 180, 1.0f}},  {"alloy", {false, 165, 1.05f}}, {"coral", {false, 205, 0.95f}},
      {"sage", {false, 155, 1.1f}},   {"shimmer", {false, 225, 1.0f}}, {"cedar", {true, 105, 1.0f}},
      {"ash", {true, 120, 0.95f}},    {"ballad", {true, 95, 1.1f}},   {"echo", {true, 130, 1.0f}},
      {"verse", {true, 112, 1.05f}}};
  if (const auto found = known.find(name); found != known.end()) return found->second;
  std::uint32_t hash = 2166136261u;  // FNV-1a: any name has a voice, the same one each time
  for (const unsigned char c : name) hash = (hash ^ c) * 16777619u;
  const bool deep = (hash & 1) != 0;
  return {deep, (deep ? 90.0f : 150.0f) + static_cast<float>(hash / 2 % 60), 1.0f};
}

// Engines put long silences around each phrase; joined phrases need the pauses of one speaker.
void trim(std::vector<std::int16_t>& pcm, std::string_view phrase) {
  constexpr int Quiet = 200;
  const auto loud = [](std::int16_t s) { return s > Quiet || s < -Quiet; };
  const auto first = std::find_if(pcm.begin(), pcm.end(), loud);
  if (first == pcm.end()) return;
  pcm.erase(pcm.begin(), first - std::min<std::ptrdiff_t>(first - pcm.begin(), 10 * SamplesPerMs));
  const auto last = std::find_if(pcm.rbegin(), pcm.rend(), loud).base();
  const auto mark = phrase.find_last_not_of(" \n\t\"')");
  const char end = mark == phrase.npos ? ' ' : phrase[mark];
  const std::size_t pause_ms = end == '.' || end == '!' || end == '?' ? 240 : end == ',' || end == ';' || end == ':' ? 140 : 40;
  pcm.resize(static_cast<std::size_t>(last - pcm.begin()) + pause_ms * SamplesPerMs);
}

auto is_word_start(std::string_view text, std::size_t at) -> bool {
  const auto space = [&](std::size_t i) { return std::isspace(static_cast<unsigned char>(text[i])) != 0; };
  return at > 0 && !space(at) && space(at - 1);
}

// No engine here tells where its words are; letters are a fair measure of time.
auto time_words(std::string_view phrase, std::size_t samples) -> std::vector<Word> {
  std::vector<Word> words;
  std::size_t begin = 0;
  for (std::size_t at = 1; at <= phrase.size(); ++at) {
    if (at < phrase.size() && !is_word_start(phrase, at)) continue;
    const auto ms = begin * samples / SamplesPerMs / phrase.size();
    words.push_back({std::string(phrase.substr(begin, at - begin)), std::chrono::milliseconds(ms)});
    begin = at;
  }
  return words;
}

auto can_be_said(std::string_view text) -> bool {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c >= 0x80; });
}

auto is_english(const std::string& locale) -> bool { return locale.empty() || locale.rfind("en", 0) == 0; }

auto synthesise(const std::string& phrase, const Manner& manner) -> Sound {
  const auto t = timbre(manner.voice);
  const auto speed = static_cast<float>(std::clamp(manner.speed, 0.25, 1.5));
  Sound sound;
  if (is_english(manner.locale)) return speak_with_flite(phrase, t.deep, t.pitch_hz, t.stretch / speed);
  const int pitch = std::clamp(static_cast<int>((t.pitch_hz - 60) / 2), 0, 100);
  return speak_with_espeak(phrase, manner.locale, pitch, static_cast<int>(165 * speed / t.stretch));
}

}  // namespace

struct Voice::Engines {
  std::map<std::pair<std::string, Manner>, Speech> cache;
  std::size_t cached_samples = 0;
};

Voice::Voice() : engines_(std::make_unique<Engines>()) {}
Voice::~Voice() = default;

auto Voice::speak(std::string_view phrase, const Manner& manner) -> const Speech& {
  const std::pair key{std::string(phrase), manner};
  auto& cache = engines_->cache;
  if (const auto found = cache.find(key); found != cache.end()) return found->second;
  if (engines_->cached_samples > CacheSamplesMax) {
    cache.clear();
    engines_->cached_samples = 0;
  }
  Speech speech;
  if (can_be_said(phrase)) {
    const auto sound = synthesise(key.first, manner);
    if (sound.rate_hz > 0) speech.pcm = audio::resample(sound.pcm, sound.rate_hz, audio::RateHz);
    trim(speech.pcm, phrase);
  }
  if (speech.pcm.empty()) speech.pcm.resize(100 * SamplesPerMs);
  speech.words = time_words(phrase, speech.pcm.size());
  engines_->cached_samples += speech.pcm.size();
  return cache.emplace(key, std::move(speech)).first->second;
}

}  // namespace flow::simulate
