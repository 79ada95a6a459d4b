#include "runtime/wire/base64.h"

#include <openssl/evp.h>
#include <catch2/catch_test_macros.hpp>
#include <random>

namespace flow::wire {
namespace {

using Bytes = std::vector<std::uint8_t>;

auto random_bytes(std::size_t count, std::uint32_t seed) -> Bytes {
  std::mt19937 random(seed);
  Bytes bytes(count);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

auto by_openssl(const Bytes& bytes) -> std::string {
  std::string text(base64_size(bytes.size()) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

auto encoded(const Bytes& bytes) -> std::string {
  std::string text;
  base64_encode(std::span<const std::uint8_t>(bytes), text);
  return text;
}

auto decodes(std::string_view text) -> bool {
  Bytes bytes{1, 2, 3};
  const bool right = base64_decode(text, bytes);
  CHECK((right || bytes.empty()));
  return right;
}

TEST_CASE("base64 agrees with OpenSSL on every length, and comes back") {
  for (std::size_t length = 0; length <= 1'000; ++length) {
    const auto bytes = random_bytes(length, static_cast<std::uint32_t>(length));
    const auto text = encoded(bytes);
    REQUIRE(text == by_openssl(bytes));
    Bytes back;
    REQUIRE(base64_decode(text, back));
    REQUIRE(back == bytes);
  }
}

TEST_CASE("every byte is refused in every place unless it is a letter of base64") {
  for (std::size_t place = 0; place < 12; ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = "AAAAAAAAAAAA";
      text[place] = static_cast<char>(byte);
      const bool letter = std::isalnum(byte) != 0 || byte == '+' || byte == '/' || (byte == '=' && place == 11);
      REQUIRE(decodes(text) == letter);
    }
  }
}

TEST_CASE("wrong lengths and padding are refused") {
  for (const auto* text : {"A", "AA", "AAA", "AAAAA", "====", "A===", "=AAA", "AA=A", "AAA=AAAA", "AA==AAAA",
                           "AAAA====", "AAAAA===", "AAAA\n", "AAAA\r\nAAAA"}) {
    CAPTURE(text);
    CHECK_FALSE(decodes(text));
  }
  for (const auto* text : {"", "AA==", "AAA=", "AAAA", "AAAAAA=="}) {
    CAPTURE(text);
    CHECK(decodes(text));
  }
}

TEST_CASE("bits left over by the padding must be zero") {
  CHECK(decodes("/w=="));
  CHECK_FALSE(decodes("/x=="));
  CHECK(decodes("//8="));
  CHECK_FALSE(decodes("//9="));
}

TEST_CASE("samples come back as they were, lowest byte first on the wire") {
  std::vector<std::int16_t> pcm{0, 1, -1, 256, 32'767, -32'768, 12'345};
  for (; !pcm.empty(); pcm.pop_back()) {
    std::string text = "kept:";
    base64_encode(std::span<const std::int16_t>(pcm), text);
    REQUIRE(text.substr(0, 5) == "kept:");
    std::vector<std::int16_t> back{9, 9};
    REQUIRE(base64_decode(std::string_view(text).substr(5), back));
    REQUIRE(back == pcm);
  }
  std::string text;
  base64_encode(std::span<const std::int16_t>(std::vector<std::int16_t>{0x0201}), text);
  CHECK(text == encoded({0x01, 0x02}));
}

TEST_CASE("half a sample is refused") {
  std::vector<std::int16_t> pcm;
  CHECK(base64_decode("AAA=", pcm));
  CHECK_FALSE(base64_decode("AA==", pcm));
  CHECK_FALSE(base64_decode("AAAA", pcm));
  CHECK(pcm.empty());
}

TEST_CASE("decoding into a buffer that was large enough allocates nothing") {
  std::vector<std::int16_t> pcm;
  REQUIRE(base64_decode(std::string(1'280, 'A'), pcm));
  const auto* place = pcm.data();
  REQUIRE(base64_decode(std::string(640, 'B'), pcm));
  REQUIRE(base64_decode(std::string(1'280, 'C'), pcm));
  CHECK(pcm.data() == place);
  CHECK(pcm.size() == 480);
}

}  // namespace
}  // namespace flow::wire
