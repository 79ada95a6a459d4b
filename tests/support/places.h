#pragma once
// Where the repository and its build are. Behind functions, so that only one file depends on the two paths and every
// other object is the same in every checkout.

#include <string>

namespace flow::test {

auto source_dir() -> std::string;
auto binary_dir() -> std::string;

}  // namespace flow::test
