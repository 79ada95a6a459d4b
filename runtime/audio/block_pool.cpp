#include "runtime/audio/block_pool.h"

#include <utility>

#include "compiler/base/check.h"

namespace flow::audio {

BlockPool::~BlockPool() {
  FLOW_ASSERT(lent_count_ == 0);
  while (free_) delete std::exchange(free_, free_->next);
}

auto BlockPool::take() -> Block* {
  lent_count_ += 1;
  if (!free_) return new Block;
  free_count_ -= 1;
  Block* block = std::exchange(free_, free_->next);
  block->next = nullptr;
  return block;
}

void BlockPool::give_back(Block* block) {
  FLOW_ASSERT(lent_count_ > 0);
  lent_count_ -= 1;
  if (free_count_ == FreeBlocksMax) {
    delete block;
    return;
  }
  free_count_ += 1;
  block->next = std::exchange(free_, block);
}

}  // namespace flow::audio
