#pragma once
// No number or time of a clause or an event is less than nothing.

#include "compiler/lower/context.h"

namespace flow::lower {

void check_numbers(Context& context);

}  // namespace flow::lower
