#include "compiler/check/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/check/shape.h"

namespace flow::check::steps {
namespace {

auto replaced(std::string text, std::string_view what, const std::string& with) -> std::string {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
  return text;
}

auto states_as_shape() -> std::string {
  std::string either;
  for (const auto& state : states()) either += (either.empty() ? "(" : " | ") + std::string{state.word};
  return either + ")";
}

auto event() -> std::string {
  std::string either;
  for (const auto& info : all()) {
    if (info.clause.empty()) either += (either.empty() ? "(" : " | ") + std::string{info.shape};
  }
  return replaced(either + ")", "STATE", states_as_shape());
}

auto joined_shapes() -> std::map<std::string_view, std::string> {
  std::map<std::string_view, std::string> shapes;
  for (const auto& info : all()) {
    if (info.clause.empty()) continue;
    auto& shape = shapes[info.clause];
    shape += (shape.empty() ? "" : " | ") + std::string{info.shape};
  }
  for (auto& [clause, shape] : shapes) shape = replaced(shape, "EVENT", event());
  return shapes;
}

}  // namespace

auto all() -> const std::vector<StepInfo>& {
  static const std::vector<StepInfo> table{
#define FLOW_STEP(clause, shape, doc) StepInfo{clause, shape, doc},
#define FLOW_STEP_EVENT(shape, doc) StepInfo{{}, shape, doc},
#define FLOW_STEP_STATE(word, doc)
#include "compiler/check/steps.def"
#undef FLOW_STEP
#undef FLOW_STEP_EVENT
#undef FLOW_STEP_STATE
  };
  return table;
}

auto states() -> const std::vector<StateInfo>& {
  static const std::vector<StateInfo> table{
#define FLOW_STEP(clause, shape, doc)
#define FLOW_STEP_EVENT(shape, doc)
#define FLOW_STEP_STATE(word, doc) StateInfo{word, doc},
#include "compiler/check/steps.def"
#undef FLOW_STEP
#undef FLOW_STEP_EVENT
#undef FLOW_STEP_STATE
  };
  return table;
}

auto clauses() -> const std::vector<std::string_view>& {
  static const auto names = [] {
    std::vector<std::string_view> list;
    for (const auto& info : all()) {
      if (!info.clause.empty() && std::ranges::find(list, info.clause) == list.end()) list.push_back(info.clause);
    }
    return list;
  }();
  return names;
}

auto shape_of(std::string_view clause) -> const std::string& {
  static const auto shapes = joined_shapes();
  static const std::string none;
  const auto found = shapes.find(clause);
  return found == shapes.end() ? none : found->second;
}

auto values_of(const ast::Clause& step) -> std::vector<ast::Arg> {
  auto values = step.args;
  if (step.name.text != "expect" || values.empty()) return values;
  const auto* negation = values.front().value.as<ast::Not>();
  if (!negation || !negation->operand) return values;
  const auto at = values.front().value.at;
  const ast::Name word{"not", {at.file, at.begin, at.begin + 3}};
  ast::Expr inner = *negation->operand;
  values.front().value = {ast::Path{{word}, word.at}, word.at};
  values.insert(values.begin() + 1, ast::Arg{std::move(inner)});
  return values;
}

auto as_markdown() -> std::string {
  const auto shown = [](std::string_view shape) { return replaced(shown_shape(shape), "|", "\\|"); };
  std::string out = "| step | means |\n|---|---|\n";
  for (const auto& info : all()) {
    if (!info.clause.empty()) out += fmt::format("| `{} {}` | {} |\n", info.clause, shown(info.shape), info.doc);
  }
  out += "\n| EVENT | is when |\n|---|---|\n";
  for (const auto& info : all()) {
    if (info.clause.empty()) out += fmt::format("| `{}` | {} |\n", shown(info.shape), info.doc);
  }
  out += "\n| STATE | says of the tool |\n|---|---|\n";
  for (const auto& state : states()) out += fmt::format("| `{}` | {} |\n", state.word, state.doc);
  return out;
}

}  // namespace flow::check::steps
