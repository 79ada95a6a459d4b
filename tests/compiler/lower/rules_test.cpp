// Rules become rows: what they forbid, when, and in which words.

#include <catch2/catch_test_macros.hpp>

#include "tests/support/lower.h"

using namespace flow;
using namespace flow::test;

namespace {

using Codes = std::multiset<std::string>;

// A flow with a tool `pay`, which takes an amount, a tool `check`, and an agent `boss`, and these rules.
auto ruled(const std::string& clauses) -> std::string {
  return "flow shop { start desk; max_duration 30m }\n"
         "state { known: bool = false }\n"
         "/// Pay.\ntool pay(amount: int) writes { builtin stay_silent }\n"
         "/// Check the caller.\ntool check() -> bool reads { builtin stay_silent; sets known = result }\n"
         "agent desk { greet first \"We record calls.\"; instructions \"Help.\"; tools pay, check; handoff boss when \"the caller complains\" }\n"
         "agent boss { instructions \"Listen.\"; handoff back when \"the caller is content\" }\n"
         "/// Why it is so.\nrule house { " + clauses + " }\n";
}

auto rule_of(const std::string& clauses) -> ir::Rule {
  const auto compiled = lowered(ruled(clauses));
  INFO(clauses << "\n" << said(compiled));
  REQUIRE(compiled.program);
  REQUIRE(compiled.program->rules.size() == 1);
  return compiled.program->rules[Id<ir::Rule>{0}];
}

}  // namespace

TEST_CASE("a rule keeps its name, its reason and its words") {
  const auto rule = rule_of("never  pay   unless not( amount<100 or  known  )");
  CHECK(rule.declaration == "house");
  CHECK(rule.doc == "Why it is so.");
  CHECK(rule.text == "never pay unless not (amount < 100 or known)");
}

TEST_CASE("the kinds of rules") {
  CHECK(rule_of("never pay unless known").kind == ir::Rule::Kind::Unless);
  CHECK(rule_of("never pay unless amount < 100 or known").kind == ir::Rule::Kind::Unless);
  CHECK(rule_of("never pay before check").first->kind == ir::Deed::Kind::Tool);
  CHECK(rule_of("never pay before boss").first->kind == ir::Deed::Kind::Enter);
  CHECK(rule_of("never pay before heard \"record calls\"").first->words == "record calls");
  CHECK(rule_of("never boss unless known").what.kind == ir::Deed::Kind::Enter);
  CHECK(rule_of("at most 3 pay").most == 3);
  CHECK(rule_of("every agent reaches boss within 1 handoff").most == 1);
}

TEST_CASE("a rule names what there is, and counts from one") {
  CHECK(codes(lowered(ruled("never buy unless known"))) == Codes{"F0301"});
  CHECK(codes(lowered(ruled("never pay unless nown"))) == Codes{"F0304"});
  CHECK(codes(lowered(ruled("never boss unless amount < 3"))) == Codes{"F0304"});
  CHECK(codes(lowered(ruled("at most 0 pay"))) == Codes{"F0413"});
  CHECK(codes(lowered(ruled("every agent reaches nobody within 2 handoffs"))) == Codes{"F0301"});
  CHECK(codes(lowered(ruled("never pay"))) == Codes{"F0703"});
  CHECK(codes(lowered(ruled("never pay after check"))) == Codes{"F0702"});
}

TEST_CASE("what undoes a tool is another one that takes the same arguments, and allows it to be cancelled") {
  const auto undone = [](const std::string& clauses) {
    return codes(flow_with("policy a { cancel by model }\n/// Book.\ntool book(room: string) writes once { builtin stay_silent; idempotency_key room; policy a" + clauses +
                           " }\n/// Free it.\ntool free(room: string) writes { builtin stay_silent }\n/// Count.\ntool count(hall: string, room: int) reads { builtin stay_silent }"));
  };
  CHECK(undone("") == Codes{"F0608"});
  CHECK(undone("; compensate free") == Codes{});
  CHECK(undone("; compensate book") == Codes{"F0717"});
  CHECK(undone("; compensate count") == Codes{"F0718", "F0718"});
  CHECK(undone("; compensate nothing") == Codes{"F0301", "F0608"});
}
