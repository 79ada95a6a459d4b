#include "runtime/wire/openai/telephone.h"

namespace flow::wire::openai {
namespace {

constexpr int WireHz = 8'000;

}  // namespace

auto Telephone::to_wire(std::span<const std::int16_t> pcm) -> std::span<const std::uint8_t> {
  if (!resampler_) resampler_.emplace(audio::RateHz, WireHz);
  narrow_.clear();
  resampler_->process(pcm, narrow_);
  codes_.resize(narrow_.size());
  audio::g711_encode(law_, narrow_, codes_);
  return codes_;
}

void Telephone::from_wire(std::span<const std::uint8_t> bytes, std::vector<std::int16_t>& pcm) {
  if (!resampler_) resampler_.emplace(WireHz, audio::RateHz);
  narrow_.resize(bytes.size());
  audio::g711_decode(law_, bytes, narrow_);
  resampler_->process(narrow_, pcm);
}

void Telephone::begin() { resampler_.reset(); }

auto telephone_of(ir::AudioFormat format) -> std::optional<Telephone> {
  switch (format) {
    case ir::AudioFormat::Pcm16: return std::nullopt;
    case ir::AudioFormat::Mulaw: return std::optional<Telephone>{audio::Law::Mu};
    case ir::AudioFormat::Alaw: break;
  }
  return std::optional<Telephone>{audio::Law::A};
}

}  // namespace flow::wire::openai
