#include "runtime/audio/wav.h"

#include <unistd.h>

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numbers>

#include "runtime/audio/g711.h"
#include "runtime/audio/level.h"

namespace flow::audio {
namespace {

namespace fs = std::filesystem;

// A place for files that goes with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("flow_wav_test_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  auto file(const char* name) const -> std::string { return (path / name).string(); }
};

template <class Number>
auto little(Number value) -> std::string {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

struct Sound {
  std::uint16_t tag = 1, bits = 16, channels = 1;
  std::uint32_t rate = 24000;
  std::string data;
};

auto wav(const Sound& sound, const std::string& before_data = {}) -> std::string {
  const std::uint16_t frame = static_cast<std::uint16_t>(sound.channels * sound.bits / 8);
  const auto format = little(sound.tag) + little(sound.channels) + little(sound.rate) + little(sound.rate * frame) +
                      little(frame) + little(sound.bits);
  const auto body = "WAVEfmt " + little(std::uint32_t{16}) + format + before_data + "data" +
                    little(static_cast<std::uint32_t>(sound.data.size())) + sound.data;
  return "RIFF" + little(static_cast<std::uint32_t>(body.size())) + body;
}

template <class Sample>
auto data(std::initializer_list<Sample> samples) -> std::string {
  std::string bytes;
  for (const auto sample : samples) bytes += little(sample);
  return bytes;
}

auto decoded(const Sound& sound) -> std::vector<std::int16_t> {
  const auto pcm = decode_wav(wav(sound), "test.wav");
  REQUIRE(pcm);
  return *pcm;
}

auto code_of(const std::string& bytes) -> std::string {
  const auto pcm = decode_wav(bytes, "test.wav");
  return pcm ? "" : pcm.error().code;
}

using Expected = std::vector<std::int16_t>;

}  // namespace

TEST_CASE("sound of every encoding is read as it was meant") {
  CHECK(decoded({.data = data<std::int16_t>({0, 1, -32768, 32767})}) == Expected{0, 1, -32768, 32767});
  CHECK(decoded({.bits = 8, .data = data<std::uint8_t>({128, 0, 255})}) == Expected{0, -32768, 32512});
  CHECK(decoded({.bits = 24, .data = std::string{"\x00\x01\x00\x00\x00\x80", 6}}) == Expected{1, -32768});
  CHECK(decoded({.bits = 32, .data = data<std::int32_t>({65536, -65536})}) == Expected{1, -1});
  CHECK(decoded({.tag = 3, .bits = 32, .data = data<float>({0.5F, -1.0F, 2.0F, NAN})}) ==
        Expected{16384, -32768, 32767, 0});
  CHECK(decoded({.tag = 3, .bits = 64, .data = data<double>({0.5, -1.0})}) == Expected{16384, -32768});
  CHECK(decoded({.tag = 7, .bits = 8, .data = "\x80"}) == Expected{g711_decode(Law::Mu, 0x80)});
  CHECK(decoded({.tag = 6, .bits = 8, .data = "\xAA"}) == Expected{g711_decode(Law::A, 0xAA)});
}

TEST_CASE("channels are averaged, also where they would overflow") {
  CHECK(decoded({.channels = 2, .data = data<std::int16_t>({100, 300, 32767, 32767, -1, 1})}) ==
        Expected{200, 32767, 0});
}

TEST_CASE("sound of another rate is brought to 24 kHz and keeps its length and level") {
  for (const std::uint32_t rate : {8000U, 16000U, 44100U, 48000U}) {
    CAPTURE(rate);
    std::string bytes;
    for (std::uint32_t n = 0; n < rate; ++n) {
      bytes += little(static_cast<std::int16_t>(std::lround(10000 * std::sin(2 * std::numbers::pi * 440 * n / rate))));
    }
    const auto pcm = decoded({.rate = rate, .data = bytes});
    CHECK(pcm.size() == 24000);
    CHECK(std::abs(level(pcm).rms_dbfs - (20 * std::log10(10000 / 32768.0) - 3.01)) < 0.1);
  }
}

TEST_CASE("chunks that we do not know are passed over, of odd length too") {
  const auto extra = "LIST" + little(std::uint32_t{3}) + std::string{"abc\0", 4};
  const auto pcm = decode_wav(wav({.data = data<std::int16_t>({7})}, extra), "test.wav");
  REQUIRE(pcm);
  CHECK(*pcm == Expected{7});
}

TEST_CASE("the extensible form is read by the format it holds") {
  const auto format = little(std::uint16_t{0xFFFE}) + little(std::uint16_t{1}) + little(std::uint32_t{24000}) +
                      little(std::uint32_t{48000}) + little(std::uint16_t{2}) + little(std::uint16_t{16}) +
                      little(std::uint16_t{22}) + little(std::uint16_t{16}) + little(std::uint32_t{4}) +
                      little(std::uint16_t{1}) + std::string(14, '\0');
  const auto body = "WAVEfmt " + little(static_cast<std::uint32_t>(format.size())) + format + "data" +
                    little(std::uint32_t{2}) + little(std::int16_t{9});
  const auto pcm = decode_wav("RIFF" + little(static_cast<std::uint32_t>(body.size())) + body, "test.wav");
  REQUIRE(pcm);
  CHECK(*pcm == Expected{9});
}

TEST_CASE("a file whose writer never came back to its header gives the sound it has") {
  auto bytes = wav({.data = data<std::int16_t>({1, 2, 3})});
  const auto size_at = bytes.find("data") + 4;
  for (const std::uint32_t said : {0U, 0xFFFFFFFFU}) {
    std::memcpy(bytes.data() + size_at, &said, 4);
    const auto pcm = decode_wav(bytes, "test.wav");
    REQUIRE(pcm);
    CHECK(*pcm == Expected{1, 2, 3});
  }
}

TEST_CASE("what is no sound that can be read says why") {
  CHECK(read_wav("/no/such/file.wav").error().code == "R0301");
  CHECK(read_wav(fs::temp_directory_path().string()).error().code == "R0301");
  CHECK(code_of("") == "R0302");
  CHECK(code_of("RIFF....AVI LIST") == "R0302");
  CHECK(code_of(std::string{"RIFF\0\0\0\0WAVEfmt \4\0\0\0abcd", 24}) == "R0302");
  CHECK(code_of(std::string{"RIFF\0\0\0\0WAVEdata\2\0\0\0ab", 22}) == "R0302");
  CHECK(code_of(wav({.tag = 2, .bits = 4, .data = "abcd"})) == "R0303");
  CHECK(code_of(wav({.channels = 0, .data = "abcd"})) == "R0303");
  CHECK(code_of(wav({.rate = 10, .data = "abcd"})) == "R0303");
  CHECK(code_of(wav({})) == "R0304");
  CHECK(code_of(wav({.tag = 7, .bits = 8, .rate = 4000, .data = std::string(4000 * 3600, ' ')})) == "R0305");
}

TEST_CASE("no cut of a good file is read beyond its end") {
  const auto whole =
      wav({.channels = 2, .data = data<std::int16_t>({1, 2, 3, 4})}, "LIST" + little(std::uint32_t{2}) + "ab");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto pcm = decode_wav(whole.substr(0, length), "test.wav");
    CHECK((pcm ? pcm->size() <= 2 : pcm.error().code.starts_with("R03")));
  }
}

