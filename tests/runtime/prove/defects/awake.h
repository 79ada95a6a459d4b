#pragma once
// Which fault of the defective core is awake: defects.cmake lists them.

#include <string_view>

namespace flow::defects {

inline std::string_view awake;  // empty: none; then it is the core that calls are held by

inline auto is_awake(std::string_view name) -> bool { return awake == name; }

}  // namespace flow::defects
