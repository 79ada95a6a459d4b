#pragma once
// Can conditions hold together? Every name in them gets each value that makes a difference: those it is compared with,
// one below, between and above, the values of its enum, and none. Small scopes are searched whole; a condition too big
// for that, or that asks for something else, may hold.

#include <optional>

#include "compiler/review/names.h"

namespace flow::review {

struct Answer {
  bool can_hold = true;
  bool can_fail = true;
};

// How `condition` may come out where `given` is known. Contradictions within `given` are nobody's here: both are true.
auto possible(const ast::Expr& condition, const Given& given, const Place& place, const Names& names, const Subject& subject) -> Answer;

}  // namespace flow::review
