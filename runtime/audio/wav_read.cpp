#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "runtime/audio/g711.h"
#include "runtime/audio/resample.h"
#include "runtime/audio/wav.h"

namespace flow::audio {
namespace {

enum class Coding { Pcm8, Pcm16, Pcm24, Pcm32, Float32, Float64, ALaw, MuLaw };

struct Format {
  Coding coding = Coding::Pcm16;
  int channels = 0;
  int rate_hz = 0;
  std::size_t bytes = 0;  // of one sample
};

// RIFF is little-endian, wherever it is read.
template <class Number>
auto number(std::string_view bytes, std::size_t at) -> Number {
  Number value = 0;
  for (std::size_t n = 0; n < sizeof(Number); ++n) {
    value = static_cast<Number>(
        value | static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(bytes[at + n])) << (8 * n)));
  }
  return value;
}

auto coding_of(unsigned tag, unsigned bits) -> std::optional<Coding> {
  constexpr unsigned PcmTag = 1, FloatTag = 3, ALawTag = 6, MuLawTag = 7;
  if (tag == PcmTag && bits == 8) return Coding::Pcm8;
  if (tag == PcmTag && bits == 16) return Coding::Pcm16;
  if (tag == PcmTag && bits == 24) return Coding::Pcm24;
  if (tag == PcmTag && bits == 32) return Coding::Pcm32;
  if (tag == FloatTag && bits == 32) return Coding::Float32;
  if (tag == FloatTag && bits == 64) return Coding::Float64;
  if (tag == ALawTag && bits == 8) return Coding::ALaw;
  if (tag == MuLawTag && bits == 8) return Coding::MuLaw;
  return std::nullopt;
}

auto format_of(std::string_view chunk, const std::string& name) -> Result<Format> {
  constexpr unsigned Extensible = 0xFFFE;
  if (chunk.size() < 16) return failure("R0302", fmt::format("{}: the `fmt ` chunk is too short", name));
  unsigned tag = number<std::uint16_t>(chunk, 0);
  const unsigned bits = number<std::uint16_t>(chunk, 14);
  // The extensible form has the real tag in the first two bytes of an identifier.
  if (tag == Extensible && chunk.size() >= 26) tag = number<std::uint16_t>(chunk, 24);
  const auto coding = coding_of(tag, bits);
  if (!coding) {
    return failure("R0303", fmt::format("{}: sound of format {} with {} bits cannot be read", name, tag, bits),
                   "convert it: `sox IN -e signed -b 16 OUT.wav`");
  }
  const auto channels = number<std::uint16_t>(chunk, 2);
  const auto rate = number<std::uint32_t>(chunk, 4);
  if (channels < 1 || channels > 32)
    return failure("R0303", fmt::format("{}: {} channels cannot be read", name, channels));
  if (rate < Resampler::LowestHz || rate > Resampler::HighestHz) {
    return failure("R0303", fmt::format("{}: {} samples a second cannot be read; 4000 to 192000 can", name, rate));
  }
  return Format{*coding, channels, static_cast<int>(rate), bits / 8};
}

// Of one sample, -1 to 1 but for floats that exceed it.
auto amplitude(Coding coding, std::string_view data, std::size_t at) -> double {
  switch (coding) {
    case Coding::Pcm8: return (static_cast<unsigned char>(data[at]) - 128) / 128.0;
    case Coding::Pcm16: return static_cast<std::int16_t>(number<std::uint16_t>(data, at)) / 32768.0;
    case Coding::Pcm24: {
      const auto low = static_cast<std::uint32_t>(number<std::uint16_t>(data, at)) << 8;
      const auto high = static_cast<std::uint32_t>(static_cast<unsigned char>(data[at + 2])) << 24;
      return static_cast<std::int32_t>(low | high) / 2147483648.0;
    }
    case Coding::Pcm32: return static_cast<std::int32_t>(number<std::uint32_t>(data, at)) / 2147483648.0;
    case Coding::Float32: return static_cast<double>(std::bit_cast<float>(number<std::uint32_t>(data, at)));
    case Coding::Float64: return std::bit_cast<double>(number<std::uint64_t>(data, at));
    case Coding::ALaw: return g711_decode(Law::A, static_cast<std::uint8_t>(data[at])) / 32768.0;
    case Coding::MuLaw: return g711_decode(Law::Mu, static_cast<std::uint8_t>(data[at])) / 32768.0;
  }
  return 0.0;
}

