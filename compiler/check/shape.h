#pragma once
// How a clause is written: the notation of the clause table, matched against the values of a clause.
//
//   word            this word                        TEXT      a text into which nothing is inserted
//   a b             one after the other              TEMPLATE  any text
//   a | b           either                           LINE      TEMPLATE, `protected TEMPLATE`, `model TEMPLATE`
//   [a]             or nothing                       INT NUMBER PERCENT DURATION DURATIONS (`1s..8s`) INTS (`4..6`)
//   (a)             grouped                          NAME PATH PARAMETER CALL EXPR
//   a, ...          one or more, with commas         SECRET ENV FILE VALUE: `secret("X")`, `env("X")`, `file("x")`, any
//   of text and these a~              matched, but not run yet         AGENT TARGET TOOL TOOLS DEED POLICY REALTIME SERVICE:
//   names that must exist if EXPR, else ACTION, ACTION, {...}: the clause's `if`, its `else`, its action, its block
//
// A comma between values that are no list is accepted and means nothing.

#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/clauses.h"

namespace flow::check {

// A clause as one row of values: its arguments, then `if`, `else`, action and block, each once at most.
struct ShapeValue {
  enum class Kind { Arg, If, Else, Action, Block };
  Kind kind = Kind::Arg;
  const ast::Arg* arg = nullptr;  // of Arg
  Span at;
};

struct ShapeMatch {
  bool ok = false;
  std::vector<Reference> references;      // of a match
  std::vector<const ast::Expr*> not_yet;  // of a match: values this version cannot run
  // Of a mismatch: the first value that fits nothing (the number of values: one is missing), what would have fitted,
  // which of that were plain words, which kinds of values (`AGENT`, `LINE`, `if`, `else`, `{`), and whether only a comma is
  // missing before it. Of a match: how it could go on.
  std::size_t at = 0;
  std::vector<std::string> expected;
  std::vector<std::string_view> words;
  std::vector<std::string_view> kinds;
  bool comma = false;
};

auto match_shape(std::string_view shape, const std::vector<ShapeValue>& values) -> ShapeMatch;

// The shape as messages show it: without `~`, and with `…` for `...`.
auto shown_shape(std::string_view shape) -> std::string;

}  // namespace flow::check
