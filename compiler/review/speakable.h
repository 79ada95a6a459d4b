#pragma once
// Can words be spoken as they stand? A voice reads out what an eye would skip.

#include <optional>
#include <string>
#include <string_view>

namespace flow::review {

struct Unspeakable {
  std::string_view what;  // "a web address"
  std::string_view part;  // of the text
};

// The first part that sounds wrong, if there is one.
auto unspeakable_in(std::string_view text) -> std::optional<Unspeakable>;

}  // namespace flow::review
