#include "runtime/store/text.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "compiler/base/match.h"
#include "runtime/store/pack.h"

namespace flow::store {

void write_text(std::string_view text, std::string& out) {
  constexpr std::string_view Hex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += Hex[byte >> 4];
      out += Hex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void write_whole(std::int64_t number, std::string& out) { out += fmt::format_int(number).str(); }

// The shortest digits that read back as the same double; with a point, so that 3.0 is not 3.
void write_double(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  const auto begin = out.size();
  fmt::format_to(std::back_inserter(out), "{}", number);
  if (out.find_first_of(".e", begin) == out.npos) out += ".0";
}

void write_value(const Value& value, std::string& out) {
  match(
      value.data, [&](std::monostate) { out += "null"; }, [&](bool b) { out += b ? "true" : "false"; },
      [&](std::int64_t i) { write_whole(i, out); }, [&](double d) { write_double(d, out); },
      [&](const std::string& s) { write_text(s, out); },
      [&](const Value::List& list) {
        out += '[';
        for (const auto& each : list) {
          if (&each != &list.front()) out += ',';
          write_value(each, out);
        }
        out += ']';
      },
      [&](const Value::Record& record) {
        out += '{';
        for (const auto& [name, each] : record) {
          if (&name != &record.front().first) out += ',';
          write_text(name, out);
          out += ':';
          write_value(each, out);
        }
        out += '}';
      });
}

auto Reader::take(std::string_view word) -> bool {
  if (failed_ || !text_.substr(at_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

void Reader::expect(std::string_view word) {
  if (!take(word)) fail();
}

void Reader::read(bool& truth) {
  truth = take("true");
  if (!truth) expect("false");
}

void Reader::read(std::string& text) {
  text.clear();
  expect("\"");
  while (!failed_) {
    const auto stop = text_.find_first_of("\"\\", at_);
    if (stop == text_.npos) return fail();
    text.append(text_, at_, stop - at_);
    at_ = stop + 1;
    if (text_[stop] == '"') return;
    read_escape(text);
  }
}

void Reader::read_escape(std::string& text) {
  constexpr std::string_view Letters = "\"\\/nrtbf";
  constexpr std::string_view Meant = "\"\\/\n\r\t\b\f";
  if (at_ == text_.size()) return fail();
  if (const auto letter = Letters.find(text_[at_]); letter != Letters.npos) {
    text += Meant[letter];
    at_ += 1;
    return;
  }
  // Only what `write_text` writes: control characters.
  expect("u00");
  int byte = 0;
  const auto digits = text_.substr(at_, 2);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
  if (failed_ || digits.size() < 2 || error != std::errc{} || end != digits.data() + 2 || byte < 0 || byte > 0x7f) return fail();
  text += static_cast<char>(byte);
  at_ += 2;
}

void Reader::read(double& number) {
  const auto* begin = text_.data() + at_;
  const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), number);
  if (failed_ || error != std::errc{} || !std::isfinite(number)) return fail();
  at_ += static_cast<std::size_t>(end - begin);
}

// `3` is whole, `3.0` and `3e2` are not.
void Reader::read_number(Value& value) {
  const auto end = std::min(text_.find_first_not_of("+-.0123456789eE", at_), text_.size());
  if (text_.substr(at_, end - at_).find_first_of(".eE") == std::string_view::npos) {
    std::int64_t number = 0;
    read_whole(number);
    value = number;
  } else {
    double number = 0;
    read(number);
    value = number;
  }
}

void Reader::read_value(Value& value, int depth) {
  if (failed_ || at_ == text_.size() || depth > ValueDepthMax) return fail();
  switch (text_[at_]) {
    case 'n':
      value = Value{};
      return expect("null");
    case 't':
    case 'f': {
      bool truth = false;
      read(truth);
      value = truth;
      return;
    }
    case '"': {
      std::string text;
      read(text);
      value = std::move(text);
      return;
    }
    case '[': return read_list(value, depth);
    case '{': return read_record(value, depth);
    default: return read_number(value);
  }
}

void Reader::read_list(Value& value, int depth) {
  Value::List list;
  expect("[");
  while (!failed_ && !take("]")) {
    if (!list.empty()) expect(",");
    read_value(list.emplace_back(), depth + 1);
  }
  value = std::move(list);
}

void Reader::read_record(Value& value, int depth) {
  Value::Record record;
  expect("{");
  while (!failed_ && !take("}")) {
    if (!record.empty()) expect(",");
    auto& [name, each] = record.emplace_back();
    read(name);
    expect(":");
    read_value(each, depth + 1);
  }
  value = std::move(record);
}

}  // namespace flow::store
