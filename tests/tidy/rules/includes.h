#pragma once
// Rules about who may include and link whom.

#include "tests/tidy/rules/source.h"

namespace flow::tidy {

// A file of a folder in `layers` includes only its own folder's headers and those of the folders named there.
auto includes_follow_layers(const Source& source, const Entries& layers) -> Findings;

// A file outside tests/ includes a foreign header only in one of its homes; the longest matching prefix decides.
auto foreign_headers_at_home(const Source& source, const Entries& homes) -> Findings;

// `links`: a folder and the folders that its target links, as CMake has them.
auto links_follow_layers(const Entries& links, const Entries& layers) -> Findings;

// Every folder of code has a line.
auto folders_have_layers(const std::vector<Source>& tree, const Entries& layers) -> Findings;

}  // namespace flow::tidy
