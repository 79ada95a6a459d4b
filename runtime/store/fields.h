#pragma once
// Writes and reads any plain aggregate by its fields. Included by pack.cpp only: compiling it for all events takes
// seconds.
//
//   struct at the top           ["Name",field,…]
//   struct inside, one field    the field alone (ids, counts, instants)
//   struct inside, more         [field,…]
//   enumerator                  "Name"
//   optional                    null, or the value; of a Value, which may be null itself: null or [value]
//   chrono::duration            its count

#include <boost/pfr.hpp>
#include <chrono>
#include <concepts>
#include <optional>
#include <type_traits>
#include <variant>
#include <vector>

#include "compiler/base/check.h"
#include "compiler/base/id.h"
#include "runtime/store/names.h"
#include "runtime/store/text.h"

namespace flow::store {

template <class T> void write(const T& value, std::string& out);
template <class T> void read(Reader& in, T& value);

namespace detail {

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_vector = false;
template <class T> inline constexpr bool is_vector<std::vector<T>> = true;
template <class T> inline constexpr bool is_duration = false;
template <class R, class P> inline constexpr bool is_duration<std::chrono::duration<R, P>> = true;
template <class T> inline constexpr bool is_id = false;
template <class T> inline constexpr bool is_id<Id<T>> = true;

template <class T>
concept Whole = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

template <class T>
void write_items(const std::vector<T>& items, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    write(items[i], out);
  }
  out += ']';
}

template <class T>
void read_items(Reader& in, std::vector<T>& items) {
  items.clear();
  in.expect("[");
  while (!in.failed() && !in.take("]")) {
    if (!items.empty()) in.expect(",");
    read(in, items.emplace_back());
  }
}

template <class T>
void write_struct(const T& value, std::string& out) {
  if constexpr (boost::pfr::tuple_size_v<T> == 1) {
    write(boost::pfr::get<0>(value), out);
  } else {
    out += '[';
    boost::pfr::for_each_field(value, [&](const auto& field, std::size_t i) {
      if (i > 0) out += ',';
      write(field, out);
    });
    out += ']';
  }
}

template <class T>
void read_struct(Reader& in, T& value) {
  if constexpr (boost::pfr::tuple_size_v<T> == 1) {
    read(in, boost::pfr::get<0>(value));
  } else {
    in.expect("[");
    boost::pfr::for_each_field(value, [&](auto& field, std::size_t i) {
      if (i > 0) in.expect(",");
      read(in, field);
    });
    in.expect("]");
  }
}

}  // namespace detail

template <class T>
void write(const T& value, std::string& out) {
  if constexpr (std::same_as<T, std::string>) {
    write_text(value, out);
  } else if constexpr (std::same_as<T, Value>) {
    write_value(value, out);
  } else if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::same_as<T, char>) {
    write_text({&value, 1}, out);
  } else if constexpr (std::same_as<T, double>) {
    write_double(value, out);
  } else if constexpr (detail::Whole<T>) {
    write_whole(static_cast<std::int64_t>(value), out);
  } else if constexpr (std::is_enum_v<T>) {
    const auto name = enumerator_name(value);
    FLOW_ASSERT(!name.empty(), "an enumeration has a value without a name");
    write_text(name, out);
  } else if constexpr (detail::is_duration<T>) {
    write_whole(value.count(), out);
  } else if constexpr (detail::is_id<T>) {
    value ? write_whole(value.index, out) : void(out += "null");
  } else if constexpr (detail::is_optional<T>) {
    constexpr bool bracketed = std::same_as<T, std::optional<Value>>;
    if (!value) return void(out += "null");
    if (bracketed) out += '[';
    write(*value, out);
    if (bracketed) out += ']';
  } else if constexpr (detail::is_vector<T>) {
    detail::write_items(value, out);
  } else {
    detail::write_struct(value, out);
  }
}

template <class T>
void read(Reader& in, T& value) {
  if constexpr (std::same_as<T, std::string> || std::same_as<T, Value> || std::same_as<T, bool> || std::same_as<T, double>) {
    in.read(value);
  } else if constexpr (std::same_as<T, char>) {
    std::string text;
    in.read(text);
    if (text.size() != 1) return in.fail();
    value = text[0];
  } else if constexpr (detail::Whole<T>) {
    in.read_whole(value);
  } else if constexpr (std::is_enum_v<T>) {
    std::string name;
    in.read(name);
    const auto named = enumerator_named<T>(name);
    if (!named) return in.fail();
    value = *named;
  } else if constexpr (detail::is_duration<T>) {
    typename T::rep count = 0;
    in.read_whole(count);
    value = T{count};
  } else if constexpr (detail::is_id<T>) {
    value = {};
    if (!in.take("null")) in.read_whole(value.index);
  } else if constexpr (detail::is_optional<T>) {
    constexpr bool bracketed = std::same_as<T, std::optional<Value>>;
    value.reset();
    if (in.take("null")) return;
    if (bracketed) in.expect("[");
    read(in, value.emplace());
    if (bracketed) in.expect("]");
  } else if constexpr (detail::is_vector<T>) {
    detail::read_items(in, value);
  } else {
    detail::read_struct(in, value);
  }
}

// ["Name",field,…] of whichever alternative it is.
template <class... T>
void write_alternative(const std::variant<T...>& value, std::string& out) {
  std::visit(
      [&]<class A>(const A& alternative) {
        out += '[';
        write_text(type_name<A>, out);
        boost::pfr::for_each_field(alternative, [&](const auto& field) {
          out += ',';
          write(field, out);
        });
        out += ']';
      },
      value);
}

template <class... T>
void read_alternative(Reader& in, std::variant<T...>& value) {
  std::string name;
  in.expect("[");
  in.read(name);
  if (in.failed()) return;
  const auto read_as = [&]<class A>(std::type_identity<A>) {
    if (name != type_name<A>) return false;
    boost::pfr::for_each_field(value.template emplace<A>(), [&](auto& field) {
      in.expect(",");
      read(in, field);
    });
    return true;
  };
  if (!(read_as(std::type_identity<T>{}) || ...)) in.fail();
  in.expect("]");
}

}  // namespace flow::store
