#include <espeak-ng/speak_lib.h>

#include <mutex>

#include "runtime/simulate/engines.h"

namespace flow::simulate {
namespace {

struct Espeak {
  std::mutex one_at_a_time;
  int rate_hz = 0;
  Espeak() {
    const int rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, nullptr, espeakINITIALIZE_DONT_EXIT);
    if (rate > 0) rate_hz = rate;
  }
};

auto espeak() -> Espeak& {
  static Espeak engine;
  return engine;
}

auto collect(short* samples, int count, espeak_EVENT* events) -> int {
  auto* sound = static_cast<Sound*>(events->user_data);
  if (samples != nullptr && sound != nullptr) sound->pcm.insert(sound->pcm.end(), samples, samples + count);
  return 0;
}

auto choose_voice(const std::string& language) -> bool {
  espeak_VOICE wanted{};
  wanted.languages = language.c_str();
  if (espeak_SetVoiceByProperties(&wanted) == EE_OK) return true;
  const auto base = language.substr(0, language.find('-'));
  wanted.languages = base.c_str();
  return espeak_SetVoiceByProperties(&wanted) == EE_OK;
}

}  // namespace

auto speak_with_espeak(const std::string& text, const std::string& language, int pitch, int rate) -> Sound {
  auto& engine = espeak();
  const std::lock_guard lock(engine.one_at_a_time);
  if (engine.rate_hz == 0 || !choose_voice(language)) return {};
  espeak_SetSynthCallback(&collect);
  espeak_SetParameter(espeakPITCH, pitch, 0);
  espeak_SetParameter(espeakRATE, rate, 0);
  Sound sound;
  sound.rate_hz = engine.rate_hz;
  espeak_Synth(text.c_str(), text.size() + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, nullptr, &sound);
  espeak_Synchronize();
  return sound;
}

}  // namespace flow::simulate
