#include "compiler/ir/hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "compiler/base/check.h"
#include "compiler/ir/text.h"

namespace flow::ir {

auto content_hash(const Program& program) -> std::string {
  const auto text = to_text(program, {.places = false, .comments = false});
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const auto done = EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  FLOW_ASSERT(done == 1 && size == 32);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace flow::ir
