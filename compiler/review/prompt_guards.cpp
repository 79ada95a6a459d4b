// Does a prompt ask for a tool where its guard forbids it? The model is told to use what it is not offered then, and
// invents a result.
//
// Said only of a tool's full name in a part of a prompt whose condition contradicts the tool's `available if`, or the
// condition of a rule.

#include <cctype>

#include "compiler/review/checks.h"
#include "compiler/review/solve.h"

namespace flow::review {
namespace {

auto names(const std::string& text, std::string_view name) -> bool {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

class Prompts {
 public:
  Prompts(const Subject& subject, diag::Report& report) : s_(subject), names_(subject), report_(report) {}

  void agent(const ast::AgentDecl& agent) {
    const auto* clause = clause_of(s_.scope(), agent, "instructions");
    const auto* text = clause ? check::Args{*clause}.text() : nullptr;
    if (text) parts(text->parts, {}, agent);
  }

 private:
  void parts(const std::vector<ast::TemplatePart>& list, const Given& given, const ast::AgentDecl& agent) {
    for (const auto& part : list) {
      const auto* chars = std::get_if<ast::Chars>(&part.node);
      if (chars && !given.empty()) mentions(*chars, part, given, agent);
      const auto* choice = std::get_if<ast::Conditional>(&part.node);
      if (!choice) continue;
      auto then = given, otherwise = given;
      then.emplace_back(&choice->condition, true);
      otherwise.emplace_back(&choice->condition, false);
      parts(choice->then, then, agent);
      parts(choice->otherwise, otherwise, agent);
    }
  }

  void mentions(const ast::Chars& chars, const ast::TemplatePart&, const Given& given, const ast::AgentDecl& agent) {
    for (const auto* tool : tools_of(s_, agent)) {
      const auto& name = tool->name.text;
      if (name.find('_') == name.npos || !names(chars.text, name)) continue;
      const auto* available = check::clause(tool->block, "available");
      if (available && available->condition) ask(*available->condition, available->at, *tool, given, agent);
      for (const auto* module : s_.modules) {
        for (const auto& rule : module->tree.rules) {
          for (const auto& clause : rule.clauses) this->rule(clause, *tool, given, agent);
        }
      }
    }
  }

  void rule(const ast::Clause& clause, const ast::ToolDecl& tool, const Given& given, const ast::AgentDecl& agent) {
    check::Args args{clause};
    const auto* path = clause.name.text == "never" ? args.path() : nullptr;
    if (!path || s_.scope().tool(*path) != &tool || !args.word("unless")) return;
    if (const auto* condition = args.expr()) ask(*condition, clause.at, tool, given, agent);
  }

  void ask(const ast::Expr& condition, Span at, const ast::ToolDecl& tool, const Given& given, const ast::AgentDecl& agent) {
    const Place place{.agent = &agent, .clause = "instructions"};
    if (possible(condition, given, place, names_, s_).can_hold) return;
    report_.add(given.back().first->at, diag::PromptAgainstGuard, diag::Name{agent.name.text}, diag::Name{tool.name.text}).note(at, "it is not offered then");
  }

  const Subject& s_;
  Names names_;
  diag::Report& report_;
};

}  // namespace

void prompt_guards(const Subject& subject, diag::Report& report) {
  Prompts prompts{subject, report};
  for (const auto* agent : agents_of(subject)) prompts.agent(*agent);
}

}  // namespace flow::review
