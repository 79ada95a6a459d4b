#pragma once
// JSON text to the language's values; the other way is `to_json` in compiler/ir/value.h. What is read here may come
// from a stranger: size and depth are bounded, and nothing is guessed.

#include <cstddef>
#include <string_view>

#include "compiler/base/result.h"
#include "compiler/ir/value.h"

namespace flow::json {

struct Limits {
  std::size_t bytes = std::size_t{16} << 20;
  std::size_t depth = 64;  // lists and records inside each other
};

// One whole JSON text. Whole numbers that fit 64 bits with a sign stay whole, all others become the nearest double.
//
//   errors   `json_too_long`, `json_too_deep`, `json_number` (beyond a double), `json_syntax` (also text that is not
//            UTF-8); the text says where, in bytes from the start
//   thread   any
auto parse(std::string_view text, Limits limits = {}) -> Result<Value>;

// Whether `parse` would read it as a record; builds nothing.
auto is_object(std::string_view text, Limits limits = {}) -> bool;

}  // namespace flow::json