auto to_sample(double value) -> std::int16_t {
  if (!std::isfinite(value)) return 0;
  return static_cast<std::int16_t>(std::lround(std::clamp(value * 32768.0, -32768.0, 32767.0)));
}

auto mixed_down(const Format& format, std::string_view data) -> std::vector<std::int16_t> {
  const auto channels = static_cast<std::size_t>(format.channels);
  const auto frame = format.bytes * channels;
  std::vector<std::int16_t> pcm(data.size() / frame);
  for (std::size_t n = 0; n < pcm.size(); ++n) {
    double sum = 0;
    for (std::size_t channel = 0; channel < channels; ++channel) {
      sum += amplitude(format.coding, data, n * frame + channel * format.bytes);
    }
    pcm[n] = to_sample(sum / static_cast<double>(channels));
  }
  return pcm;
}

auto too_long(const std::string& name) -> tl::unexpected<Error> {
  return failure("R0305", fmt::format("{}: longer than an hour, or than 1 GiB", name), "cut it into shorter files");
}

}  // namespace

auto decode_wav(std::string_view bytes, const std::string& name) -> Result<std::vector<std::int16_t>> {
  if (bytes.size() < 12 || bytes.substr(0, 4) != "RIFF" || bytes.substr(8, 4) != "WAVE") {
    return failure("R0302", fmt::format("{}: not a WAV file", name), "give a file that begins with RIFF and WAVE");
  }
  std::optional<Format> format;
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const auto kind = bytes.substr(at, 4);
    const std::size_t said = number<std::uint32_t>(bytes, at + 4);
    const std::size_t there = bytes.size() - at - 8;
    const auto chunk = bytes.substr(at + 8, std::min(said, there));
    if (kind == "fmt ") {
      auto read = format_of(chunk, name);
      if (!read) return tl::unexpected{read.error()};
      format = *read;
    } else if (kind == "data") {
      if (!format) return failure("R0302", fmt::format("{}: the sound comes before the `fmt ` chunk", name));
      // A size of 0 with bytes behind it was left by a writer that never came back to its header.
      const auto data = said == 0 ? bytes.substr(at + 8) : chunk;
      const auto frames = data.size() / (format->bytes * static_cast<std::size_t>(format->channels));
      if (frames / static_cast<std::size_t>(format->rate_hz) >= WavSecondsMax) return too_long(name);
      auto pcm = mixed_down(*format, data);
      if (pcm.empty()) return failure("R0304", fmt::format("{}: holds no sound", name));
      return format->rate_hz == RateHz ? pcm : resample(pcm, format->rate_hz, RateHz);
    }
    at += 8 + chunk.size() + (chunk.size() & 1);
  }
  if (!format) return failure("R0302", fmt::format("{}: the file ends before its `fmt ` chunk", name));
  return failure("R0304", fmt::format("{}: holds no sound", name));
}

// Pipes are read as files are, so the size is known only at the end.
auto read_wav(const std::string& path) -> Result<std::vector<std::int16_t>> {
  constexpr std::size_t Portion = 1 << 20;
  const auto unreadable = [&] {
    return failure("R0301", fmt::format("{}: {}", path, std::strerror(errno)), "check the name and its permissions");
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "rbe"), &std::fclose};
  if (!file) return unreadable();
  std::string bytes;
  for (std::size_t got = Portion; got == Portion;) {
    const auto before = bytes.size();
    bytes.resize(before + Portion);
    got = std::fread(bytes.data() + before, 1, Portion, file.get());
    bytes.resize(before + got);
    if (std::ferror(file.get())) return unreadable();
    if (bytes.size() > WavBytesMax) return too_long(path);
  }
  return decode_wav(bytes, path);
}

}  // namespace flow::audio
