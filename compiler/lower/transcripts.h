#pragma once
// Words of the caller that decide something must be written down by somebody.

#include "compiler/lower/context.h"

namespace flow::lower {

// Gives the connections a `transcription` where the flow listens for words and says nothing of it: its provider's usual
// one. Where there is to be none, what listens is warned of. For last: it reads what the others made.
void lower_transcripts(Context& context);

}  // namespace flow::lower
