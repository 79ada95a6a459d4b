#pragma once
// Source text to a tree. ANTLR lives behind this header and nowhere else.

#include "compiler/ast/ast.h"
#include "compiler/base/source.h"
#include "compiler/diag/diag.h"

namespace flow::parse {

// Parses one file. Never throws, always returns a tree: what could not be understood was reported and stands in the
// tree as missing, or not at all. Many errors in one run. Any thread; nothing is shared but the parser's caches.
auto parse(const SourceFile& source, diag::Report& report) -> ast::File;

// The same of a part of a file, behind which more follows: what is missing at its end is not said to be missing at the end
// of the file.
auto parse_part(const SourceFile& source, diag::Report& report) -> ast::File;

}  // namespace flow::parse
