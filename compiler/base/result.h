#pragma once
// What the world may refuse: a value, or why there is none. Wrong programs are diagnostics, not results.

#include <string>
#include <tl/expected.hpp>

namespace flow {

// `code` is stable and is what callers decide by; `text` is for people; `hint` says what to do about it.
struct Error {
  std::string code;
  std::string text;
  std::string hint = {};
  auto operator==(const Error&) const -> bool = default;
};

template <class T>
using Result = tl::expected<T, Error>;

inline auto failure(std::string code, std::string text, std::string hint = {}) -> tl::unexpected<Error> {
  return tl::unexpected<Error>{Error{std::move(code), std::move(text), std::move(hint)}};
}

}  // namespace flow
