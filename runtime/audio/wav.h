#pragma once
// WAV files: read as a caller's voice, written as a call's recording.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "runtime/audio/pcm.h"

namespace flow::audio {

// What is read from one file at most.
inline constexpr std::size_t WavSecondsMax = 3600;
inline constexpr std::size_t WavBytesMax = std::size_t{1} << 30;

// Reads a whole file as 24 kHz mono; channels are averaged. PCM of 8, 16, 24 and 32 bits, float of 32 and 64, mu-law
// and A-law; 4 to 192 kHz; up to 32 channels. A file whose writer died (sizes of 0, or beyond its end) gives what it
// has. Blocks on the disk.
//
//   R0301 cannot be read     R0302 is no WAV file, or is damaged     R0303 encoding, rate or channels we cannot read
//   R0304 holds no sound     R0305 longer than WavSecondsMax or WavBytesMax
auto read_wav(const std::string& path) -> Result<std::vector<std::int16_t>>;

// The same of a file's bytes; `name` is for messages.
auto decode_wav(std::string_view bytes, const std::string& name) -> Result<std::vector<std::int16_t>>;

// Writes PCM16 as it comes. The file is valid after each append, so a program that dies loses nothing but what it had
// not appended. Holds no samples back. Blocks on the disk.
class WavWriter {
 public:
  // Creates or overwrites. R0306 if that is refused.
  static auto create(const std::string& path, int rate_hz, int channels) -> Result<WavWriter>;
  WavWriter(WavWriter&& other) noexcept;
  auto operator=(WavWriter&& other) noexcept -> WavWriter&;
  ~WavWriter();

  // Interleaved samples of whole frames. R0306 if the disk refuses them or the file would grow beyond the 4 GiB that
  // the format can say (6 hours of stereo); it stays what it was.
  auto append(Pcm interleaved) -> Result<void>;

  // Frames written: samples of each channel.
  auto frames() const -> std::int64_t { return data_bytes_ / 2 / channels_; }

 private:
  WavWriter(int file, std::string path, int rate_hz, int channels);
  auto write_header() -> Result<void>;
  auto refused() const -> tl::unexpected<Error>;

  int file_ = -1;
  std::string path_;
  int rate_hz_ = 0, channels_ = 1;
  std::int64_t data_bytes_ = 0;
};

}  // namespace flow::audio
