#pragma once
// What is kept for the case that an assertion fails: the last lines of the call that this thread was stepping.

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace flow::store {

struct JournalFile;

// A ring of lines; their memory is used again.
struct LastLines {
  static constexpr std::size_t Kept = 16;
  std::array<std::string, Kept> lines;
  std::size_t count = 0;  // ever

  auto next() -> std::string& {
    auto& line = lines[count++ % Kept];
    line.clear();
    return line;
  }
};

// `last` belongs to the call that this thread is stepping now.
void remember(const LastLines& last, const std::shared_ptr<JournalFile>& file);
void forget(const LastLines& last);

}  // namespace flow::store
