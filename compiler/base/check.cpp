#include "compiler/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace flow {
namespace {
LastWords last_words = nullptr;
}  // namespace

void on_assert(LastWords words) { last_words = words; }

void assert_failed(const char* condition, const char* file, int line, const std::string& detail) {
  std::fprintf(stderr, "flowc: internal error at %s:%d: %s%s%s\n", file, line, condition, detail.empty() ? "" : ": ",
               detail.c_str());
  if (last_words) last_words();
  std::abort();
}

}  // namespace flow
