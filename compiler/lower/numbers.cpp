#include "compiler/lower/numbers.h"

namespace flow::lower {
namespace {

auto is_negative(const ast::Expr& value) -> bool {
  if (const auto* number = value.as<ast::Int>()) return number->value < 0;
  if (const auto* number = value.as<ast::Float>()) return number->value < 0;
  if (const auto* number = value.as<ast::Percent>()) return number->value < 0;
  if (const auto* time = value.as<ast::Duration>()) return time->value < ir::Millis::zero();
  const auto* range = value.as<ast::Range>();
  return range && ((range->low && is_negative(*range->low)) || (range->high && is_negative(*range->high)));
}

class Numbers {
 public:
  explicit Numbers(Context& context) : context_(context) {}

  void file(const ast::File& file) {
    const auto blocks = [&](const auto& declarations) {
      for (const auto& declaration : declarations) block(declaration.block);
    };
    blocks(file.flows);
    blocks(file.realtimes);
    blocks(file.policies);
    blocks(file.tools);
    blocks(file.agents);
    handoffs(file.handoffs);
    handlers(file.handlers);
  }

 private:
  void block(const ast::Block& block) {
    for (const auto& clause : block.clauses) {
      args(clause.name, clause.args);
      if (clause.block) this->block(*clause.block);
    }
    handoffs(block.handoffs);
    handlers(block.handlers);
  }
  void handoffs(const std::vector<ast::Handoff>& list) {
    for (const auto& handoff : list) {
      args(handoff.trigger.event.name, handoff.trigger.event.args);
      block(handoff.block);
    }
  }
  void handlers(const std::vector<ast::Handler>& list) {
    for (const auto& handler : list) args(handler.event.name, handler.event.args);
  }
  void args(const ast::Name& name, const std::vector<ast::Arg>& args) {
    for (const auto& arg : args) {
      if (is_negative(arg.value)) context_.report().add(arg.value.at, diag::OutOfRange, diag::Name{name.text}, diag::Text{"at least nothing"});
    }
  }

  Context& context_;
};

}  // namespace

void check_numbers(Context& context) {
  for (const auto* module : context.modules) Numbers{context}.file(module->tree);
}

}  // namespace flow::lower
