#include "runtime/audio/surroundings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "runtime/audio/level.h"
#include "runtime/audio/resample.h"

namespace flow::audio {
namespace {

// The generator's numbers are the standard's; its distributions are each library's own, so they are not used.
class White {
 public:
  explicit White(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}
  auto next() -> double {  // -1 to 1
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return static_cast<double>(state_) / 2147483648.0 - 1.0;
  }

 private:
  std::uint32_t state_;
};

// A second-order filter. Source of the coefficients: R. Bristow-Johnson, Cookbook formulae for audio EQ biquad filters.
class Biquad {
 public:
  static auto low_pass(double hz, double q) -> Biquad { return make(hz, q, [](double c, double) { return std::array{(1 - c) / 2, 1 - c, (1 - c) / 2}; }); }
  static auto high_pass(double hz, double q) -> Biquad { return make(hz, q, [](double c, double) { return std::array{(1 + c) / 2, -(1 + c), (1 + c) / 2}; }); }
  static auto band_pass(double hz, double q) -> Biquad { return make(hz, q, [](double, double alpha) { return std::array{alpha, 0.0, -alpha}; }); }

  auto next(double x) -> double {
    const auto y = b_[0] * x + b_[1] * x1_ + b_[2] * x2_ - a_[0] * y1_ - a_[1] * y2_;
    x2_ = x1_, x1_ = x;
    y2_ = y1_, y1_ = y;
    return y;
  }

 private:
  static auto make(double hz, double q, auto numerator) -> Biquad {
    const auto w = 2 * std::numbers::pi * hz / RateHz;
    const auto alpha = std::sin(w) / (2 * q);
    Biquad made;
    made.b_ = numerator(std::cos(w), alpha);
    for (auto& b : made.b_) b /= 1 + alpha;
    made.a_ = {-2 * std::cos(w) / (1 + alpha), (1 - alpha) / (1 + alpha)};
    return made;
  }
  std::array<double, 3> b_{};
  std::array<double, 2> a_{};
  double x1_ = 0, x2_ = 0, y1_ = 0, y2_ = 0;
};

auto sample(double value) -> std::int16_t { return static_cast<std::int16_t>(std::clamp(std::lround(value), -32768L, 32767L)); }

auto amplitude(double dbfs) -> double { return 32767.0 * std::pow(10.0, dbfs / 20); }

auto rms(const std::vector<double>& values) -> double {
  double sum = 0;
  for (const auto v : values) sum += v * v;
  return values.empty() ? 0 : std::sqrt(sum / static_cast<double>(values.size()));
}

auto scaled(const std::vector<double>& values, double by) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(values.size());
  std::ranges::transform(values, pcm.begin(), [&](double v) { return sample(v * by); });
  return pcm;
}

}  // namespace

auto background_noise(Samples length, double rms_dbfs, std::uint32_t seed) -> std::vector<std::int16_t> {
  White white(seed);
  const auto keep = std::exp(-2 * std::numbers::pi * 500 / RateHz);
  std::vector<double> noise(static_cast<std::size_t>(length.count));
  double now = 0;
  for (int i = 0; i < RateHz / 100; ++i) now = keep * now + white.next();  // until it is as loud as it will be
  for (auto& v : noise) v = now = keep * now + white.next();
  const auto loud = rms(noise);
  return scaled(noise, loud > 0 ? amplitude(rms_dbfs) / loud : 0);
}

auto cough(std::uint32_t seed) -> std::vector<std::int16_t> {
  struct Burst { double at_ms, loud, decay_ms; };
  static constexpr std::array Bursts{Burst{0, 1.0, 70}, Burst{330, 0.6, 60}};
  constexpr double LengthMs = 620, RiseMs = 40;
  White white(seed);
  std::array throat{Biquad::band_pass(700, 1.5), Biquad::band_pass(1500, 2), Biquad::band_pass(2900, 2)};
  static constexpr std::array Share{1.0, 0.8, 0.4};
  std::vector<double> sound(static_cast<std::size_t>(LengthMs * RateHz / 1000));
  double peak = 0;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const auto ms = static_cast<double>(i) * 1000 / RateHz;
    double pressure = 0;
    for (const auto& burst : Bursts) {
      const auto since = ms - burst.at_ms;
      if (since >= 0) pressure += burst.loud * (since < RiseMs ? std::pow(since / RiseMs, 2) : std::exp(-(since - RiseMs) / burst.decay_ms));
    }
    const auto breath = white.next() * pressure;
    for (std::size_t r = 0; r < throat.size(); ++r) sound[i] += Share[r] * throat[r].next(breath);
    peak = std::max(peak, std::abs(sound[i]));
  }
  return scaled(sound, 16384 / peak);
}

auto at_level(Pcm speech, double rms_dbfs) -> std::vector<std::int16_t> {
  const auto loud = level(speech).rms_dbfs;
  std::vector<std::int16_t> pcm(speech.begin(), speech.end());
  if (loud <= SilenceDbfs) return pcm;
  const auto by = std::pow(10.0, (rms_dbfs - loud) / 20);
  for (auto& s : pcm) s = sample(s * by);
  return pcm;
}

auto through_phone(Pcm pcm) -> std::vector<std::int16_t> {
  // Two Butterworth filters of fourth order, each as two of second order.
  static constexpr std::array Q{0.54119610, 1.30656296};
  std::array filters{Biquad::high_pass(300, Q[0]), Biquad::high_pass(300, Q[1]), Biquad::low_pass(3400, Q[0]), Biquad::low_pass(3400, Q[1])};
  std::vector<std::int16_t> band(pcm.size());
  std::ranges::transform(pcm, band.begin(), [&](std::int16_t s) {
    double v = s;
    for (auto& filter : filters) v = filter.next(v);
    return sample(v);
  });
  auto line = resample(resample(band, RateHz, 8'000), 8'000, RateHz);
  line.resize(pcm.size(), 0);
  return line;
}

void mix(PcmOut onto, Pcm other, std::size_t at) {
  if (other.empty()) return;
  for (auto& s : onto) s = sample(s + other[at++ % other.size()]);
}

}  // namespace flow::audio
