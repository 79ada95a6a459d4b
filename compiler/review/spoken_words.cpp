// Can everything that the caller hears word for word be spoken? Hints are left to the model, which knows.

#include "compiler/review/checks.h"
#include "compiler/review/speakable.h"
#include "compiler/review/walk.h"

namespace flow::review {
namespace {

class Spoken : public Walk {
 public:
  explicit Spoken(diag::Report& report) : report_(report) {}

 private:
  void text(const ast::Template& text, Use use, const Place&) override {
    if (use == Use::Words) parts(text.parts);
  }

  void parts(const std::vector<ast::TemplatePart>& list) {
    for (const auto& part : list) {
      if (const auto* chars = std::get_if<ast::Chars>(&part.node)) {
        const auto found = unspeakable_in(chars->text);
        if (found) report_.add(part.at, diag::Unspeakable, diag::Text{std::string(found->what)}, diag::Text{std::string(found->part)});
      }
      if (const auto* choice = std::get_if<ast::Conditional>(&part.node)) {
        parts(choice->then);
        parts(choice->otherwise);
      }
    }
  }

  diag::Report& report_;
};

}  // namespace

void spoken_words(const Subject& subject, diag::Report& report) {
  Spoken walk{report};
  for (const auto* module : subject.modules) walk.module(*module);
}

}  // namespace flow::review
