#include "compiler/format/format.h"

#include "compiler/format/lines.h"
#include "compiler/parse/parse.h"

namespace flow::format {

auto format(const SourceFile& source, diag::Report& report) -> std::optional<std::string> {
  diag::Report own;
  parse::parse(source, own);
  report.append(own);
  if (own.has_errors()) return std::nullopt;
  return print(lines_of(pieces_of(source)));
}

}  // namespace flow::format
