// Where do personal data and secrets go? `pii` may reach the service and the tools that declare it; never a URL, and no
// place that forgets what it is. A secret reaches neither the model nor the caller. Both are followed from where they are
// marked through state and parameters that are not, so that nothing is washed clean on the way.

#include <map>

#include "compiler/review/checks.h"
#include "compiler/review/names.h"

namespace flow::review {
namespace {

using Marker = std::optional<Span> ast::Field::*;

// How a marked value came into a field that is not marked.
struct Trail {
  const ast::Field* source = nullptr;
  std::vector<std::pair<Span, std::string>> steps;
};
using Trails = std::map<const ast::Field*, Trail>;

// What of an expression ends up in its value: all that is read, but what a record is built from has names of its own.
void each_part(const ast::Expr& expr, const std::function<void(const ast::Path&)>& visit) {
  if (!expr.as<ast::Call>()) each_path(expr, visit);
}

class Data : public Walk {
 public:
  Data(const Subject& subject, Marker marker) : s_(subject), names_(subject), marker_(marker) {}

 protected:
  // A value goes from `path` into a field of the state or of a tool's call.
  virtual void passes(const ast::Path& path, const ast::Field& into, const std::string& whose, const Place& place) = 0;

  void set(const ast::Assignment& assignment, const Place& place) override {
    const auto* target = assignment.target.missing() ? nullptr : s_.scope().state(assignment.target);
    if (target) each_part(assignment.value, [&](const ast::Path& path) { passes(path, *target, "the state", place); });
  }

  void run(const ast::Call& call, const Place& place) override {
    const auto* tool = s_.scope().tool(call.callee);
    if (!tool) return;
    for (std::size_t i = 0; i < call.args.size(); ++i) {
      const ast::Field* param = call.args[i].name.missing() && i < tool->params.size() ? &tool->params[i] : nullptr;
      for (const auto& each : tool->params) {
        if (each.name.text == call.args[i].name.text) param = &each;
      }
      if (param) each_part(call.args[i].value, [&](const ast::Path& path) { passes(path, *param, "`" + tool->name.text + "`", place); });
    }
  }

  // The marked field that a path goes through.
  auto marked(const ast::Path& path, const Place& place) const -> const ast::Field* {
    for (const auto* field : names_.fields(path, place)) {
      if (field->*marker_) return field;
    }
    return nullptr;
  }
  // ... or that is somewhere in what the path ends in.
  auto within(const ast::TypeRef& type, int depth = 0) const -> const ast::Field* {
    if (type.kind == ast::TypeRef::Kind::List && type.element) return within(*type.element, depth);
    const auto* record = type.kind == ast::TypeRef::Kind::Named ? s_.scope().record(type.name) : nullptr;
    for (std::size_t i = 0; record && depth < 8 && i < record->fields.size(); ++i) {
      const auto& field = record->fields[i];
      if (field.*marker_) return &field;
      if (const auto* inner = within(field.type, depth + 1)) return inner;
    }
    return nullptr;
  }

  const Subject& s_;
  Names names_;
  Marker marker_;
};

// Finds what unmarked fields may hold.
class Following : public Data {
 public:
  Following(const Subject& subject, Marker marker, Trails& trails) : Data(subject, marker), trails_(trails) {}
  bool found = false;

 private:
  void passes(const ast::Path& path, const ast::Field& into, const std::string& whose, const Place& place) override {
    if (into.*marker_ || trails_.contains(&into)) return;
    Trail trail;
    if (const auto* source = marked(path, place)) {
      trail.source = source;
    } else {
      const auto fields = names_.fields(path, place);
      const auto known = fields.empty() ? trails_.end() : trails_.find(fields.front());
      if (known == trails_.end()) return;
      trail = known->second;
    }
    trail.steps.emplace_back(path.at, "goes into `" + into.name.text + "` of " + whose + " here");
    trails_.emplace(&into, std::move(trail));
    found = true;
  }

