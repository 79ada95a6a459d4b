#pragma once
// Goes through everything that is said, asked and set in a file, and tells a check about it: each check overrides what
// it wants to hear of.

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/check/load.h"

namespace flow::review {

// What becomes of a text.
enum class Use {
  Words,    // the caller hears it as it stands
  Hint,     // the model is told what to say
  Prompt,   // the model is told how to work
  Guide,    // the model is told what a tool, a value or a handoff is
  Address,  // it goes into a URL
  Query,    // it goes into a database's query
  Setting,  // it names something: a model, a file, a key on the phone
};

// Whose it is, and in which clause or action.
struct Place {
  const ast::AgentDecl* agent = nullptr;
  const ast::ToolDecl* tool = nullptr;
  const ast::PolicyDecl* policy = nullptr;
  const ast::Handoff* handoff = nullptr;
  const ast::Form* form = nullptr;
  std::string_view clause = {};
};

// What is known where a condition is asked: conditions around it, and how they came out.
using Given = std::vector<std::pair<const ast::Expr*, bool>>;

class Walk {
 public:
  virtual ~Walk() = default;
  void module(const check::Module& module);

 protected:
  virtual void text(const ast::Template&, Use, const Place&) {}
  virtual void condition(const ast::Expr&, const Given&, const Place&) {}  // a guard, an `if`, an `{if}`
  virtual void value(const ast::Expr&, const Place&) {}                    // what is inserted, set or handed on
  virtual void set(const ast::Assignment&, const Place&) {}
  virtual void run(const ast::Call&, const Place&) {}
  virtual void clause(const ast::Clause&, const Place&) {}
  virtual void field(const ast::Field&, const Place&) {}

 private:
  void block(const ast::Block& block, const Place& place, const Given& given = {});
  void one(const ast::Clause& clause, Place place, const Given& given);
  void fields(const std::vector<ast::Field>& fields, const Place& place);
  void form(const ast::Form& form, Place place);
  void answer_check(const ast::Expr& expr, const Place& place);
  void args(const std::vector<ast::Arg>& args, const Place& place, const Given& given);
  void handoff(const ast::Handoff& handoff, Place place);
  void handler(const ast::Handler& handler, Place place);
  void rule(const ast::RuleDecl& rule);
  void actions(const std::vector<ast::Action>& actions, const Place& place, const Given& given);
  void parts(const std::vector<ast::TemplatePart>& parts, const Place& place, const Given& given);
  void said(const ast::Template& text, Use use, const Place& place, const Given& given);
};

// Every name that an expression reads.
void each_path(const ast::Expr& expr, const std::function<void(const ast::Path&)>& visit);

}  // namespace flow::review
