#pragma once
// Text from anywhere as it stands in XML and HTML, also inside attributes: no markup, nothing but characters that both
// allow. Line ends and tabs stay, other control characters are spaces, and what is no character is `?`.
// Source: XML 1.0, production Char.

#include <string>
#include <string_view>

namespace flow {

auto escaped(std::string_view text) -> std::string;

}  // namespace flow
