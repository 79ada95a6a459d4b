#pragma once
// Values to structs, by their `fields`. Two manners:
//
//   Strict    what the service is towards its clients: an unknown member, a wrong type or value, a missing member each
//             fail, with the path of the place
//   Tolerant  what a client is towards the service: unknown members are skipped, and a member that may be absent is
//             taken for absent if it cannot be read, one of a list is left out; only what must be there can fail
//
// The values are used up: texts move from them into the structs.

#include <concepts>

#include "runtime/wire/openai/shape.h"

namespace flow::wire::openai {

// Why an event was not taken, in the service's own words for it.
struct Refusal {
  std::string code;  // invalid_event, invalid_value, missing_required_parameter, unknown_parameter
  std::string message;
  std::string param;     // the path, such as `session.tools[0].name`; empty: the event as a whole
  std::string event_id;  // the client's, if it gave one
  auto operator==(const Refusal&) const -> bool = default;
};

class Reader {
 public:
  enum class Manner { Strict, Tolerant };
  explicit Reader(Manner manner) : manner_(manner) {}

  // Reads all of `value` into `out`, or sets `refusal`.
  template <class T>
  void read(Value& value, T& out);

  auto refusal() const -> const std::optional<Refusal>& { return refusal_; }
  auto strict() const -> bool { return manner_ == Manner::Strict; }

  // For scopes.
  void enter(std::string_view name) { path_.push_back({name, 0}); }
  void enter(std::size_t index) { path_.push_back({{}, index}); }
  void leave() { path_.pop_back(); }
  void refuse_missing();
  void refuse_unknown();
  void refuse_type(std::string_view expected, const Value& got);
  void refuse_value(std::string_view got, const std::vector<std::string_view>& supported);
  void refuse_range(double got, double low, double high);
  void forgive() { refusal_.reset(); }

 private:
  struct Step {
    std::string_view name;  // no data: an index
    std::size_t index;
  };

  template <class T>
  void read_enum(Value& value, T& out);
  template <class T>
  void read_list(Value& value, std::vector<T>& out);
  template <class... T>
  void read_variant(Value& value, std::variant<T...>& out);
  template <class... T>
  void read_tagged(Value& value, std::variant<T...>& out);
  template <class T>
  void read_struct(Value& value, T& out);
  void read_texts(Value& value, TextMap& out);
  void read_integer(Value& value, std::int64_t& out);
  void read_number(Value& value, double& out);
  void refuse(std::string code, std::string message);

  Manner manner_;
  std::vector<Step> path_;
  std::optional<Refusal> refusal_;  // the first reason
};

// The members of one object while they are read.
class Members {
 public:
  Members(Reader& reader, Value::Record& record) : reader_(reader), record_(record), used_(record.size()) {}

  auto from_client() const -> bool { return reader_.strict(); }

  template <class T>
  void operator()(std::string_view name, T& member) {
    if (reader_.refusal()) return;
    reader_.enter(name);
    if (auto* value = use(name)) {
      take(*value, member);
    } else if constexpr (!IsOptional<T> && !IsSparse<T>) {
      reader_.refuse_missing();
    }
    reader_.leave();
  }

  // A number, and if the reader is strict between `low` and `high`, both included.
  template <class T>
  void within(std::string_view name, T& member, double low, double high) {
    (*this)(name, member);
    if (!reader_.strict() || reader_.refusal()) return;
    const auto number = number_in(member);
    if (!number || (*number >= low && *number <= high)) return;
    reader_.enter(name);
    reader_.refuse_range(*number, low, high);
    reader_.leave();
  }

  // Strict: each part must satisfy `fits`.
  void each_part(std::string_view name, const std::vector<Part>& parts, const auto& fits) {
    if (!reader_.strict() || reader_.refusal()) return;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!fits(parts[i])) return refuse_part(name, i, parts[i]);
    }
  }
  void no_reference(std::string_view name, const Item& item);

  // Takes the member's value for itself.
  auto use(std::string_view name) -> Value*;
  // Strict: whatever nobody used is unknown.
  void close();

 private:
  template <class T>
  void take(Value& value, T& member) {
    if constexpr (IsSparse<T> || IsOptional<T>) {
      if (value.is_none()) {
        if constexpr (IsSparse<T>) member = Null{};
        return;
      }
      using Inner = std::remove_cvref_t<decltype(inner(member))>;
      Inner read{};
      reader_.read(value, read);
      if (!reader_.refusal())
        member = std::move(read);
      else if (!reader_.strict())
        reader_.forgive();
    } else {
      reader_.read(value, member);
    }
  }
  template <class T>
  static auto inner(const std::optional<T>& member) -> const T& {
    return *member;
  }
  template <class T>
  static auto inner(const Sparse<T>& member) -> const T& {
    return *member.get();
  }

  static auto number_in(double number) -> std::optional<double> { return number; }
  static auto number_in(std::int64_t number) -> std::optional<double> { return static_cast<double>(number); }
  static auto number_in(const TokenLimit& limit) -> std::optional<double> {
    const auto* number = std::get_if<std::int64_t>(&limit);
    return number ? number_in(*number) : std::nullopt;
  }
  template <class T>
  static auto number_in(const std::optional<T>& member) -> std::optional<double> {
    return member ? number_in(*member) : std::nullopt;
  }
  template <class T>
  static auto number_in(const Sparse<T>& member) -> std::optional<double> {
    return member.get() ? number_in(*member.get()) : std::nullopt;
  }

  void refuse_part(std::string_view name, std::size_t index, const Part& part);

  Reader& reader_;
  Value::Record& record_;
  std::vector<bool> used_;
};

