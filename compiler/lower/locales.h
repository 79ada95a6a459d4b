#pragma once
// A flow in another language: what its `locale "de-DE" { "Hello." : "Hallo." }` say instead of its texts. The language is
// chosen before a call, and a program speaks one.

#include "compiler/lower/context.h"

namespace flow::lower {

// Reads the tables of all files. A language that no table has is not spoken.
void collect_locales(Context& context);

}  // namespace flow::lower
