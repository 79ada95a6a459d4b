#pragma once
// Structs to values, in the order of their `fields`. What is absent is left out.

#include "compiler/base/match.h"
#include "runtime/wire/openai/shape.h"

namespace flow::wire::openai {

class Writer {
 public:
  explicit Writer(bool from_client) : from_client_(from_client) {}

  auto from_client() const -> bool { return from_client_; }

  template <class T>
  void operator()(std::string_view name, const T& member) {
    if constexpr (IsOptional<T>) {
      if (member) put(name, *member);
    } else if constexpr (IsSparse<T>) {
      if (member.is_null()) record_.emplace_back(name, Value{});
      if (member.get()) put(name, *member.get());
    } else {
      put(name, member);
    }
  }
  template <class T>
  void within(std::string_view name, const T& member, double, double) {
    (*this)(name, member);
  }
  void each_part(std::string_view, const std::vector<Part>&, const auto&) {}
  void no_reference(std::string_view, const Item&) {}

  auto take() -> Value { return Value{std::move(record_)}; }

 private:
  template <class T>
  void put(std::string_view name, const T& member) {
    record_.emplace_back(name, to_value(member));
  }

  template <class T>
  auto to_value(const T& member) const -> Value {
    if constexpr (std::is_same_v<T, Unknown>) {
      return member.whole;
    } else if constexpr (std::is_enum_v<T>) {
      return Value{names(member)[static_cast<std::size_t>(member)]};
    } else if constexpr (std::is_same_v<T, TextMap>) {
      Value::Record record;
      for (const auto& [name, text] : member) record.emplace_back(name, Value{text});
      return Value{std::move(record)};
    } else if constexpr (IsVector<T>) {
      Value::List list;
      for (const auto& each : member) list.push_back(to_value(each));
      return Value{std::move(list)};
    } else if constexpr (IsVariant<T>) {
      return std::visit([&](const auto& alternative) { return to_value(alternative); }, member);
    } else if constexpr (requires(Writer& w) { T::fields(w, member); }) {
      Writer inner(from_client_);
      if constexpr (Tagged<T>) inner.put("type", std::string_view(T::Type));
      T::fields(inner, member);
      return inner.take();
    } else {
      return Value{member};
    }
  }

  bool from_client_;
  Value::Record record_;
};

}  // namespace flow::wire::openai
