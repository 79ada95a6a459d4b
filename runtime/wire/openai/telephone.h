#pragma once
// The sound of telephones on the wire: G.711, 8000 samples a second, one byte each. The runtime's own is 24 kHz PCM16.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/audio/g711.h"
#include "runtime/audio/resample.h"

namespace flow::wire::openai {

class Telephone {
 public:
  explicit Telephone(audio::Law law) : law_(law) {}

  // A stretch of one stream, 24 kHz, as bytes of the wire. Valid until the next call.
  auto to_wire(std::span<const std::int16_t> pcm) -> std::span<const std::uint8_t>;
  // The other way: appends to `pcm`.
  void from_wire(std::span<const std::uint8_t> bytes, std::vector<std::int16_t>& pcm);
  // What comes now is another stream: nothing of the one before is left in it.
  void begin();

 private:
  audio::Law law_;
  std::optional<audio::Resampler> resampler_;  // in the direction that is used
  std::vector<std::int16_t> narrow_;
  std::vector<std::uint8_t> codes_;
};

// Nothing for PCM16: that is what the runtime has.
auto telephone_of(ir::AudioFormat format) -> std::optional<Telephone>;

}  // namespace flow::wire::openai
