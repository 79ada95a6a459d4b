#include "runtime/wire/openai/reader.h"

#include <fmt/format.h>

#include <cmath>

#include "compiler/base/match.h"

namespace flow::wire::openai {
namespace {

auto kind_of(const Value& value) -> std::string_view {
  return match(
      value.data, [](std::monostate) { return "null"; }, [](bool) { return "a boolean"; },
      [](std::int64_t) { return "an integer"; }, [](double) { return "a decimal"; },
      [](const std::string&) { return "a string"; }, [](const Value::List&) { return "an array"; },
      [](const Value::Record&) { return "an object"; });
}

// 'a', 'b', and 'c'
auto listed(const std::vector<std::string_view>& all) -> std::string {
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) out += all.size() == 2 ? " " : ", ";
    if (i > 0 && i + 1 == all.size()) out += "and ";
    out += fmt::format("'{}'", all[i]);
  }
  return out;
}

auto type_of(const Part& part) -> std::string {
  return match(part, [](const Unknown& e) { return e.type; }, [](const auto& e) { return std::string(e.Type); });
}

// A stranger's text may be long; what he reads of it back is not.
auto shortened(std::string_view text) -> std::string_view { return text.substr(0, 100); }

}  // namespace

void Reader::refuse(std::string code, std::string message) {
  if (refusal_) return;
  std::string path;
  for (const auto& step : path_) {
    if (step.name.data() == nullptr)
      path += fmt::format("[{}]", step.index);
    else
      path += fmt::format("{}{}", path.empty() ? "" : ".", shortened(step.name));
  }
  // The one place where a message names the path; what a stranger wrote comes after it, if at all.
  const auto hole = message.find("'@'");
  if (hole != message.npos) message.replace(hole + 1, 1, path);
  refusal_ = Refusal{std::move(code), std::move(message), std::move(path), {}};
}

void Reader::refuse_missing() { refuse("missing_required_parameter", "Missing required parameter: '@'."); }
void Reader::refuse_unknown() { refuse("unknown_parameter", "Unknown parameter: '@'."); }

void Reader::refuse_type(std::string_view expected, const Value& got) {
  refuse("invalid_value",
         fmt::format("Invalid type for '@': expected {}, but got {} instead.", expected, kind_of(got)));
}

void Reader::refuse_value(std::string_view got, const std::vector<std::string_view>& supported) {
  auto message = fmt::format("Invalid value: '{}'.", shortened(got));
  if (!supported.empty())
    message += fmt::format(" Supported {}: {}.", supported.size() == 1 ? "value is" : "values are", listed(supported));
  refuse("invalid_value", std::move(message));
}

void Reader::refuse_range(double got, double low, double high) {
  if (low == high)
    return refuse("invalid_value", fmt::format("Invalid '@': expected {}, but got {} instead.", low, got));
  refuse("invalid_value",
         fmt::format("Invalid '@': expected a number from {} to {}, but got {} instead.", low, high, got));
}

void Reader::read_integer(Value& value, std::int64_t& out) {
  if (const auto* whole = std::get_if<std::int64_t>(&value.data)) {
    out = *whole;
    return;
  }
  // JSON has one kind of number: 24000.0 is whole. Beyond 2^53 a double does not say which one it means.
  const auto* number = std::get_if<double>(&value.data);
  if (!number || std::trunc(*number) != *number || std::abs(*number) > 9'007'199'254'740'992.0)
    return refuse_type("an integer", value);
  out = static_cast<std::int64_t>(*number);
}

void Reader::read_number(Value& value, double& out) {
  if (const auto* number = std::get_if<double>(&value.data)) {
    out = *number;
  } else if (const auto* whole = std::get_if<std::int64_t>(&value.data)) {
    out = static_cast<double>(*whole);
  } else {
    refuse_type("a number", value);
  }
}

void Reader::read_texts(Value& value, TextMap& out) {
  auto* record = std::get_if<Value::Record>(&value.data);
  if (!record) return refuse_type("an object", value);
  for (auto& [name, each] : *record) {
    enter(name);
    read(each, out.emplace_back(name, std::string()).second);
    leave();
    if (refusal_) return;
  }
}

auto Members::use(std::string_view name) -> Value* {
  for (std::size_t i = 0; i < record_.size(); ++i) {
    if (record_[i].first != name) continue;
    used_[i] = true;
    return &record_[i].second;
  }
  return nullptr;
}

void Members::close() {
  if (!reader_.strict() || reader_.refusal()) return;
  for (std::size_t i = 0; i < record_.size(); ++i) {
    if (used_[i]) continue;
    reader_.enter(record_[i].first);
    reader_.refuse_unknown();
    return reader_.leave();
  }
}

void Members::refuse_part(std::string_view name, std::size_t index, const Part& part) {
  reader_.enter(name);
  reader_.enter(index);
  reader_.enter("type");
  reader_.refuse_value(type_of(part), {});
  reader_.leave();
  reader_.leave();
  reader_.leave();
}

void Members::no_reference(std::string_view name, const Item& item) {
  if (!reader_.strict() || reader_.refusal() || !std::holds_alternative<ItemReference>(item)) return;
  reader_.enter(name);
  reader_.enter("type");
  reader_.refuse_value(ItemReference::Type, {});
  reader_.leave();
  reader_.leave();
}

}  // namespace flow::wire::openai
