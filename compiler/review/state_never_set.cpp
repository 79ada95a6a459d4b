// Is everything that is read also set somewhere? State that nothing sets has its first value for ever, and what depends
// on it never changes.

#include <map>
#include <set>

#include "compiler/review/checks.h"
#include "compiler/review/names.h"

namespace flow::review {
namespace {

class Uses : public Walk {
 public:
  Uses(const Subject& subject, const Names& names) : s_(subject), names_(names) {}

  auto is_set(const ast::Field& field) const -> bool { return set_.contains(&field); }
  auto first_reading(const ast::Field& field) const -> const ast::Path* {
    const auto found = read_.find(&field);
    return found == read_.end() ? nullptr : found->second;
  }

 private:
  void set(const ast::Assignment& assignment, const Place&) override {
    if (!assignment.target.missing()) set_.insert(s_.scope().state(assignment.target));
  }
  void condition(const ast::Expr& expr, const Given&, const Place& place) override { read(expr, place); }
  void value(const ast::Expr& expr, const Place& place) override { read(expr, place); }

  void read(const ast::Expr& expr, const Place& place) {
    each_path(expr, [&](const ast::Path& path) {
      if (const auto* field = names_.state(path, place)) read_.try_emplace(field, &path);
    });
  }

  const Subject& s_;
  const Names& names_;
  std::set<const ast::Field*> set_;
  std::map<const ast::Field*, const ast::Path*> read_;
};

// The model, an earlier call or a form may set it.
auto is_set_by_itself(const ast::Field& field) -> bool { return !field.args.empty(); }

}  // namespace

void state_never_set(const Subject& subject, diag::Report& report) {
  const Names names{subject};
  Uses uses{subject, names};
  for (const auto* module : subject.modules) uses.module(*module);
  for (const auto* module : subject.modules) {
    for (const auto& state : module->tree.states) {
      for (const auto& field : state.fields) {
        const auto* read = uses.first_reading(field);
        if (!read || uses.is_set(field) || is_set_by_itself(field)) continue;
        report.add(field.name.at, diag::NeverSet, diag::Name{field.name.text}).note(read->at, "read here");
      }
    }
  }
}

}  // namespace flow::review
