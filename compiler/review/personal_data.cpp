// Where do personal data and secrets go? `pii` may reach the service and the tools that declare it; never a URL, and no
// place that forgets what it is. A secret reaches neither the model nor the caller.

#include "compiler/review/checks.h"
#include "compiler/review/names.h"

namespace flow::review {
namespace {

class Data : public Walk {
 public:
  Data(const Subject& subject, diag::Report& report) : s_(subject), names_(subject), report_(report) {}

 private:
  void text(const ast::Template& text, Use use, const Place& place) override {
    if (use == Use::Guide || use == Use::Setting) return;
    parts(text.parts, use, place);
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
    const auto fields = names_.fields(path, place);
    const auto* secret = marked(fields, &ast::Field::secret);
    if (secret && use != Use::Address && use != Use::Query) {
      report_.add(path.at, diag::SecretTold, diag::Name{path.text()}, diag::Text{use == Use::Words ? "the caller" : "the model"}).note(secret->name.at, "marked `secret` here");
    }
    const auto* personal = marked(fields, &ast::Field::pii);
    if (personal && use == Use::Address) {
      report_.add(path.at, diag::PersonalInAddress, diag::Name{path.text()}).note(personal->name.at, "marked `pii` here");
    }
  }

  // State that takes personal data must say so, or the next reader does not know.
  void set(const ast::Assignment& assignment, const Place& place) override {
    const auto* target = assignment.target.missing() ? nullptr : s_.scope().state(assignment.target);
    if (target) passes(assignment.value, *target, "the state", place);
  }

  // So must the parameter of a tool.
  void run(const ast::Call& call, const Place& place) override {
    const auto* tool = s_.scope().tool(call.callee);
    if (!tool) return;
    for (std::size_t i = 0; i < call.args.size(); ++i) {
      const ast::Field* param = call.args[i].name.missing() && i < tool->params.size() ? &tool->params[i] : nullptr;
      for (const auto& each : tool->params) {
        if (each.name.text == call.args[i].name.text) param = &each;
      }
      if (param) passes(call.args[i].value, *param, "`" + tool->name.text + "`", place);
    }
  }

  void passes(const ast::Expr& value, const ast::Field& into, const std::string& whose, const Place& place) {
    const auto* path = value.as<ast::Path>();
    const auto* personal = path ? marked(names_.fields(*path, place), &ast::Field::pii) : nullptr;
    if (!personal || into.pii || into.type.missing()) return;
    const auto after = into.type.at.end;
    report_.add(path->at, diag::PersonalUnmarked, diag::Name{path->text()}, diag::Name{into.name.text}, diag::Text{whose})
        .note(into.name.at, "not marked")
        .fix({into.type.at.file, after, after}, " pii");
  }

  static auto marked(const Fields& fields, std::optional<Span> ast::Field::* marker) -> const ast::Field* {
    for (const auto* field : fields) {
      if (field->*marker) return field;
    }
    return nullptr;
  }

  const Subject& s_;
  Names names_;
  diag::Report& report_;
};

}  // namespace

void personal_data(const Subject& subject, diag::Report& report) {
  Data walk{subject, report};
  for (const auto* module : subject.modules) walk.module(*module);
}

}  // namespace flow::review
