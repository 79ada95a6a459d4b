#pragma once
// Makes the edits that messages offer, until none is left.

#include <string>
#include <vector>

#include "compiler/check/load.h"

namespace flow::fix {

struct FixedFile {
  std::string path;
  std::string before, after;
};

struct Fixed {
  std::vector<FixedFile> files;  // those that changed, in the order in which they are read
  std::size_t fixes = 0;         // how many messages were answered
  check::Checked rest;           // what is said of the result
};

// Nothing is written. One message is answered at a time, and the files are checked anew; a fix after which its message is
// still said is taken back and not tried again. Others may be said now that it hid. Files of the library are left alone.
auto fix(const std::vector<std::string>& paths, const check::LoadOptions& options = {}) -> Fixed;

// The change as `diff -u` shows it, with `context` lines around.
auto diff(const FixedFile& file, std::size_t context = 3) -> std::string;

}  // namespace flow::fix
