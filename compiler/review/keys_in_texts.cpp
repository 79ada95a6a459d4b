// Does a key stand in the file? Files are shared, printed and kept; keys live in the environment.

#include <cctype>

#include "compiler/check/clauses.h"
#include "compiler/review/checks.h"
#include "compiler/review/key_shapes.h"
#include "compiler/review/walk.h"

namespace flow::review {
namespace {

class Keys : public Walk {
 public:
  explicit Keys(diag::Report& report) : report_(report) {}

 private:
  void text(const ast::Template& text, Use, const Place&) override { look(text); }
  void value(const ast::Expr& expr, const Place&) override {
    if (const auto* text = expr.as<ast::Template>()) look(*text);
  }

  void look(const ast::Template& text) {
    for (const auto& part : text.parts) {
      const auto* chars = std::get_if<ast::Chars>(&part.node);
      const auto whose = chars ? key_in(chars->text) : std::nullopt;
      if (whose) report_.add(text.at, diag::KeyInText, diag::Text{*whose});
    }
  }

  // Where a secret may stand, one is offered.
  void clause(const ast::Clause& clause, const Place&) override {
    for (const auto& arg : clause.args) {
      const auto* text = arg.value.as<ast::Template>();
      const auto constant = text ? text->constant() : std::nullopt;
      const auto whose = constant ? key_in(*constant) : std::nullopt;
      if (!whose || !takes_secrets(clause)) continue;
      report_.add(text->at, diag::KeyInText, diag::Text{*whose}).fix(text->at, "secret(\"" + name_for(clause) + "\")");
    }
  }

  static auto takes_secrets(const ast::Clause& clause) -> bool {
    for (const auto& info : check::clauses::all()) {
      const bool takes = info.shape.find("SECRET") != info.shape.npos || info.shape.find("VALUE") != info.shape.npos;
      if (takes && info.name == clause.name.text) return true;
    }
    return false;
  }

  static auto name_for(const ast::Clause& clause) -> std::string {
    std::string out;
    for (const char c : clause.name.text) out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out + "_SECRET";
  }

  diag::Report& report_;
};

}  // namespace

void keys_in_texts(const Subject& subject, diag::Report& report) {
  Keys walk{report};
  for (const auto* module : subject.modules) walk.module(*module);
}

}  // namespace flow::review
