#pragma once
// How the simulated model fills a form: each turn is looked at for what it says of any field, the field that was asked for
// first. A form is known by its function, `fill_…`, whose parameters may all be null.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/simulate/model.h"

namespace flow::simulate {

auto is_form(const Tool& tool) -> bool;

// What the form's last answer says: which fields are missing, the first of them to be asked for next, and whether the
// caller was asked to confirm.
struct Progress {
  bool begun = false;
  bool wants_yes = false;
  std::string asked;  // the field whose turn it is; empty: none is known
};
auto progress_of(const Tool& form, const std::vector<Line>& context) -> Progress;

// The arguments of a call with what `said` answers, as JSON; none: it answers nothing. `yes`: the caller has agreed.
auto answers_in(const Tool& form, std::string_view said, const Progress& progress, bool yes) -> std::optional<std::string>;

// What is said about the answer of a form's function: what is wrong, and the next question.
auto told_of_form(const Value& status) -> std::string;

// "half past nine", "9:30", "2 pm" as HH:MM; empty: no time was said.
auto time_in(std::string_view said) -> std::string;

}  // namespace flow::simulate
