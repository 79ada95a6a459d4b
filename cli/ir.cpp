#include "compiler/ir/text.h"

#include "cli/commands.h"
#include "cli/compiled.h"

namespace flow::cli {

auto perform(const Ir& ir, const Console& console) -> int {
  const auto program = compiled(ir.flow, console);
  if (!program) return 1;
  console.print(ir::to_text(*program));
  return 0;
}

}  // namespace flow::cli
