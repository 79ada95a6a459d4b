#include "runtime/tools/answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/base/trim.h"
#include "runtime/json/json.h"

namespace flow::tools {
namespace {

auto is_text(ir::Type::Kind kind) -> bool { return kind == ir::Type::Kind::String; }

}  // namespace

auto trimmed(const ir::Program& program, Value value, Id<ir::Type> id) -> Value {
  const auto& type = program.types[id];
  if (type.kind == ir::Type::Kind::List) {
    if (auto* list = std::get_if<Value::List>(&value.data)) {
      for (auto& each : *list) each = trimmed(program, std::move(each), type.element);
    }
  }
  if (type.kind != ir::Type::Kind::Record) return value;
  if (auto* fields = std::get_if<Value::Record>(&value.data)) {
    const auto& declared = program.records[type.record].fields;
    std::erase_if(*fields, [&](const auto& field) { return std::ranges::find(declared, field.first, &ir::Field::name) == declared.end(); });
    for (auto& [name, each] : *fields) each = trimmed(program, std::move(each), std::ranges::find(declared, name, &ir::Field::name)->type);
  }
  return value;
}

auto worth_another_try(const Error& error) -> bool {
  const auto useless = error.code == "R0104" || error.code == "R0107" || error.code == "R0115" || error.code == "R0116";
  return error.code == "R0208" || (error.code.starts_with("R01") && !useless);
}

auto shortened(std::string_view text, std::size_t length) -> std::string {
  std::string out;
  for (const char c : flow::trimmed(text)) {
    const auto is_control = static_cast<unsigned char>(c) < 0x20;
    if (is_control && (out.empty() || out.back() == ' ')) continue;
    out += is_control ? ' ' : c;
    if (out.size() > length + 4) break;
  }
  if (out.size() <= length) return out;
  auto cut = length;
  while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0U) == 0x80U) --cut;  // never inside a character
  return out.substr(0, cut) + " …";
}

auto read_answer(const ir::Program& program, const ir::Tool& tool, std::string_view text) -> Outcome {
  if (!tool.result) return Done{};
  const auto& type = program.types[tool.result];
  const auto said = flow::trimmed(text);
  if (said.empty() && type.optional) return Done{};
  auto value = json::parse(said, {.bytes = AnswerMax, .depth = 32});
  if (value && !(is_text(type.kind) && !value->text() && !value->is_none())) return Done{trimmed(program, *std::move(value), tool.result)};
  if (is_text(type.kind)) return Done{std::string(said)};
  return Failed{.code = "R0209", .text = fmt::format("`{}` was answered with what is no JSON: {}", tool.name, said.empty() ? "nothing" : shortened(said, 120))};
}

}  // namespace flow::tools
