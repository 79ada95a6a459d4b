// Is anything told to two agents in the same words? What holds for all of them stands once, in the flow's
// `instructions`, and is changed once.

#include <map>

#include "compiler/review/checks.h"

namespace flow::review {
namespace {

constexpr std::size_t WordsMin = 12;  // shorter ones are turns of phrase, such as "Keep answers under two sentences."

// The paragraphs of a text with single blanks, those that are long enough.
auto paragraphs(const std::string& text) -> std::vector<std::string> {
  std::vector<std::string> out;
  std::string paragraph;
  std::size_t words = 0;
  const auto take = [&] {
    if (words >= WordsMin) out.push_back(paragraph);
    paragraph.clear();
    words = 0;
  };
  std::size_t line_ends = 0;
  bool in_word = false;
  for (const char c : text + "\n\n") {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (c == '\n' && ++line_ends == 2) take();
    if (!blank) {
      line_ends = 0;
      if (!in_word && !paragraph.empty()) paragraph += ' ';
      words += in_word ? 0 : 1;
      paragraph += c;
    }
    in_word = !blank;
  }
  return out;
}

}  // namespace

void same_paragraphs(const Subject& subject, diag::Report& report) {
  std::map<std::string, std::pair<const ast::AgentDecl*, const ast::Clause*>> told;
  for (const auto* agent : agents_of(subject)) {
    const auto* clause = check::clause(agent->block, "instructions");  // its own: what it inherits is written once
    if (!clause) continue;
    bool said = false;
    for (const auto& part : subject.program.agents[subject.agents.at(agent)].instructions) {
      for (const auto& paragraph : paragraphs(part.text)) {
        const auto [first, fresh] = told.try_emplace(paragraph, agent, clause);
        if (fresh || said || first->second.first == agent) continue;
        said = true;
        report.add(clause->name.at, diag::SameParagraph, diag::Name{first->second.first->name.text}, diag::Name{agent->name.text}).note(first->second.second->name.at, "also here");
      }
    }
  }
}

}  // namespace flow::review
