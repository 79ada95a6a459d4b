// Is a flow said whole in each of its languages? Every line that is heard as it stands has its translation, every
// translation a line, and what is inserted into the one is inserted into the other.

#include <map>
#include <set>

#include "compiler/check/text_key.h"
#include "compiler/review/checks.h"
#include "compiler/review/walk.h"

namespace flow::review {
namespace {

// What the tools' policies say. The standard library has more of them than a flow uses.
auto policies_say(const ir::Program& program) -> std::set<std::string> {
  std::set<std::string> out;
  const auto take = [&](const ir::Template& text) {
    if (text.size() == 1) out.insert(text.front().text);
  };
  for (const auto& tool : program.tools) {
    if (!program.policies.has(tool.policy)) continue;
    const auto& policy = program.policies[tool.policy];
    if (policy.ack) take(policy.ack->text);
    if (policy.progress_line) take(policy.progress_line->text);
    if (policy.announce) take(*policy.announce);
  }
  return out;
}

// Texts that are told to the model or heard by the caller; of these, the ones that are heard as they stand.
class Texts : public Walk {
 public:
  explicit Texts(const Subject& subject) : s_(subject), said_(policies_say(subject.program)) {}
  std::map<std::string, Span> spoken;  // where each of them stands: the walk makes some texts only while it is there
  std::set<std::string> all;

 private:
  void text(const ast::Template& text, Use use, const Place& place) override {
    if (use == Use::Setting || use == Use::Guide) return;
    const auto* module = s_.scope().module_of(text.at.file);
    const bool unused = module && module->standard && place.policy && !said_.contains(text.constant().value_or(""));
    if (unused) return;
    const auto key = check::text_key(s_.checked.sources, text);
    if (!key.empty()) all.insert(key);
    if (use == Use::Words && !key.empty()) spoken.try_emplace(key, text.at);
  }
  const Subject& s_;
  std::set<std::string> said_;
};

void inserted(const std::vector<ast::TemplatePart>& parts, std::set<std::string>& out) {
  for (const auto& part : parts) {
    if (const auto* hole = std::get_if<ast::Hole>(&part.node)) each_path(hole->value, [&](const ast::Path& path) { out.insert(path.text()); });
    if (const auto* choice = std::get_if<ast::Conditional>(&part.node)) {
      inserted(choice->then, out);
      inserted(choice->otherwise, out);
    }
  }
}

}  // namespace

void locales(const Subject& subject, diag::Report& report) {
  std::map<std::string, std::map<std::string, const ast::Translation*>> tables;
  std::map<std::string, const ast::LocaleDecl*> first;
  for (const auto* module : subject.modules) {
    for (const auto& locale : module->tree.locales) {
      first.try_emplace(locale.tag, &locale);
      for (const auto& each : locale.texts) {
        const auto [known, fresh] = tables[locale.tag].try_emplace(check::text_key(subject.checked.sources, each.from), &each);
        if (!fresh) report.add(each.from.at, diag::TranslatedTwice, diag::Name{locale.tag}).note(known->second->from.at, "the first is here");
      }
    }
  }
  if (first.empty()) return;
  Texts texts{subject};
  for (const auto* module : subject.modules) texts.module(*module);
  for (const auto& [tag, locale] : first) {
    const auto& table = tables[tag];
    for (const auto& [key, at] : texts.spoken) {
      if (!table.contains(key)) report.add(at, diag::NotTranslated, diag::Name{tag}).note(locale->tag_at, "this table");
    }
    for (const auto& [key, each] : table) {
      if (!texts.all.contains(key)) {
        report.add(each->from.at, diag::TranslatesNothing);
        continue;
      }
      std::set<std::string> here, there;
      inserted(each->from.parts, here);
      inserted(each->to.parts, there);
      for (const auto& path : here) {
        if (!there.contains(path)) report.add(each->to.at, diag::LostInTranslation, diag::Name{path}).note(each->from.at, "it is said here");
      }
    }
  }
}

}  // namespace flow::review
