#pragma once
// Messages out of a stream of bytes, and back: `Content-Length: N`, an empty line, N bytes.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/base/result.h"

namespace flow::lsp {

class Frames {
 public:
  // A header or a message that is longer is refused; the stream is of no use after it.
  static constexpr std::size_t HeaderMax = 4096;
  static constexpr std::size_t BytesMax = std::size_t{64} << 20;

  void put(std::string_view bytes) { waiting_ += bytes; }
  // The next message, nothing if it is not there whole, or why there will be none.
  auto next() -> Result<std::optional<std::string>>;

 private:
  std::string waiting_;
};

auto framed(std::string_view message) -> std::string;

}  // namespace flow::lsp
