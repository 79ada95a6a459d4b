#pragma once
// What kinds of member the protocol's structs are made of: asked by the reader and the writer.

#include <string>
#include <string_view>
#include <type_traits>

#include "runtime/wire/openai/item.h"

namespace flow::wire::openai {

template <class T>
inline constexpr bool IsOptional = false;
template <class T>
inline constexpr bool IsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool IsSparse = false;
template <class T>
inline constexpr bool IsSparse<Sparse<T>> = true;
template <class T>
inline constexpr bool IsVariant = false;
template <class... T>
inline constexpr bool IsVariant<std::variant<T...>> = true;
template <class T>
inline constexpr bool IsVector = false;
template <class T>
inline constexpr bool IsVector<std::vector<T>> = !std::is_same_v<std::vector<T>, TextMap>;

// Alternatives told apart by their member `type`.
template <class T>
concept Tagged = requires {
  { T::Type } -> std::convertible_to<std::string_view>;
};

}  // namespace flow::wire::openai
