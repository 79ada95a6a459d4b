#include "cli/exploring.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <sstream>

#include "compiler/ir/value.h"
#include "runtime/prove/script_of.h"
#include "runtime/prove/source.h"

namespace flow::cli {
namespace {

using Kind = ir::TestStep::Kind;

// What the call is about: the transfer or the form, else the tool that it runs, else the edge that it takes, else the agent that it is held by.
auto place_of(const ir::Program& program, const ir::Test& test) -> Span {
  for (const auto& step : test.steps) {
    if (step.kind >= Kind::TransferRings && step.kind <= Kind::TransferNever) return program.transfers[step.transfer].declared_at;
    for (const auto& call : step.calls) {
      if (call.form) return program.forms[call.form].declared_at;
    }
  }
  for (const auto& step : test.steps) {
    if (step.kind >= Kind::ToolReturns && step.kind <= Kind::ToolNever) return program.tools[step.tool].declared_at;
    for (const auto& call : step.calls) {
      if (call.tool) return program.tools[call.tool].declared_at;
    }
  }
  for (const auto& step : test.steps) {
    if (step.kind != Kind::ModelHandsOff) continue;
    const auto edge = std::ranges::find(program.handoffs, step.target, &ir::Handoff::target);
    if (edge != program.handoffs.end()) return edge->declared_at;
  }
  return program.agents[program.start].declared_at;
}

auto has_word(const std::string& text, const std::string& word) -> bool {
  const auto joins = [&](std::size_t at) { return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_'); };
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    if (!joins(at + word.size()) && (at == 0 || !joins(at - 1))) return true;
  }
  return false;
}

// A test beside the flow sees what it imports itself: of what the test names, the modules that declare it.
auto imports_for(const ir::Program& program, const check::Checked& checked, const std::string& test) -> std::string {
  namespace fs = std::filesystem;
  const auto flow = std::ranges::find_if(checked.modules, [&](const auto& module) { return std::ranges::any_of(module->tree.flows, [&](const auto& each) { return each.name.text == program.name; }); });
  if (flow == checked.modules.end()) return {};
  std::string out;
  for (const auto* module : checked.closure(**flow)) {
    const auto is_named = [&](const auto& declared) { return has_word(test, declared.name.text); };
    const auto& tree = module->tree;
    const bool is_needed = std::ranges::any_of(tree.types, is_named) || std::ranges::any_of(tree.tools, is_named) || std::ranges::any_of(tree.transfers, is_named) || std::ranges::any_of(tree.agents, is_named);
    if (module == flow->get() || !is_needed) continue;
    const auto path = fs::path{module->path}.lexically_relative(fs::path{(*flow)->path}.parent_path());
    out += module->standard ? fmt::format("//   import std.{}\n", module->name) : fmt::format("//   import \"{}\"\n", path.empty() ? module->path : path.generic_string());
  }
  if (out.empty()) return out;
  return fmt::format("// In a file of its own this test needs:\n//   import \"{}\"\n{}", fs::path{(*flow)->path}.filename().string(), out);
}

auto grouped(std::uint64_t n) -> std::string {
  auto digits = std::to_string(n);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), " ");
  return digits;
}

auto covered(const FlowExplored& flow) -> std::string {
  const auto& f = flow.found;
  auto out = fmt::format("{}: explored every call in which {}{}", flow.flow, f.deeds == 1 ? "1 thing happens" : fmt::format("{} things happen", f.deeds), f.complete ? "" : fmt::format(", and some with {}", f.deeds + 1));
  out += fmt::format("; {} moments, {} of {} agents, up to {} tools at a time", grouped(f.moments), f.agents_reached, f.agents, prove::InFlightMax);
  if (f.tool_kinds < f.tools) out += fmt::format(" of {} ({} kinds)", f.tools, f.tool_kinds);
  return out + (f.broken.empty() ? "; no law is broken\n" : "\n");
}

}  // namespace

auto explore_flow(const ir::Program& program, const check::Checked& checked, const prove::Bound& bound) -> FlowExplored {
  const prove::Deeds deeds(program);
  FlowExplored out{.flow = program.name, .found = prove::explore(program, deeds, bound), .broken = {}};
  for (const auto& broken : out.found.broken) {
    const auto test = prove::told(program, broken.path, broken.law);
    const auto source = test ? prove::source_of(program, *test) : std::string{};
    out.broken.push_back({.code = "R0606",
                          .severity = diag::Severity::Error,
                          .name = "CallBreaksLaw",
                          .text = fmt::format("in some call this does not hold: {}", broken.law),
                          .args = {{"text", broken.law}, {"test", source.empty() ? source : imports_for(program, checked, source) + source}},
                          .at = place_of(program, test ? *test : prove::script_of(program, broken.path)),
                          .notes = {},
                          .fix = {}});
  }
  return out;
}

auto explored_as_text(const std::vector<FlowExplored>& flows) -> std::string {
  std::string out;
  for (const auto& flow : flows) {
    for (const auto& broken : flow.broken) {
      if (broken.args.back().text.empty()) continue;
      out += fmt::format("\n{}: the shortest such call that was found, as a test for `flowc test`:\n\n", flow.flow);
      std::istringstream lines(broken.args.back().text);
      for (std::string line; std::getline(lines, line);) out += "    " + line + "\n";
    }
  }
  if (!out.empty()) out += "\n";
  for (const auto& flow : flows) out += covered(flow);
  return out;
}

auto explored_as_json(const std::vector<FlowExplored>& flows) -> std::string {
  Value::List list;
  for (const auto& flow : flows) {
    const auto& f = flow.found;
    const auto number = [](auto n) { return Value{static_cast<std::int64_t>(n)}; };
    list.push_back(Value::Record{{"flow", flow.flow}, {"deeds", number(f.deeds)}, {"complete", f.complete}, {"moments", number(f.moments)}, {"steps", number(f.steps)},
                                 {"starts", number(f.starts)}, {"agents", number(f.agents)}, {"agents_reached", number(f.agents_reached)}, {"tools", number(f.tools)},
                                 {"tool_kinds", number(f.tool_kinds)}, {"in_flight", number(prove::InFlightMax)}, {"broken", number(f.broken.size())}});
  }
  return to_json(Value{std::move(list)});
}

}  // namespace flow::cli
