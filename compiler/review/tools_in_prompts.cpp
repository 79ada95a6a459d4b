// Does a prompt name only tools that are there? A model that is told of a tool it does not have invents its result.
//
// Only names that are no words of the language are looked for: `look_up` is a tool's name in any prompt, `help` is not.

#include <algorithm>
#include <cctype>
#include <set>

#include "compiler/review/checks.h"

namespace flow::review {
namespace {

void names_in(const ir::Template& text, std::set<std::string>& out) {
  for (const auto& part : text) {
    std::string word;
    for (const char c : part.text + " ") {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
        word += c;
      } else {
        if (word.find('_') != word.npos) out.insert(word);
        word.clear();
      }
    }
    names_in(part.then, out);
    names_in(part.otherwise, out);
  }
}

// Adds it to the tools of the agent, if they stand in one clause.
void fix_tools(const ast::AgentDecl& agent, const std::string& tool, diag::Added added) {
  const auto clauses = check::clauses_named(agent.block, "tools");
  if (clauses.size() != 1 || clauses[0]->args.empty()) return;
  const auto end = clauses[0]->args.back().value.at.end;
  added.fix({clauses[0]->at.file, end, end}, ", " + tool);
}

}  // namespace

void tools_in_prompts(const Subject& subject, diag::Report& report) {
  const auto tools = tools_of(subject);
  for (const auto* agent : agents_of(subject)) {
    const auto* told = clause_of(subject.scope(), *agent, "instructions");
    if (!told) continue;
    const auto& row = subject.program.agents[subject.agents.at(agent)];
    std::set<std::string> names;
    names_in(row.instructions, names);
    for (const auto& name : names) {
      const auto named = std::ranges::find_if(tools, [&](const ast::ToolDecl* tool) { return tool->name.text == name; });
      const auto offered = std::ranges::any_of(row.tools, [&](Id<ir::Tool> tool) { return subject.program.tools[tool].name == name; });
      if (named == tools.end() || offered) continue;
      fix_tools(*agent, name, report.add(told->name.at, diag::ToolNotThere, diag::Name{agent->name.text}, diag::Name{name}).note((*named)->name.at, "this tool"));
    }
  }
}

}  // namespace flow::review
