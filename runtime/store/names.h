#pragma once
// What types and enumerators are called in the source, known when this is compiled. So a new event or enumerator has
// its name in the journal without a table to keep.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

namespace flow::store {
namespace detail {

// Both compilers that build this end the signature with `T = flow::core::LinkOpened]` or `V = flow::core::Role::Agent]`;
// the part after the last colon or blank is the name. A number that no enumerator has looks like `(flow::core::Role)9`.
// g++ adds `; std::string_view = …` after a semicolon.
constexpr auto last_word(std::string_view signature, std::string_view before) -> std::string_view {
  signature.remove_prefix(signature.find(before) + before.size());
  signature = signature.substr(0, signature.find_first_of(";]"));
  if (signature.starts_with('(')) return {};
  const auto colon = signature.rfind(':');
  return colon == signature.npos ? signature : signature.substr(colon + 1);
}

template <class T>
constexpr auto name_of_type() -> std::string_view {
  return last_word(__PRETTY_FUNCTION__, "T = ");
}

template <auto V>
constexpr auto name_of_value() -> std::string_view {
  return last_word(__PRETTY_FUNCTION__, "V = ");
}

inline constexpr std::size_t EnumeratorsMax = 96;  // an enumeration may have; counted from 0 without gaps

template <class E, std::size_t... I>
constexpr auto names_of(std::index_sequence<I...>) -> std::array<std::string_view, sizeof...(I)> {
  return {name_of_value<static_cast<E>(I)>()...};
}

}  // namespace detail

template <class T>
inline constexpr std::string_view type_name = detail::name_of_type<T>();

template <class E>
inline constexpr auto enumerator_names = detail::names_of<E>(std::make_index_sequence<detail::EnumeratorsMax>());

template <class E>
constexpr auto enumerator_name(E value) -> std::string_view {
  const auto place = static_cast<std::size_t>(value);
  return place < detail::EnumeratorsMax ? enumerator_names<E>[place] : std::string_view{};
}

template <class E>
constexpr auto enumerator_named(std::string_view name) -> std::optional<E> {
  for (std::size_t i = 0; !name.empty() && i < detail::EnumeratorsMax; ++i) {
    if (enumerator_names<E>[i] == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace flow::store
