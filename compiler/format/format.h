#pragma once
// The one way to lay out a file. Changes blanks, line ends and `;` alone: the tokens that the parser sees stay the same.

#include <optional>
#include <string>

#include "compiler/base/source.h"
#include "compiler/diag/diag.h"

namespace flow::format {

// The file laid out; formatted again it stays as it is. Nothing if there are errors of syntax, which are in the report.
auto format(const SourceFile& source, diag::Report& report) -> std::optional<std::string>;

}  // namespace flow::format
