#pragma once
// Any value of any event or effect, from a seed: every field filled, extremes often.

#include <boost/pfr.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "compiler/ir/value.h"
#include "runtime/store/names.h"

namespace flow::store {
namespace of_random {

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_vector = false;
template <class T> inline constexpr bool is_vector<std::vector<T>> = true;
template <class T> inline constexpr bool is_duration = false;
template <class R, class P> inline constexpr bool is_duration<std::chrono::duration<R, P>> = true;

}  // namespace of_random

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}

  auto below(std::size_t n) -> std::size_t { return engine_() % n; }
  auto raw() { return engine_(); }

  template <class T>
  void fill(T& it) {
    if constexpr (std::is_same_v<T, std::string>) {
      it = text();
    } else if constexpr (std::is_same_v<T, Value>) {
      it = value(0);
    } else if constexpr (std::is_same_v<T, double>) {
      it = number();
    } else if constexpr (std::is_same_v<T, bool>) {
      it = below(2) == 0;
    } else if constexpr (std::is_integral_v<T>) {
      it = whole<T>();
    } else if constexpr (std::is_enum_v<T>) {
      do it = static_cast<T>(below(detail::EnumeratorsMax));
      while (enumerator_name(it).empty());
    } else {
      fill_compound(it);
    }
  }

  template <class... T>
  auto one_of(std::type_identity<std::variant<T...>>) -> std::variant<T...> {
    std::variant<T...> it;
    auto left = below(sizeof...(T));
    (void)((left-- == 0 && (fill_fields(it.template emplace<T>()), true)) || ...);
    return it;
  }

 private:
  template <class T>
  void fill_compound(T& it) {
    if constexpr (of_random::is_duration<T>) {
      it = T{whole<typename T::rep>()};
    } else if constexpr (of_random::is_optional<T>) {
      it.reset();
      if (below(3) > 0) fill(it.emplace());
    } else if constexpr (of_random::is_vector<T>) {
      it.resize(below(4));
      for (auto& each : it) fill(each);
    } else {
      fill_fields(it);
    }
  }

  template <class T>
  void fill_fields(T& it) {
    boost::pfr::for_each_field(it, [this](auto& field) { fill(field); });
  }

  template <class T>
  auto whole() -> T {
    switch (below(5)) {
      case 0: return 0;
      case 1: return std::numeric_limits<T>::max();
      case 2: return std::numeric_limits<T>::min();
      default: return static_cast<T>((std::uint64_t{engine_()} << 32 | engine_()) >> below(64));
    }
  }
  auto number() -> double {
    constexpr double Odd[] = {0.0, -0.0, 1.0, 3e300, 5e-324, 0.1, -2.5, 1e16, 123456789012345680.0};
    return below(2) == 0 ? Odd[below(std::size(Odd))] : std::ldexp(static_cast<double>(engine_()), static_cast<int>(below(200)) - 100);
  }
  auto text() -> std::string {
    std::string it;
    for (auto n = below(12); n > 0; --n) it += static_cast<char>(below(256));
    return it;
  }
  auto value(int depth) -> Value {
    switch (below(depth > 3 ? 5 : 7)) {
      case 0: return {};
      case 1: return below(2) == 0;
      case 2: return whole<std::int64_t>();
      case 3: return number();
      case 4: return text();
      case 5: {
        Value::List list(below(4));
        for (auto& each : list) each = value(depth + 1);
        return list;
      }
      default: {
        Value::Record record(below(4));
        for (auto& [name, each] : record) name = text(), each = value(depth + 1);
        return record;
      }
    }
  }

  std::mt19937 engine_;
};

}  // namespace flow::store
