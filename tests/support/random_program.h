#pragma once
// Programs that verify and make no sense: every kind of row, odd names, odd texts. The same seed gives the same program.

#include <random>
#include <string>

#include "compiler/ir/ir.h"

namespace flow::test {

class RandomProgram {
 public:
  explicit RandomProgram(std::uint64_t seed);
  auto make() -> ir::Program;

 private:
  using Kind = ir::Type::Kind;

  auto below(int limit) -> int { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  auto coin() -> bool { return below(2) == 0; }
  auto text() -> std::string;
  auto name() -> std::string;  // never the same twice
  auto texts() -> std::vector<std::string>;
  auto time() -> ir::Millis { return ir::Millis{below(100'000)}; }
  auto value(int depth) -> Value;
  template <class T>
  auto any(const Table<T>& table) -> Id<T> { return table.id_at(static_cast<std::size_t>(below(static_cast<int>(table.size())))); }
  template <class T>
  auto any(int count) -> T { return static_cast<T>(below(count)); }

  auto type() -> Id<ir::Type>;
  auto expr(int depth = 2) -> Id<ir::Expr>;
  auto maybe_expr() -> Id<ir::Expr> { return coin() ? expr() : Id<ir::Expr>{}; }
  auto words(int depth = 2) -> ir::Template;
  auto line() -> ir::Line { return {any<ir::Line::Kind>(2), words(), coin()}; }
  auto actions(int depth = 2) -> std::vector<ir::Action>;
  auto action(int depth) -> ir::Action;
  auto fields() -> std::vector<ir::Field>;
  auto target() -> ir::Target;
  auto transfer() -> ir::Transfer;
  auto realtime() -> ir::Realtime;
  auto channel() -> ir::Channel;
  auto pattern() -> ir::EventPattern;
  auto policy() -> ir::Policy;
  auto setting() -> ir::Setting;
  auto service(ir::Service::Kind kind) -> ir::Service;
  auto work(ir::Tool::Body body) -> ir::Work;
  auto tool() -> ir::Tool;
  auto agent() -> ir::Agent;
  auto form() -> ir::Form;
  auto handoff() -> ir::Handoff;
  auto deed() -> ir::Deed;
  auto rule() -> ir::Rule;
  auto place() -> Span;

  std::mt19937_64 random_;
  ir::Program p_;
  int names_ = 0;
};

}  // namespace flow::test
