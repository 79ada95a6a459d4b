#include "compiler/lower/rules.h"

#include <set>

#include "compiler/lower/actions.h"
#include "compiler/lower/expressions.h"
#include "compiler/parse/tokens.h"

namespace flow::lower {
namespace {

// A clause on one line and spaced alike, however its author spaced it: it is what a model is told when the rule holds.
auto written(const SourceFile& source, Span at) -> std::string {
  using Token = parse::Token;
  static const std::set<std::string_view> NotBefore{",", ".", ")", "]", "?"}, NotAfter{"(", "[", "."};
  static const std::set<std::string_view> Operators{"and", "or", "not", "in", "unless", "before"};
  const SourceFile clause{{0}, "", std::string{source.text(at)}};
  std::string out;
  std::string_view last = "(";
  bool calls = false;  // what stands last may be a function's name
  for (const auto& token : parse::tokens(clause)) {
    if (token.kind == Token::Kind::LineEnd || token.kind == Token::Kind::Comment || token.kind == Token::Kind::Doc) continue;
    const auto text = clause.text(token.at);
    const bool touches = NotBefore.contains(text) || NotAfter.contains(last) || (text == "(" && calls);
    if (!touches) out += ' ';
    out += text;
    last = text;
    calls = token.kind == Token::Kind::Word && !Operators.contains(text);
  }
  return out;
}

class RuleLowering {
 public:
  RuleLowering(Context& context, const ast::RuleDecl& rule, const ast::Clause& clause) : context_(context), rule_(rule), clause_(clause) {}

  void run() {
    row_.declaration = rule_.name.text;
    row_.text = written(context_.checked.sources[clause_.at.file], clause_.at);
    row_.doc = rule_.doc.text;
    row_.declared_at = clause_.at;
    check::Args args{clause_};
    const auto& verb = clause_.name.text;
    const bool complete = verb == "never" ? never(args) : verb == "at" ? at_most(args) : verb == "every" && reaches(args);
    if (complete) context_.program.rules.add(std::move(row_));
  }

 private:
  auto never(check::Args& args) -> bool {
    const auto what = deed(args);
    if (!what) return false;
    row_.what = *what;
    if (args.word("unless")) {
      const auto* condition = args.expr();
      if (!condition) return false;
      row_.kind = ir::Rule::Kind::Unless;
      row_.unless = Expressions{context_, parameters()}.condition(*condition).expr;
      return bool(row_.unless);
    }
    if (!args.word("before")) return false;
    row_.kind = ir::Rule::Kind::Before;
    if (const auto words = heard(args)) {
      row_.first = ir::Deed{.kind = ir::Deed::Kind::Heard, .tool = {}, .target = {}, .words = *words};
      return !words->empty();
    }
    row_.first = deed(args);
    return row_.first.has_value();
  }

  auto at_most(check::Args& args) -> bool {
    if (!args.word("most") || !count(args)) return false;
    row_.kind = ir::Rule::Kind::AtMost;
    const auto what = deed(args);
    if (what) row_.what = *what;
    return what.has_value();
  }

  auto reaches(check::Args& args) -> bool {
    if (!args.word("agent") || !args.word("reaches")) return false;
    const auto* path = args.path();
    const auto target = path ? lower_target(context_, *path) : std::nullopt;
    if (!target || !args.word("within") || !count(args)) return false;
    row_.kind = ir::Rule::Kind::Reaches;
    row_.what = {.kind = ir::Deed::Kind::Enter, .tool = {}, .target = *target, .words = {}};
    return true;
  }

  // `heard "these words"`; a tool may be called `heard`.
  static auto heard(check::Args& args) -> std::optional<std::string> {
    auto ahead = args;
    if (!ahead.word("heard")) return std::nullopt;
    auto words = ahead.constant();
    if (words) args = ahead;
    return words;
  }

  auto count(check::Args& args) -> bool {
    row_.most = limited(args.integer().value_or(0));
    const bool fits = row_.most >= 1 && row_.most <= NumberMax;
    if (!fits) context_.report().add(clause_.at, diag::OutOfRange, diag::Name{clause_.name.text}, diag::Text{"1 to a million"});
    return fits;
  }

  auto deed(check::Args& args) -> std::optional<ir::Deed> {
    const auto* path = args.path();
    if (!path) return std::nullopt;
    if (const auto* tool = context_.scope().tool(*path)) {
      const auto row = context_.tools.find(tool);
      if (row == context_.tools.end()) return std::nullopt;
      return ir::Deed{.kind = ir::Deed::Kind::Tool, .tool = row->second, .target = {}, .words = {}};
    }
    const auto target = lower_target(context_, *path);
    if (!target) return std::nullopt;
    return ir::Deed{.kind = ir::Deed::Kind::Enter, .tool = {}, .target = *target, .words = {}};
  }

  // A condition may ask for what the tool is called with.
  auto parameters() -> Locals {
    Locals locals;
    if (row_.what.kind != ir::Deed::Kind::Tool) return locals;
    for (const auto& param : context_.program.tools[row_.what.tool].params) locals.push_back({param.name, param.type});
    return locals;
  }

  Context& context_;
  const ast::RuleDecl& rule_;
  const ast::Clause& clause_;
  ir::Rule row_;
};

}  // namespace

void lower_rules(Context& context) {
  for (const auto* module : context.modules) {
    for (const auto& rule : module->tree.rules) {
      for (const auto& clause : rule.clauses) {
        if (!rule.name.missing() && !clause.name.missing()) RuleLowering{context, rule, clause}.run();
      }
    }
  }
}

}  // namespace flow::lower
