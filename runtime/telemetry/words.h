#pragma once
// Small pieces of text that people read.

#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/ids.h"

namespace flow::telemetry {

// What somebody else wrote, made harmless for a terminal: control characters, escapes and line ends become spaces,
// bytes that are not UTF-8 a question mark.
auto printable(std::string_view text) -> std::string;

// `0 ms`, `380 ms`, `3.1 s`, `2 min 5 s`.
auto duration_words(core::Millis duration) -> std::string;

// As many characters as a terminal would show columns, near enough: one a code point.
auto columns(std::string_view text) -> std::size_t;

// Breaks `text` at spaces into lines of at most `width` columns (0: no limit); a longer word keeps a line of its own.
auto wrap(std::string_view text, std::size_t width) -> std::vector<std::string>;

}  // namespace flow::telemetry
