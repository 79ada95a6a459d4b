#pragma once
// "Did you mean": the candidate that a typist most likely meant.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flow::diag {

// The number of letters to insert, delete, replace or swap to turn one word into the other; case does not count.
auto distance(std::string_view a, std::string_view b) -> std::size_t;

// The nearest candidate within a third of the word's length (at least one letter), the first of equals.
auto nearest(std::string_view word, const std::vector<std::string_view>& candidates) -> std::optional<std::string_view>;

}  // namespace flow::diag
