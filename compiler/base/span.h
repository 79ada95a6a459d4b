#pragma once
// A place in the source: bytes `[begin, end)` of one file. Lines and columns exist only when rendered.

#include <compare>
#include <cstdint>

namespace flow {

struct FileId {
  std::uint32_t n = 0;
  auto operator<=>(const FileId&) const = default;
};

struct Span {
  FileId file;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  auto operator<=>(const Span&) const = default;
};

}  // namespace flow
