#include "runtime/store/last_words.h"

#include <chrono>
#include <cstdio>
#include <thread>

#include "compiler/base/check.h"
#include "runtime/store/journal.h"
#include "runtime/store/writer.h"

namespace flow::store {
namespace {

// An assertion knows nothing but its thread.
thread_local const LastLines* stepping = nullptr;
thread_local const std::shared_ptr<JournalFile>* writing = nullptr;

void say() {
  if (!stepping) return;
  std::fprintf(stderr, "the last events of this call:\n");
  const auto first = stepping->count > LastLines::Kept ? stepping->count - LastLines::Kept : 0;
  for (auto i = first; i < stepping->count; ++i) std::fputs(stepping->lines[i % LastLines::Kept].c_str(), stderr);
  // The other thread still writes; what it has is a second's work at most.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{1};
  while ((*writing)->waiting.load() > 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  std::fprintf(stderr, "the whole call is in %s; `flowc replay` runs it again\n", (*writing)->path.c_str());
}

}  // namespace

void remember(const LastLines& last, const std::shared_ptr<JournalFile>& file) {
  stepping = &last;
  writing = &file;
}

void forget(const LastLines& last) {
  if (stepping == &last) stepping = nullptr;
}

void keep_last_words() { on_assert(say); }

}  // namespace flow::store
