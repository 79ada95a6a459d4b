#pragma once
// How the parser goes on after a mistake, and what it says: our words, one message a line, at the narrowest place.

#include <set>

#include "FlowParser.h"
#include "compiler/parse/lexeme.h"

namespace flow::parse {

class Recovery : public antlr4::DefaultErrorStrategy {
 public:
  // `quiet`: lines about which something was said already; nothing is added there. `goes_on`: the source is a part, and
  // its end is that of a line.
  Recovery(const SourceFile& source, diag::Report& report, std::set<std::uint32_t> quiet, bool goes_on = false)
      : source_(source), report_(report), quiet_(std::move(quiet)), goes_on_(goes_on) {}

  auto errors() const -> int { return errors_; }

 protected:
  void reportNoViableAlternative(antlr4::Parser* parser, const antlr4::NoViableAltException& e) override;
  void reportInputMismatch(antlr4::Parser* parser, const antlr4::InputMismatchException& e) override;
  void reportUnwantedToken(antlr4::Parser* parser) override;
  void reportMissingToken(antlr4::Parser* parser) override;
  // The token that was expected, with no place: our tokens know no source, which the inherited one asks for.
  auto getMissingSymbol(antlr4::Parser* parser) -> antlr4::Token* override;
  // Inside braces the parser never gives up before the closing one: what follows is not mistaken for what stands
  // outside.
  void recover(antlr4::Parser* parser, std::exception_ptr e) override;
  void sync(antlr4::Parser* parser) override;
  // Skips what stands in braces as a whole, so that its lines are not taken for lines outside.
  void consumeUntil(antlr4::Parser* parser, const antlr4::misc::IntervalSet& set) override;

 private:
  void say(antlr4::Parser* parser, antlr4::Token* found, bool insert);

  const SourceFile& source_;
  diag::Report& report_;
  std::set<std::uint32_t> quiet_;
  bool goes_on_ = false;
  std::vector<std::unique_ptr<antlr4::Token>> made_up_;
  int errors_ = 0;
};

}  // namespace flow::parse
