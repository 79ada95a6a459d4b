#include "runtime/telemetry/personal.h"

#include <algorithm>
#include <cctype>

#include "compiler/base/match.h"

namespace flow::telemetry {
namespace {

constexpr std::size_t ShortestMasked = 3;  // of shorter values every other word would be full
constexpr std::size_t ValuesMax = 512;     // of a call; what comes later is masked in place of the oldest short ones

auto same(char a, char b) -> bool { return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b)); }

}  // namespace

void Personal::note(const core::Event& event) {
  match(
      event,
      [&](const core::FunctionCalled& e) {
        const auto tool = std::ranges::find(program_->tools, e.name, &ir::Tool::name);
        if (tool != program_->tools.end() && e.arguments) look(*e.arguments, tool->params);
      },
      [&](const core::ToolFinished& e) {
        const auto tool = tools_.find(e.job);
        if (tool != tools_.end() && program_->tools[tool->second].result) look(e.result, program_->tools[tool->second].result);
      },
      [](const auto&) {});
}

void Personal::note(const core::Effect& effect) {
  const auto* start = std::get_if<core::StartTool>(&effect);
  if (!start) return;
  tools_[start->job] = start->tool;
  look(start->arguments, program_->tools[start->tool].params);
  for (const auto& field : program_->state) {
    const auto* value = start->state.field(field.name);
    if (value && field.pii) remember(*value);
    if (value) look(*value, field.type);
  }
}

void Personal::look(const Value& values, const std::vector<ir::Field>& fields) {
  for (const auto& field : fields) {
    const auto* value = values.field(field.name);
    if (!value) continue;
    if (field.pii) remember(*value);
    look(*value, field.type);
  }
}

void Personal::look(const Value& value, Id<ir::Type> id) {
  if (!program_->types.has(id)) return;
  const auto& type = program_->types[id];
  if (const auto* list = value.list(); list && type.element) {
    for (const auto& each : *list) look(each, type.element);
  }
  if (value.record() && type.record) look(value, program_->records[type.record].fields);
}

// Everything in a value that is personal as a whole.
void Personal::remember(const Value& value) {
  if (const auto* list = value.list()) {
    for (const auto& each : *list) remember(each);
    return;
  }
  if (const auto* record = value.record()) {
    for (const auto& [name, each] : *record) remember(each);
    return;
  }
  if (value.is_none() || std::holds_alternative<bool>(value.data)) return;
  auto text = value.text() ? *value.text() : to_json(value);
  if (text.size() < ShortestMasked || std::ranges::find(values_, text) != values_.end()) return;
  const auto place = std::ranges::find_if(values_, [&](const std::string& other) { return other.size() <= text.size(); });
  values_.insert(place, std::move(text));
  if (values_.size() > ValuesMax) values_.pop_back();
}

auto Personal::masked(std::string_view words) const -> std::string {
  std::string out{words};
  for (const auto& value : values_) {
    for (std::size_t at = 0; at + value.size() <= out.size();) {
      const auto found = std::search(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(), value.begin(), value.end(), same);
      if (found == out.end()) break;
      at = static_cast<std::size_t>(found - out.begin());
      out.replace(at, value.size(), "…");
      at += std::string_view{"…"}.size();
    }
  }
  return out;
}

}  // namespace flow::telemetry
