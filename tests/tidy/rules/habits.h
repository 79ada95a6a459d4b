#pragma once
// Rules about what a file may hold.

#include "tests/tidy/rules/source.h"

namespace flow::tidy {

// Nothing waits by sleeping, in tests neither.
auto nothing_sleeps(const Source& source) -> Findings;

// No lock in the core or near the audio: those run on one loop and wait for nobody.
auto no_locks_near_audio(const Source& source) -> Findings;

// core, explore and wire are functions of their arguments: no clock, thread, chance, console, file or environment.
auto pure_folders_are_pure(const Source& source) -> Findings;

// A file stays under 600 lines, unless `exempt` names it with a reason.
auto files_stay_small(const Source& source, const Entries& exempt) -> Findings;

// Exemptions are real: the file is there, is too long, and a reason is given.
auto exemptions_are_needed(const std::vector<Source>& tree, const Entries& exempt) -> Findings;

// What is left to do carries the number of its issue.
auto todos_have_issues(const Source& source) -> Findings;

// No path of somebody's own machine.
auto no_private_paths(const Source& source) -> Findings;

// Headers are read once.
auto headers_have_pragma_once(const Source& source) -> Findings;

// Every folder of compiler/ and runtime/ that holds code says on a page what it is for.
auto folders_have_readmes(const std::vector<Source>& tree) -> Findings;

}  // namespace flow::tidy
