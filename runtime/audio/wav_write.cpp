#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include "compiler/base/check.h"
#include "runtime/audio/wav.h"

namespace flow::audio {
namespace {

static_assert(std::endian::native == std::endian::little, "samples go to the file as they lie in memory");

constexpr std::int64_t HeaderBytes = 44;
constexpr std::int64_t DataBytesMax = 0xFFFF'FFFF - HeaderBytes;

using Header = std::array<char, HeaderBytes>;

template <class Number>
void put(Header& header, std::size_t at, Number value) {
  std::memcpy(header.data() + at, &value, sizeof value);
}

auto header_of(int rate_hz, int channels, std::int64_t data_bytes) -> Header {
  Header header{};
  std::memcpy(header.data(), "RIFF????WAVEfmt ", 16);
  std::memcpy(header.data() + 36, "data", 4);
  put(header, 4, static_cast<std::uint32_t>(HeaderBytes - 8 + data_bytes));
  put(header, 16, std::uint32_t{16});
  put(header, 20, std::uint16_t{1});  // PCM
  put(header, 22, static_cast<std::uint16_t>(channels));
  put(header, 24, static_cast<std::uint32_t>(rate_hz));
  put(header, 28, static_cast<std::uint32_t>(rate_hz * channels * 2));
  put(header, 32, static_cast<std::uint16_t>(channels * 2));
  put(header, 34, std::uint16_t{16});
  put(header, 40, static_cast<std::uint32_t>(data_bytes));
  return header;
}

// All of it or false, with errno. Interrupted and partial writes are carried on.
auto write_at(int file, const char* bytes, std::int64_t count, std::int64_t at) -> bool {
  while (count > 0) {
    const auto written = ::pwrite(file, bytes, static_cast<std::size_t>(count), at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    count -= written;
    at += written;
  }
  return true;
}

}  // namespace

auto WavWriter::create(const std::string& path, int rate_hz, int channels) -> Result<WavWriter> {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  WavWriter writer{file, path, rate_hz, channels};
  if (file < 0) return writer.refused();
  if (auto done = writer.write_header(); !done) return tl::unexpected{done.error()};
  return writer;
}

WavWriter::WavWriter(int file, std::string path, int rate_hz, int channels)
    : file_{file}, path_{std::move(path)}, rate_hz_{rate_hz}, channels_{channels} {}

WavWriter::WavWriter(WavWriter&& other) noexcept
    : file_{std::exchange(other.file_, -1)},
      path_{std::move(other.path_)},
      rate_hz_{other.rate_hz_},
      channels_{other.channels_},
      data_bytes_{other.data_bytes_} {}

auto WavWriter::operator=(WavWriter&& other) noexcept -> WavWriter& {
  std::swap(file_, other.file_);
  std::swap(path_, other.path_);
  std::swap(rate_hz_, other.rate_hz_);
  std::swap(channels_, other.channels_);
  std::swap(data_bytes_, other.data_bytes_);
  return *this;
}

WavWriter::~WavWriter() {
  if (file_ >= 0) ::close(file_);
}

// The samples first: a header never promises what is not there.
auto WavWriter::append(Pcm interleaved) -> Result<void> {
  FLOW_ASSERT(interleaved.size() % static_cast<std::size_t>(channels_) == 0);
  const auto bytes = static_cast<std::int64_t>(interleaved.size_bytes());
  if (data_bytes_ + bytes > DataBytesMax) {
    return failure("R0306", fmt::format("{}: a WAV file cannot be longer than 4 GiB", path_));
  }
  if (!write_at(file_, reinterpret_cast<const char*>(interleaved.data()), bytes, HeaderBytes + data_bytes_))
    return refused();
  data_bytes_ += bytes;
  return write_header();
}

auto WavWriter::write_header() -> Result<void> {
  const auto header = header_of(rate_hz_, channels_, data_bytes_);
  if (!write_at(file_, header.data(), HeaderBytes, 0)) return refused();
  return {};
}

auto WavWriter::refused() const -> tl::unexpected<Error> {
  return failure("R0306", fmt::format("{}: {}", path_, std::strerror(errno)),
                 "check the folder, its permissions and the space left");
}

}  // namespace flow::audio