TEST_CASE("what is written is read back") {
  const Folder folder;
  const auto path = folder.file("out.wav");
  {
    auto writer = WavWriter::create(path, 24000, 1);
    REQUIRE(writer);
    CHECK(writer->append(Expected{1, -2, 3}));
    CHECK(writer->append(Expected{4}));
    CHECK(writer->frames() == 4);
  }
  CHECK(read_wav(path).value() == Expected{1, -2, 3, 4});
}

TEST_CASE("the file is whole after each append, though nobody closes it") {
  const Folder folder;
  const auto path = folder.file("out.wav");
  auto writer = WavWriter::create(path, 24000, 2);
  REQUIRE(writer);
  CHECK(read_wav(path).error().code == "R0304");
  CHECK(writer->append(Expected{10, 20, 30, 50}));
  CHECK(read_wav(path).value() == Expected{15, 40});
  CHECK(fs::file_size(path) == 44 + 8);
}

TEST_CASE("a file that cannot be made, or written, says why") {
  CHECK(WavWriter::create("/no/such/folder/out.wav", 24000, 1).error().code == "R0306");
  auto full = WavWriter::create("/dev/full", 24000, 1);
  CHECK((full ? full->append(Expected{1}) : tl::unexpected{full.error()}).error().code == "R0306");
}

}  // namespace flow::audio
