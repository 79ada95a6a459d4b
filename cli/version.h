#pragma once
// Set by CMake from the project's version.

namespace flow::cli {

inline constexpr auto Version = FLOW_VERSION;

}  // namespace flow::cli
