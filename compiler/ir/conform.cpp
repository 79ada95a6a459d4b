// What a value must look like to stand for a type, and how a model's arguments are brought into that shape.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "compiler/ir/eval.h"
#include "compiler/ir/normal.h"

namespace flow::ir {
namespace {

auto is_digit(char c) -> bool { return c >= '0' && c <= '9'; }

// Whether `text` has the shape of `pattern`, in which `d` is a digit and everything else itself.
auto shaped(std::string_view text, std::string_view pattern) -> bool {
  return std::ranges::equal(text, pattern, [](char c, char p) { return p == 'd' ? is_digit(c) : c == p; });
}

auto two_digits(std::string_view text, std::size_t at) -> int { return (text[at] - '0') * 10 + (text[at + 1] - '0'); }

auto is_date(std::string_view text) -> bool {
  if (!shaped(text, "dddd-dd-dd")) return false;
  constexpr int Days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int month = two_digits(text, 5);
  const int day = two_digits(text, 8);
  return month >= 1 && month <= 12 && day >= 1 && day <= Days[month - 1];
}

auto is_time(std::string_view text) -> bool {
  if (!shaped(text, "dd:dd") && !shaped(text, "dd:dd:dd")) return false;
  return two_digits(text, 0) < 24 && two_digits(text, 3) < 60 && (text.size() < 8 || two_digits(text, 6) < 60);
}

// ISO 8601 with an optional zone: `Z` or `+01:00`.
auto is_datetime(std::string_view text) -> bool {
  if (text.size() < 16 || text[10] != 'T' || !is_date(text.substr(0, 10))) return false;
  auto time = text.substr(11);
  if (time.ends_with('Z')) {
    time.remove_suffix(1);
  } else if (const auto sign = time.find_first_of("+-"); sign != time.npos) {
    if (!is_time(time.substr(sign + 1))) return false;
    time = time.substr(0, sign);
  }
  return is_time(time);
}

auto is_phone(std::string_view text) -> bool {
  const auto digits = std::ranges::count_if(text, is_digit);
  const bool plain = std::ranges::all_of(text, [](char c) { return is_digit(c) || std::string_view{"+ -()./"}.find(c) != std::string_view::npos; });
  return plain && digits >= 3 && digits <= 15;
}

auto is_email(std::string_view text) -> bool {
  const auto at = text.find('@');
  return at != text.npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos &&
         text.find_first_of(" \t\r\n") == text.npos;
}

auto is_text_of(Type::Kind kind, std::string_view text) -> bool {
  switch (kind) {
    case Type::Kind::Date: return is_date(text);
    case Type::Kind::Time: return is_time(text);
    case Type::Kind::DateTime: return is_datetime(text);
    case Type::Kind::Phone: return is_phone(text);
    case Type::Kind::Email: return is_email(text);
    case Type::Kind::Money: return std::ranges::any_of(text, is_digit);
    default: return true;
  }
}

auto is_whole(const Value& value) -> bool { return std::holds_alternative<std::int64_t>(value.data); }
auto is_real(const Value& value) -> bool { return is_whole(value) || std::holds_alternative<double>(value.data); }

auto is_a(const Program& program, const Value& value, const Type& type) -> bool;

auto is_record_of(const Program& program, const Value& value, const Record& record) -> bool {
  return value.record() && std::ranges::all_of(record.fields, [&](const Field& field) {
           const auto* given = value.field(field.name);
           return given ? conforms(program, *given, field.type) : program.types[field.type].optional;
         });
}

// A value that is there, against a type.
auto is_a(const Program& program, const Value& value, const Type& type) -> bool {
  using enum Type::Kind;
  switch (type.kind) {
    case Json: return true;
    case Bool: return std::holds_alternative<bool>(value.data);
    case Int: return is_whole(value);
    case Float: return is_real(value);
    case Duration: return is_whole(value) && std::get<std::int64_t>(value.data) >= 0;
    case Enum: return value.text() && std::ranges::count(program.enums[type.enumeration].values, *value.text()) > 0;
    case Record: return is_record_of(program, value, program.records[type.record]);
    case List:
      return value.list() && std::ranges::all_of(*value.list(), [&](const Value& each) { return conforms(program, each, type.element); });
    default: return value.text() && is_text_of(type.kind, *value.text());
  }
}

// How a type is called in a sentence to the model.
auto wanted(const Program& program, const Type& type) -> std::string {
  using enum Type::Kind;
  switch (type.kind) {
    case String: return "text";
    case Int: return "a whole number";
    case Float: return "a number";
    case Bool: return "true or false";
    case Duration: return "a whole number of milliseconds";
    case Date: return "a date such as 2026-03-31";
    case Time: return "a time such as 14:30";
    case DateTime: return "a date and time such as 2026-03-31T14:30:00Z";
    case Money: return "an amount with its currency, such as 12.50 EUR";
    case Phone: return "a phone number";
    case Email: return "an e-mail address";
    case Json: return "any JSON value";
    case Enum: return fmt::format("one of {}", fmt::join(program.enums[type.enumeration].values, ", "));
    case Record: return fmt::format("an object of type {}", program.records[type.record].name);
    case List: return "a list";
  }
  return "something else";
}

// A number that the model wrote as text is taken if all of the text is the number.
auto read_whole(const std::string& text) -> std::optional<Value> {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

auto read_real(const std::string& text) -> std::optional<Value> {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

// `5.0` where a whole number is asked for is 5; 2^63 and beyond do not fit.
auto as_whole(double number) -> std::optional<Value> {
  if (std::trunc(number) != number || number < -9223372036854775808.0 || number >= 9223372036854775808.0) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

struct Completion {
  const Program& program;
  std::vector<std::string> problems = {};

  auto fields(const std::vector<Field>& declared, const Value& given, const std::string& path) -> Value;
  auto value(const Field& field, const Value* given, const std::string& path) -> Value;
  auto fit(const Value& given, Id<Type> type, const std::string& path) -> Value;
  auto scalar(const Value& given, const Type& type) -> std::optional<Value>;
};

auto Completion::fields(const std::vector<Field>& declared, const Value& given, const std::string& path) -> Value {
  Value::Record complete;
  for (const auto& field : declared) {
    const auto name = path.empty() ? field.name : path + "." + field.name;
    complete.emplace_back(field.name, value(field, given.field(field.name), name));
  }
  return complete;
}

auto Completion::value(const Field& field, const Value* given, const std::string& path) -> Value {
  if (given && !given->is_none()) return fit(*given, field.type, path);
  if (field.fallback) return evaluate(program, field.fallback, {});
  const auto& type = program.types[field.type];
  if (!type.optional) {
    problems.push_back(fmt::format("`{}` is missing: give {}{}{}.", path, wanted(program, type), field.doc.empty() ? "" : ", ", field.doc));
  }
  return {};
}

auto Completion::fit(const Value& given, Id<Type> id, const std::string& path) -> Value {
  const auto& type = program.types[id];
  if (given.is_none() && type.optional) return {};
  if (type.kind == Type::Kind::Record && given.record()) return fields(program.records[type.record].fields, given, path);
  if (type.kind == Type::Kind::List && given.list()) {
    Value::List list;
    for (const auto& each : *given.list()) list.push_back(fit(each, type.element, fmt::format("{}[{}]", path, list.size())));
    return list;
  }
  if (auto fitting = scalar(given, type)) return *std::move(fitting);
  problems.push_back(fmt::format("`{}` must be {}.", path, wanted(program, type)));
  return {};
}

auto Completion::scalar(const Value& given, const Type& type) -> std::optional<Value> {
  auto fitting = given;
  if (type.kind == Type::Kind::Int || type.kind == Type::Kind::Duration) {
    if (const auto* text = given.text()) fitting = read_whole(*text).value_or(given);
    if (const auto* real = std::get_if<double>(&given.data)) fitting = as_whole(*real).value_or(given);
  }
  if (type.kind == Type::Kind::Float && given.text()) fitting = read_real(*given.text()).value_or(given);
  if (!is_a(program, fitting, type)) return std::nullopt;
  return fitting;
}

}  // namespace

auto conforms(const Program& program, const Value& value, Id<Type> type) -> bool {
  const auto& wanted_type = program.types[type];
  return value.is_none() ? wanted_type.optional || wanted_type.kind == Type::Kind::Json : is_a(program, value, wanted_type);
}

auto fit_value(const Program& program, const Value& given, Id<Type> type, const std::string& name) -> Result<Value> {
  Completion completion{program};
  auto fitting = completion.fit(normal(program, given, program.types[type]), type, name);
  if (completion.problems.empty()) return fitting;
  return failure("R0220", fmt::format("{}", fmt::join(completion.problems, " ")));
}

auto complete_arguments(const Program& program, const std::vector<Field>& params, const Value& arguments) -> Result<Value> {
  Completion completion{program};
  auto complete = completion.fields(params, arguments.record() ? arguments : Value{Value::Record{}}, "");
  if (completion.problems.empty()) return complete;
  return failure("R0220", fmt::format("{}", fmt::join(completion.problems, " ")));
}

}  // namespace flow::ir
