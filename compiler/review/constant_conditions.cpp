// Does every condition decide something? One that can never hold hides what it guards; one that always holds is not
// needed.

#include "compiler/review/checks.h"
#include "compiler/review/solve.h"

namespace flow::review {
namespace {

class Conditions : public Walk {
 public:
  Conditions(const Subject& subject, const Names& names, diag::Report& report) : s_(subject), names_(names), report_(report) {}

 private:
  void condition(const ast::Expr& expr, const Given& given, const Place& place) override {
    const auto answer = possible(expr, given, place, names_, s_);
    if (!answer.can_hold) report_.add(expr.at, diag::NeverHolds);
    if (!answer.can_fail) report_.add(expr.at, diag::AlwaysHolds);
  }

  const Subject& s_;
  const Names& names_;
  diag::Report& report_;
};

}  // namespace

void constant_conditions(const Subject& subject, diag::Report& report) {
  const Names names{subject};
  Conditions walk{subject, names, report};
  for (const auto* module : subject.modules) {
    if (!module->standard) walk.module(*module);
  }
}

}  // namespace flow::review
