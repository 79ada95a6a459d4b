// `completions` and `man`: texts for the shell's own use.

#include "cli/commands.h"
#include "cli/completions.h"

namespace flow::cli {

auto perform(const Completions& completions, const Console& console) -> int {
  console.print(completions_for(completions.shell));
  return 0;
}

auto perform(const Man&, const Console& console) -> int {
  console.print(manual());
  return 0;
}

}  // namespace flow::cli
