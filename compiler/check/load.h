#pragma once
// The front's entry point: files to a checked tree. Type checks and lowering go on from its result, with its report.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/source.h"
#include "compiler/check/scope.h"
#include "compiler/diag/diag.h"

namespace flow::check {

struct LoadOptions {
  // Reads a file; the default reads from the disk. Tests give their own.
  std::function<Result<std::string>(const std::string& path)> read = {};
  // Where `std.x` is `<folder>/std/x.flow`; empty: the library built into the program.
  std::string stdlib_folder = {};
  // Parses a file; the default is parse::parse. Who checks the same files often gives one that remembers.
  std::function<ast::File(const SourceFile& source, diag::Report& report)> parse = {};
  // The language to speak: the tag of one of the flow's `locale`s; empty: as the flow is written.
  std::string locale = {};
};

// The text of a module of the built-in library, `std/policies.flow`; empty if there is none. And the names of all.
auto standard_text(std::string_view path) -> std::string_view;
auto standard_paths() -> std::vector<std::string_view>;

// A file of at most SourceFile::BytesMax bytes and one buffer; a folder is no file. The error's text is the system's.
auto read_from_disk(const std::string& path) -> Result<std::string>;

// Everything that is known of a program after its names have been resolved. Movable; pointers into it stay good.
struct Checked {
  Sources sources;
  std::vector<std::unique_ptr<Module>> modules;  // roots in the order given, each before what it imports
  Scope scope;
  diag::Report report;

  auto roots() const -> std::vector<const Module*>;
  // A root and everything it imports, directly or not: itself first, each once.
  auto closure(const Module& root) const -> std::vector<const Module*>;
};

// Reads, parses, and checks clauses and names. Never throws and never stops at the first error; whatever is wrong is
// in `report`. Paths are opened as given; an import is looked for beside the file that imports it.
auto load(const std::vector<std::string>& paths, const LoadOptions& options = {}) -> Checked;

}  // namespace flow::check
