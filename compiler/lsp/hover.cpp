// What is known of a name: its declaration, what its author wrote above it, and what the compiler made of it.

#include <fmt/format.h>

#include <algorithm>

#include "compiler/base/match.h"
#include "compiler/check/args.h"
#include "compiler/check/shape.h"
#include "compiler/lsp/analysis.h"
#include "compiler/ir/tokens.h"
#include "compiler/view/policy.h"
#include "compiler/view/words.h"

namespace flow::lsp {
namespace {

// The declaration as it is written, up to its block.
auto header(const SourceFile& source, Span at, std::uint32_t block) -> std::string {
  auto text = std::string{source.text({at.file, at.begin, block > at.begin ? std::min(block, at.end) : at.end})};
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

auto code(std::string_view text) -> std::string { return fmt::format("```flow\n{}\n```\n", text); }

auto paragraph(const std::string& text) -> std::string { return text.empty() ? "" : text + "\n"; }

auto by_name(const auto& table, std::string_view name) -> const auto* {
  const auto found = std::ranges::find_if(table, [&](const auto& row) { return row.name == name; });
  return found == table.end() ? nullptr : &*found;
}

class Writer {
 public:
  explicit Writer(const Spot& spot) : spot_(spot) {}

  auto about(const Thing& thing) -> std::string {
    return match(
        thing.node, [&](std::monostate) { return about_step(thing); }, [&](const check::ClauseInfo* info) { return about_clause(*info); },
        [&](const check::Module* module) { return about_module(*module); }, [&](const ast::Field* field) { return about_field(thing, *field); },
        [&](const ast::ToolDecl* tool) { return about_tool(*tool); }, [&](const ast::AgentDecl* agent) { return about_agent(*agent); },
        [&](const ast::PolicyDecl* policy) { return whole(*policy); }, [&](const ast::EnumDecl* node) { return whole(*node); },
        [&](const ast::TypeDecl* node) { return whole(*node); },
        [&](const ast::EnumValue* value) { return code(thing.name) + value->doc.text; },
        [&](const auto* node) { return code(fmt::format("{} {}", describe(thing.kind), node->name.text)) + node->doc.text; });
  }

 private:
  auto source(FileId file) const -> const SourceFile& { return spot_.analysis.checked.sources[file]; }

  auto about_step(const Thing& thing) const -> std::string {
    std::string out;
    for (const auto& step : check::steps::all()) {
      if (step.clause == thing.name) out += fmt::format("- `{} {}`: {}\n", step.clause, check::shown_shape(step.shape), step.doc);
    }
    return out;
  }

  auto about_clause(const check::ClauseInfo& info) const -> std::string {
    auto out = code(fmt::format("{} {}", info.name, check::shown_shape(info.shape)));
    out += fmt::format("{}\n\nOf {}.", info.doc, check::describe(info.where));
    if (!info.fallback.empty()) out += fmt::format(" Default: `{}`.", info.fallback);
    if (!info.runs) out += " *This version does not run it yet.*";
    return out;
  }

  auto about_module(const check::Module& module) const -> std::string {
    auto out = fmt::format("{} `{}`\n", module.standard ? "module of the library" : "file", module.path);
    const auto list = [&](std::string_view what, const auto& all) {
      if (all.empty()) return;
      out += fmt::format("\n{}: ", what);
      for (std::size_t i = 0; i < all.size(); ++i) out += fmt::format("{}`{}`", i ? ", " : "", all[i].name.text);
      out += "\n";
    };
    list("agents", module.tree.agents);
    list("tools", module.tree.tools);
    list("policies", module.tree.policies);
    list("types", module.tree.types);
    if (!module.tree.handlers.empty()) out += "\nhandlers:\n\n";
    for (const auto& handler : module.tree.handlers) out += fmt::format("- `on {}`\n", source(handler.at.file).text(handler.event.at));
    return out;
  }

  auto about_field(const Thing& thing, const ast::Field& field) const -> std::string {
    auto out = code(fmt::format("{}", source(field.at.file).text(field.at)));
    out += fmt::format("{}", describe(thing.kind));
    if (field.description && field.description->constant()) out += fmt::format(": {}", *field.description->constant());
    if (!field.doc.text.empty()) out += "\n\n" + field.doc.text;
    return out;
  }

  template <class Node>
  auto whole(const Node& node) const -> std::string {
    constexpr std::size_t Lines = 30;
    auto text = std::string{source(node.at.file).text(node.at)};
    std::size_t at = 0;
    for (std::size_t n = 0; n < Lines && at != text.npos; ++n) at = text.find('\n', at + 1);
    if (at != text.npos) text = text.substr(0, at) + "\n  // …";
    return code(text) + node.doc.text;
  }

  auto about_tool(const ast::ToolDecl& tool) const -> std::string {
    auto out = code(header(source(tool.at.file), tool.at, tool.block.at.begin)) + paragraph(tool.doc.text);
    for (const auto& program : spot_.analysis.programs()) {
      const auto* row = by_name(program.tools, tool.name.text);
      if (!row) continue;
      out += fmt::format("\nAbout {} tokens in the prompt of every agent that has it.\n", tokens_of(*row));
      for (const auto& each : view::tool_policies(spot_.analysis.checked, program)) {
        if (each.tool == tool.name.text) out += policy_table(each);
      }
      break;
    }
    return out;
  }

  static auto policy_table(const view::ToolPolicy& policy) -> std::string {
    auto out = fmt::format("\n| policy `{}` | | |\n|---|---|---|\n", policy.policy);
    for (const auto& cell : policy.cells) {
      auto value = cell.value;
      for (auto at = value.find('|'); at != value.npos; at = value.find('|', at + 2)) value.insert(at, "\\");
      // What every policy begins with is not worth a line.
      if (cell.origin != view::Origin::Language && cell.from != "background") out += fmt::format("| {} | `{}` | {} |\n", cell.name, value, view::origin_text(cell));
    }
    return out + "\nAll other cells have their defaults.\n";
  }

  static auto tokens_of(const ir::Tool& tool) -> std::size_t { return ir::tokens_about(tool.name) + ir::tokens_about(tool.doc) + ir::tokens_about(tool.schema); }

  auto about_agent(const ast::AgentDecl& agent) const -> std::string {
    auto out = code(header(source(agent.at.file), agent.at, agent.block.at.begin)) + paragraph(agent.doc.text);
    for (const auto& program : spot_.analysis.programs()) {
      const auto* row = by_name(program.agents, agent.name.text);
      if (!row) continue;
      const auto prompt = ir::tokens_about(program.instructions) + ir::tokens_about(row->instructions);
      std::size_t tools = 0;
      for (const auto tool : row->tools) tools += tokens_of(program.tools[tool]);
      out += fmt::format("\nIts prompt is about {} tokens: {} of instructions, {} of {} tools.\n", prompt + tools, prompt, tools, row->tools.size());
      std::string edges;
      for (const auto& edge : program.handoffs) {
        if (!edge.from || program.agents[edge.from].name == row->name) edges += handoff(program, edge);
      }
      if (!edges.empty()) out += "\nIt may give the call away:\n" + edges;
      break;
    }
    return out;
  }

  static auto handoff(const ir::Program& program, const ir::Handoff& edge) -> std::string {
    auto out = fmt::format("- to `{}`", view::target(program, edge.target));
    for (const auto& part : {view::trigger(edge), view::guard(program, edge.guard)}) {
      if (!part.empty()) out += " " + part;
    }
    return out + "\n";
  }

  const Spot& spot_;
};

}  // namespace

auto hover(const Spot& spot) -> std::optional<Hover> {
  const auto* found = spot.analysis.names().at(spot.source.id(), spot.byte);
  if (!found) return std::nullopt;
  auto text = Writer{spot}.about(found->thing);
  if (text.empty()) return std::nullopt;
  return Hover{spot.range(found->at), std::move(text)};
}

}  // namespace flow::lsp