  Trails& trails_;
};

auto trails_of(const Subject& subject, Marker marker) -> Trails {
  Trails trails;
  for (bool more = true; more;) {
    Following walk{subject, marker, trails};
    for (const auto* module : subject.modules) walk.module(*module);
    more = walk.found;
  }
  return trails;
}

// Says what arrives where it must not.
class Arrivals : public Data {
 public:
  Arrivals(const Subject& subject, Marker marker, diag::Report& report) : Data(subject, marker), trails_(trails_of(subject, marker)), report_(report) {}

 private:
  auto secret() const -> bool { return marker_ == &ast::Field::secret; }

  void text(const ast::Template& text, Use use, const Place& place) override {
    if (use != Use::Guide && use != Use::Setting) parts(text.parts, use, place);
  }

  void parts(const std::vector<ast::TemplatePart>& list, Use use, const Place& place) {
    for (const auto& part : list) {
      if (const auto* hole = std::get_if<ast::Hole>(&part.node)) {
        each_path(hole->value, [&](const ast::Path& path) { inserted(path, use, place); });
      }
      if (const auto* choice = std::get_if<ast::Conditional>(&part.node)) {
        parts(choice->then, use, place);
        parts(choice->otherwise, use, place);
      }
    }
  }

  void inserted(const ast::Path& path, Use use, const Place& place) {
    const bool address = use == Use::Address || use == Use::Query;
    if (secret() ? address : use != Use::Address) return;
    const auto fields = names_.fields(path, place);
    const auto* source = marked(path, place);
    if (!source && !fields.empty() && fields.size() == path.parts.size()) source = within(fields.back()->type);
    const auto trail = !source && !fields.empty() ? trails_.find(fields.front()) : trails_.end();
    if (trail != trails_.end()) source = trail->second.source;
    if (!source) return;
    auto added = secret() ? report_.add(path.at, diag::SecretTold, diag::Name{path.text()}, diag::Text{use == Use::Words ? "the caller" : "the model"})
                          : report_.add(path.at, diag::PersonalInAddress, diag::Name{path.text()});
    added.note(source->name.at, secret() ? "marked `secret` here" : "marked `pii` here");
    if (trail == trails_.end()) return;
    for (const auto& [at, step] : trail->second.steps) added.note(at, step);
  }

  // What takes a marked value must say so, or the next reader does not know. Of a secret it is said where it arrives.
  void passes(const ast::Path& path, const ast::Field& into, const std::string& whose, const Place& place) override {
    const auto* personal = secret() ? nullptr : marked(path, place);
    if (!personal || into.pii || into.type.missing()) return;
    const auto after = into.type.at.end;
    report_.add(path.at, diag::PersonalUnmarked, diag::Name{path.text()}, diag::Name{into.name.text}, diag::Text{whose})
        .note(into.name.at, "not marked")
        .fix({into.type.at.file, after, after}, " pii");
  }

  Trails trails_;
  diag::Report& report_;
};

// The model fills in what a tool is called with and reads what it gives.
void secrets_of_tools(const Subject& subject, diag::Report& report) {
  for (const auto& agent : agents_of(subject)) {
    for (const auto* tool : tools_of(subject, *agent)) {
      for (const auto& param : tool->params) {
        if (param.secret) report.add(param.name.at, diag::SecretTold, diag::Name{param.name.text}, diag::Text{"the model, which fills it in"}).note(*param.secret, "marked `secret` here");
      }
      const auto* record = tool->result.kind == ast::TypeRef::Kind::Named ? subject.scope().record(tool->result.name) : nullptr;
      for (std::size_t i = 0; record && i < record->fields.size(); ++i) {
        const auto& field = record->fields[i];
        if (field.secret) report.add(tool->result.at, diag::SecretTold, diag::Name{field.name.text}, diag::Text{"the model, which reads the result"}).note(*field.secret, "marked `secret` here");
      }
    }
  }
}

}  // namespace

void personal_data(const Subject& subject, diag::Report& report) {
  for (const auto marker : {&ast::Field::pii, &ast::Field::secret}) {
    Arrivals walk{subject, marker, report};
    for (const auto* module : subject.modules) walk.module(*module);
  }
  secrets_of_tools(subject, report);
}

}  // namespace flow::review
