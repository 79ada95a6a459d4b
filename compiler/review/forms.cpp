// Can a form be filled, and does anybody look at what it holds? A caller whose answers never do must have a way out; a key
// that a field takes is no handler's; and what is neither submitted nor read was asked for nothing.

#include <algorithm>
#include <set>

#include "compiler/check/field_clauses.h"
#include "compiler/review/checks.h"
#include "compiler/review/walk.h"

namespace flow::review {
namespace {

// The first names of paths that are read anywhere in an agent: its forms are read as `request.done`.
class Readings : public Walk {
 public:
  auto of(const std::string& form) const -> bool { return read_.contains(form); }

 private:
  void condition(const ast::Expr& expr, const Given&, const Place&) override { read(expr); }
  void value(const ast::Expr& expr, const Place&) override { read(expr); }
  void read(const ast::Expr& expr) {
    each_path(expr, [&](const ast::Path& path) {
      if (path.parts.size() > 1) read_.insert(path.parts[0].text);
    });
  }

  std::set<std::string> read_;
};

auto is_digit(char c) -> bool { return c >= '0' && c <= '9'; }

class Forms {
 public:
  Forms(const Subject& subject, diag::Report& report) : s_(subject), report_(report) {
    for (const auto* module : subject.modules) readings_.module(*module);
  }

  void run() {
    for (const auto* module : s_.modules) {
      if (module->standard) continue;
      for (const auto& agent : module->tree.agents) {
        for (const auto& form : agent.block.forms) one(form, agent);
      }
    }
  }

 private:
  void one(const ast::Form& form, const ast::AgentDecl& agent) {
    if (!check::clause(form.clauses, "submit") && !readings_.of(form.name.text)) report_.add(form.name.at, diag::FormUnread, diag::Name{form.name.text});
    const auto tries = check::clause(form.clauses, "tries");
    for (const auto& field : form.fields) {
      const auto clauses = check::field_clauses(check::Where::FormField, field);
      if (!tries && !field.type.optional && check::clause(clauses, "check") && !warned_.contains(&form)) {
        warned_.insert(&form);
        report_.add(field.name.at, diag::AskedForEver, diag::Name{field.name.text});
      }
      if (check::clause(clauses, "dtmf")) keys(field, agent);
    }
  }

  void keys(const ast::Field& field, const ast::AgentDecl& agent) {
    for (const auto* each : lineage(s_.scope(), agent)) taken(field, each->block.handlers, each->block.handoffs);
    for (const auto* module : s_.modules) taken(field, module->tree.handlers, module->tree.handoffs);
  }

  void taken(const ast::Field& field, const std::vector<ast::Handler>& handlers, const std::vector<ast::Handoff>& edges) {
    for (const auto& handler : handlers) event(field, handler.event);
    for (const auto& edge : edges) {
      if (edge.trigger.kind == ast::Trigger::Kind::On) event(field, edge.trigger.event);
    }
  }

  void event(const ast::Field& field, const ast::Event& event) {
    if (event.name.text != "dtmf") return;
    for (const auto& arg : event.args) {
      const auto* text = arg.value.as<ast::Template>();
      const auto key = text ? text->constant().value_or("") : std::string{};
      if (key.empty() || !is_digit(key[0]) || !said_.insert({arg.value.at.file.n, arg.value.at.begin}).second) continue;
      report_.add(arg.value.at, diag::KeyTaken, diag::Name{key.substr(0, 1)}, diag::Name{field.name.text}).note(field.name.at, "this field");
    }
  }

  const Subject& s_;
  diag::Report& report_;
  Readings readings_;
  std::set<const ast::Form*> warned_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> said_;
};

}  // namespace

void forms(const Subject& subject, diag::Report& report) { Forms{subject, report}.run(); }

}  // namespace flow::review
