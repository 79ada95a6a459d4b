#pragma once
// Reads a terminal, or whatever stands for it, without holding up the loop.

#include <functional>
#include <memory>
#include <string_view>

#include "runtime/net/blocking.h"

namespace flow::channels {

class Reader {
 public:
  // `got` gets what was read, on the loop, until the end, which is an empty text, or until the reader goes. It may
  // destroy the reader. `input` stays open.
  Reader(net::Loop& loop, int input, std::function<void(std::string_view)> got);
  ~Reader();
  Reader(const Reader&) = delete;
  auto operator=(const Reader&) -> Reader& = delete;

 private:
  struct Shared;
  void read_more();

  net::Loop& loop_;
  std::shared_ptr<Shared> shared_;  // with the thread that reads
  net::Pool thread_{1};             // of its own, because reading a terminal blocks for as long as nobody types
};

}  // namespace flow::channels