template <class T>
void Reader::read(Value& value, T& out) {
  if constexpr (std::is_same_v<T, Value>) {
    out = std::move(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    auto* text = std::get_if<std::string>(&value.data);
    text ? void(out = std::move(*text)) : refuse_type("a string", value);
  } else if constexpr (std::is_same_v<T, bool>) {
    const auto* truth = std::get_if<bool>(&value.data);
    truth ? void(out = *truth) : refuse_type("a boolean", value);
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    read_integer(value, out);
  } else if constexpr (std::is_same_v<T, double>) {
    read_number(value, out);
  } else if constexpr (std::is_enum_v<T>) {
    read_enum(value, out);
  } else if constexpr (std::is_same_v<T, TextMap>) {
    read_texts(value, out);
  } else if constexpr (IsVector<T>) {
    read_list(value, out);
  } else if constexpr (IsVariant<T>) {
    read_variant(value, out);
  } else {
    read_struct(value, out);
  }
}

template <class T>
void Reader::read_enum(Value& value, T& out) {
  const auto* text = value.text();
  if (!text) return refuse_type("a string", value);
  const auto all = names(T{});
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == *text) {
      out = static_cast<T>(i);
      return;
    }
  }
  refuse_value(*text, {all.begin(), all.end()});
}

template <class T>
void Reader::read_list(Value& value, std::vector<T>& out) {
  auto* list = std::get_if<Value::List>(&value.data);
  if (!list) return refuse_type("an array", value);
  out.reserve(list->size());
  for (std::size_t i = 0; i < list->size() && !refusal_; ++i) {
    enter(i);
    read((*list)[i], out.emplace_back());
    leave();
    if (!refusal_ || strict()) continue;
    out.pop_back();
    forgive();
  }
}

// Whether a JSON value is of the kind that an alternative without a `type` has.
template <class T>
auto may_be(const Value& value) -> bool {
  if constexpr (std::is_same_v<T, std::string> || std::is_enum_v<T>)
    return value.text() != nullptr;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return std::holds_alternative<std::int64_t>(value.data) || std::holds_alternative<double>(value.data);
  else if constexpr (IsVector<T>)
    return value.list() != nullptr;
  else
    return value.record() != nullptr;
}

template <class... T>
void Reader::read_variant(Value& value, std::variant<T...>& out) {
  const auto as = [&]<class Alternative>(std::type_identity<Alternative>) {
    if constexpr (Tagged<Alternative> || std::is_same_v<Alternative, Unknown>) {
      return false;
    } else {
      if (!may_be<Alternative>(value)) return false;
      Alternative read_here{};
      read(value, read_here);
      if (!refusal_) out = std::move(read_here);
      return true;
    }
  };
  if ((as(std::type_identity<T>{}) || ...)) return;
  if constexpr ((Tagged<T> || ...)) {
    read_tagged(value, out);
  } else {
    refuse_type("another type", value);
  }
}

template <class... T>
void Reader::read_tagged(Value& value, std::variant<T...>& out) {
  if (!value.record()) return refuse_type("an object", value);
  const auto* type = value.field("type");
  enter("type");
  if (!type) return refuse_missing(), leave();
  if (!type->text()) return refuse_type("a string", *type), leave();
  const std::string tag = *type->text();
  leave();
  const auto as = [&]<class Alternative>(std::type_identity<Alternative>) {
    if constexpr (Tagged<Alternative>) {
      if (tag != Alternative::Type) return false;
      Alternative read_here{};
      read_struct(value, read_here);
      if (!refusal_) out = std::move(read_here);
      return true;
    } else {
      return false;
    }
  };
  if ((as(std::type_identity<T>{}) || ...)) return;
  if constexpr ((std::is_same_v<T, Unknown> || ...)) {
    if (!strict()) {
      out = Unknown{tag, std::move(value)};
      return;
    }
  }
  std::vector<std::string_view> supported;
  const auto list = [&]<class Alternative>(std::type_identity<Alternative>) {
    if constexpr (Tagged<Alternative>) supported.push_back(Alternative::Type);
  };
  (list(std::type_identity<T>{}), ...);
  enter("type");
  refuse_value(tag, supported);
  leave();
}

template <class T>
void Reader::read_struct(Value& value, T& out) {
  auto* record = std::get_if<Value::Record>(&value.data);
  if (!record) return refuse_type("an object", value);
  Members members(*this, *record);
  if constexpr (Tagged<T>) members.use("type");
  T::fields(members, out);
  members.close();
}

}  // namespace flow::wire::openai
