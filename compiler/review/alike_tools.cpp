// Can the model tell the tools of an agent apart? It chooses by their descriptions, so two that say the same are
// chosen by luck, whatever their names.

#include "compiler/review/alike.h"
#include "compiler/review/checks.h"

namespace flow::review {

void alike_tools(const Subject& subject, diag::Report& report) {
  std::map<const ast::ToolDecl*, std::set<std::string>> meanings;
  for (const auto* tool : tools_of(subject)) meanings[tool] = meaning_of(tool->doc.text);
  std::set<std::pair<const ast::ToolDecl*, const ast::ToolDecl*>> compared;  // tools of several agents meet again
  for (const auto* agent : agents_of(subject)) {
    const auto tools = tools_of(subject, *agent);
    for (std::size_t i = 0; i < tools.size(); ++i) {
      for (std::size_t j = i + 1; j < tools.size(); ++j) {
        if (!compared.insert({tools[i], tools[j]}).second) continue;
        // Of two that are not offered at the same time only one can be chosen; whether that is so, only the run knows.
        const auto guarded = [](const ast::ToolDecl& tool) { return check::clause(tool.block, "available") != nullptr; };
        if (guarded(*tools[i]) || guarded(*tools[j]) || likeness(meanings[tools[i]], meanings[tools[j]]) < TooAlike) continue;
        report.add(tools[j]->name.at, diag::AlikeTools, diag::Name{tools[i]->name.text}, diag::Name{tools[j]->name.text})
            .note(tools[i]->name.at, "the other");
      }
    }
  }
}

}  // namespace flow::review
