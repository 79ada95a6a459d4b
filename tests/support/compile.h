#pragma once
// Programs to reports, for tests of the compiler.

#include <map>
#include <string>

#include "compiler/check/load.h"

namespace flow::test {

// A file of the source tree, whole; empty if it is not there.
auto read_file(const std::string& path) -> std::string;

// Compiles files of the disk, or files that are only in `files` (by name), through every stage there is.
auto compile(const std::string& path, const std::string& text)
    -> check::Checked;  // `path` reads as `text`, others from the disk
auto compile_to_run(const std::string& main, const std::map<std::string, std::string>& files) -> check::Checked;
auto compile(const std::string& main, const std::map<std::string, std::string>& files) -> check::Checked;

}  // namespace flow::test
