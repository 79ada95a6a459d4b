#include "compiler/ir/hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "compiler/base/check.h"
#include "compiler/ir/text.h"

namespace flow::ir {

auto content_hash(const Program& program) -> std::string { return digest(to_text(program, {.places = false, .comments = false})); }

auto digest(std::string_view text) -> std::string {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  const auto done = EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr);
  FLOW_ASSERT(done == 1 && size == 32);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", bytes[i]);
  return hex;
}

}  // namespace flow::ir
