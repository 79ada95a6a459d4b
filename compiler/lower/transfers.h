#pragma once
// Where calls go to, and where they come from.

#include "compiler/lower/context.h"

namespace flow::lower {

// A row for each transfer, so that whatever leads there can name it.
void declare_transfers(Context& context);
// Fills the rows.
void lower_transfers(Context& context);

void lower_channels(Context& context);

}  // namespace flow::lower
