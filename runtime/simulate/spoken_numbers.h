#pragma once
// Numbers as a recogniser writes them, put into digits: people say "order a one", and the order is A1.

#include <string>
#include <string_view>

namespace flow::simulate {

// `words`: in lower case, without marks. Digits in a row are one number ("four two seven one" is 4271, and so it is if the
// two was taken for "to"), a letter before them belongs to it, and what follows "order" or "number" is a number of its
// own. Other number words stay: "that one", "two shirts".
auto with_digits(std::string_view words) -> std::string;

}  // namespace flow::simulate
