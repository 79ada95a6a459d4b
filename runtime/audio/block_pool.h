#pragma once
// Blocks of samples that the calls of one loop share, so that a long reply of one call costs the others nothing and
// nobody allocates once the busiest moment has been seen. One thread.

#include <array>
#include <cstddef>
#include <cstdint>

namespace flow::audio {

// 170 ms of speech, 8 KB. Blocks of a queue are chained by `next`.
struct Block {
  static constexpr std::int64_t Capacity = 4096;
  Block* next = nullptr;
  std::array<std::int16_t, Capacity> samples;
};

class BlockPool {
 public:
  BlockPool() = default;
  BlockPool(const BlockPool&) = delete;
  auto operator=(const BlockPool&) -> BlockPool& = delete;
  ~BlockPool();

  // A block whose samples are whatever they were. Allocates only if no block lies free.
  auto take() -> Block*;
  void give_back(Block* block);

  auto free_blocks() const -> std::size_t { return free_count_; }
  auto lent_blocks() const -> std::size_t { return lent_count_; }

 private:
  // What lies free beyond this (8 MB, three minutes of speech) goes back to the system.
  static constexpr std::size_t FreeBlocksMax = 1024;

  Block* free_ = nullptr;
  std::size_t free_count_ = 0;
  std::size_t lent_count_ = 0;
};

}  // namespace flow::audio
