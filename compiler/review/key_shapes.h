#pragma once
// Does a text hold a key, a token or a password by its shape?

#include <optional>
#include <string>
#include <string_view>

namespace flow::review {

// What kind of key it looks like, as a message says it: "an OpenAI key". Nothing: it looks like something to read.
auto key_in(std::string_view text) -> std::optional<std::string>;

}  // namespace flow::review
