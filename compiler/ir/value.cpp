#include "compiler/ir/value.h"

#include <fmt/format.h>

#include <cmath>

#include "compiler/base/match.h"

namespace flow {
namespace {

void quote(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void print(const Value& value, std::string& out) {
  match(
      value.data, [&](std::monostate) { out += "null"; }, [&](bool b) { out += b ? "true" : "false"; },
      [&](std::int64_t i) { out += fmt::format("{}", i); },
      [&](double d) { out += std::isfinite(d) ? fmt::format("{}", d) : "null"; },
      [&](const std::string& s) { quote(s, out); },
      [&](const Value::List& list) {
        out += '[';
        for (std::size_t i = 0; i < list.size(); ++i) {
          if (i > 0) out += ',';
          print(list[i], out);
        }
        out += ']';
      },
      [&](const Value::Record& record) {
        out += '{';
        for (std::size_t i = 0; i < record.size(); ++i) {
          if (i > 0) out += ',';
          quote(record[i].first, out);
          out += ':';
          print(record[i].second, out);
        }
        out += '}';
      });
}

}  // namespace

auto Value::field(std::string_view name) const -> const Value* {
  if (const auto* fields = record()) {
    for (const auto& [key, value] : *fields) {
      if (key == name) return &value;
    }
  }
  return nullptr;
}

auto Value::truthy() const -> bool {
  return match(
      data, [](std::monostate) { return false; }, [](bool b) { return b; }, [](const std::string& s) { return !s.empty(); },
      [](const List& list) { return !list.empty(); }, [](const auto&) { return true; });
}

auto to_json(const Value& value) -> std::string {
  std::string out;
  print(value, out);
  return out;
}

auto to_spoken(const Value& value) -> std::string {
  if (value.is_none()) return {};
  if (const auto* text = value.text()) return *text;
  return to_json(value);
}

}  // namespace flow
