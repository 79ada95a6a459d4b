#pragma once
// FLOW_ASSERT: we were wrong, not the user and not the world. On in every build.

#include <string>

namespace flow {

// Called once before the program stops, to save what helps to find the fault (the journal's last events).
using LastWords = void (*)();
void on_assert(LastWords words);

[[noreturn]] void assert_failed(const char* condition, const char* file, int line, const std::string& detail = {});

}  // namespace flow

#define FLOW_ASSERT(condition, ...)      \
  (static_cast<bool>(condition) ? void() \
                                : ::flow::assert_failed(#condition, __FILE__, __LINE__ __VA_OPT__(, ) __VA_ARGS__))
