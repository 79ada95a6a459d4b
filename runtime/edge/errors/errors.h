#pragma once
// The list of what can go wrong while flowc runs, for `flowc explain` and its tests. Code that fails only needs the code.

#include <span>
#include <string_view>

namespace flow::edge {

struct ErrorRow {
  std::string_view code;   // R0101
  std::string_view name;   // CannotReach
  std::string_view title;  // a sentence without its full stop
};

auto errors() -> std::span<const ErrorRow>;

// The code's page as Markdown; empty if there is none.
auto explain(std::string_view code) -> std::string_view;

}  // namespace flow::edge
