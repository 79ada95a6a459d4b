#include "compiler/ir/normal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "compiler/base/trim.h"

namespace flow::ir {
namespace {

using Kind = Type::Kind;

auto is_digit(char c) -> bool { return c >= '0' && c <= '9'; }
auto lower(char c) -> char { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
auto upper(char c) -> char { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
auto is_letter(char c) -> bool { return lower(c) >= 'a' && lower(c) <= 'z'; }

auto mapped(std::string_view text, char (*each)(char)) -> std::string {
  std::string out{text};
  std::ranges::transform(out, out.begin(), each);
  return out;
}

auto without(std::string_view text, std::string_view signs) -> std::string {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [&](char c) { return signs.find(c) == signs.npos; });
  return out;
}

// Numbers of at most four digits with one sign between them: `2026-3-1`, `9:30`.
auto numbers(std::string_view text, char between, std::size_t count) -> std::optional<std::vector<int>> {
  std::vector<int> out;
  while (true) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || length > 4 || number < 0 || !is_digit(text.front())) return std::nullopt;
    out.push_back(number);
    text.remove_prefix(length);
    if (text.empty()) break;
    if (text.front() != between) return std::nullopt;
    text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
  }
  return out.size() == count ? std::optional{out} : std::nullopt;
}

auto date(std::string_view text) -> std::string {
  const auto parts = numbers(text, '-', 3);
  return parts ? fmt::format("{:04}-{:02}-{:02}", (*parts)[0], (*parts)[1], (*parts)[2]) : std::string(text);
}

// `9:30`, `9:30 pm`, `9 pm`; seconds that are nothing are left out.
auto time(std::string_view text) -> std::string {
  auto rest = mapped(text, lower);
  int add = -1;
  for (const auto& [word, hours] : {std::pair{"am", 0}, std::pair{"a.m.", 0}, std::pair{"pm", 12}, std::pair{"p.m.", 12}}) {
    if (!std::string_view{rest}.ends_with(word)) continue;
    add = hours;
    rest = std::string(trimmed(std::string_view{rest}.substr(0, rest.size() - std::string_view{word}.size())));
    break;
  }
  auto parts = numbers(rest, ':', 2);
  if (!parts) {
    const auto seconds = numbers(rest, ':', 3);
    if (seconds && (*seconds)[2] == 0) parts = std::vector{(*seconds)[0], (*seconds)[1]};
  }
  if (!parts && add >= 0) {
    if (const auto hour = numbers(rest, ':', 1)) parts = std::vector{hour->front(), 0};
  }
  if (!parts || (add >= 0 && ((*parts)[0] < 1 || (*parts)[0] > 12))) return std::string(text);
  const auto hour = add >= 0 ? (*parts)[0] % 12 + add : (*parts)[0];
  return fmt::format("{:02}:{:02}", hour, (*parts)[1]);
}

auto datetime(std::string_view text) -> std::string {
  const auto gap = text.find_first_of("Tt ");
  if (gap == text.npos) return std::string(text);
  const auto clock = trimmed(text.substr(gap + 1));
  const auto zone = std::min(clock.find_first_of("Zz+-"), clock.size());
  return date(text.substr(0, gap)) + "T" + time(clock.substr(0, zone)) + mapped(clock.substr(zone), upper);
}

auto money(std::string_view text) -> std::string {
  std::string amount, currency;
  for (const char c : text) {
    if (is_letter(c)) currency += upper(c);
    if (is_digit(c) || c == '.' || (c == '-' && amount.empty())) amount += c;
    if (!is_letter(c) && !is_digit(c) && std::string_view{" .,-"}.find(c) == std::string_view::npos) return std::string(text);
  }
  const auto point = amount.find('.');
  const auto whole = amount.substr(0, point);
  auto cents = point == amount.npos ? std::string{} : amount.substr(point + 1);
  if (currency.size() != 3 || whole.empty() || whole == "-" || cents.size() > 2 || cents.find('.') != cents.npos) return std::string(text);
  cents.resize(2, '0');
  return whole + "." + cents + " " + currency;
}

// Whole milliseconds of `90s`, `1.5h`, `20 minutes`.
auto duration(std::string_view text) -> std::optional<Value> {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || number > 1e9) return std::nullopt;
  const auto unit = mapped(trimmed(text.substr(static_cast<std::size_t>(end - text.data()))), lower);
  static constexpr std::pair<std::string_view, double> Units[] = {
      {"ms", 1}, {"s", 1e3}, {"sec", 1e3}, {"second", 1e3}, {"m", 6e4}, {"min", 6e4}, {"minute", 6e4}, {"h", 3.6e6}, {"hour", 3.6e6}, {"d", 8.64e7}, {"day", 8.64e7}};
  for (const auto& [name, length] : Units) {
    if (unit == name || unit == std::string(name) + "s") return Value{static_cast<std::int64_t>(number * length)};
  }
  return std::nullopt;
}

// `Gold` and `not working` for the values `gold` and `not_working`.
auto enum_value(std::string_view text, const std::vector<std::string>& values) -> std::string {
  auto wanted = mapped(text, lower);
  std::ranges::replace(wanted, ' ', '_');
  std::ranges::replace(wanted, '-', '_');
  const auto found = std::ranges::find_if(values, [&](const std::string& value) { return mapped(value, lower) == wanted; });
  return found == values.end() ? std::string(text) : *found;
}

auto email(std::string_view text) -> std::string {
  const auto at = std::min(text.rfind('@'), text.size());
  return std::string(text.substr(0, at)) + mapped(text.substr(at), lower);
}

// A phone number keeps its plus and its digits; what is no sign of one makes it none.
auto phone(std::string_view text) -> std::string {
  const auto plain = without(text, " -()./");
  const bool good = std::ranges::all_of(plain.substr(plain.starts_with('+') ? 1 : 0), is_digit);
  return good ? plain : std::string(text);
}

}  // namespace

auto normal(const Program& program, const Value& given, const Type& type) -> Value {
  if (!given.text()) return given;
  const auto text = trimmed(*given.text());
  switch (type.kind) {
    case Kind::String: return text;
    case Kind::Date: return date(text);
    case Kind::Time: return time(text);
    case Kind::DateTime: return datetime(text);
    case Kind::Money: return money(text);
    case Kind::Email: return email(text);
    case Kind::Phone: return phone(text);
    case Kind::Int: return without(text, " ");
    case Kind::Duration: return duration(text).value_or(text);
    case Kind::Enum: return enum_value(text, program.enums[type.enumeration].values);
    case Kind::Bool: {
      const auto word = mapped(text, lower);
      if (word == "yes" || word == "true") return true;
      if (word == "no" || word == "false") return false;
      return given;
    }
    default: return given;
  }
}

}  // namespace flow::ir
