#include <flite/flite.h>

#include <cstdlib>
#include <mutex>

#include "runtime/simulate/engines.h"

extern "C" {
cst_voice* register_cmu_us_slt(const char*);
cst_voice* register_cmu_us_rms(const char*);
}

namespace flow::simulate {
namespace {

struct Flite {
  std::mutex one_at_a_time;
  cst_voice* high = nullptr;
  cst_voice* deep = nullptr;
  Flite() {
    flite_init();
    high = register_cmu_us_slt(nullptr);
    deep = register_cmu_us_rms(nullptr);
  }
};

auto flite() -> Flite& {
  static Flite engine;  // the library's own state is global, too
  return engine;
}

}  // namespace

auto speak_with_flite(const std::string& text, bool deep, float pitch_hz, float stretch) -> Sound {
  auto& engine = flite();
  const std::lock_guard lock(engine.one_at_a_time);
  auto* voice = deep ? engine.deep : engine.high;
  if (voice == nullptr) return {};
  flite_feat_set_float(voice->features, "int_f0_target_mean", pitch_hz);
  flite_feat_set_float(voice->features, "duration_stretch", stretch);
  std::srand(1);  // its breath is noise from rand(); the same text must give the same samples
  auto* wave = flite_text_to_wave(text.c_str(), voice);
  if (wave == nullptr) return {};
  Sound sound{{wave->samples, wave->samples + wave->num_samples}, wave->sample_rate};
  delete_wave(wave);
  return sound;
}

}  // namespace flow::simulate
