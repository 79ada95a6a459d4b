#pragma once
// Comments that allow a warning where they stand:
//
//   agent sales { … }  // flow: allow F0501 because sales starts next month
//
// on the line itself, or alone on the line above. Several codes are divided by commas.

#include <vector>

#include "compiler/check/load.h"

namespace flow::check {

// Takes the warnings away that are allowed. A comment without a reason is a warning itself, and so is one that finds
// nothing to take away, as far as that can be known: `complete` are the files about which everything was said that there
// is to say.
void take_allowed_away(const std::vector<const Module*>& complete, Checked& checked);

}  // namespace flow::check
