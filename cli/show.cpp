#include "cli/commands.h"

namespace flow::cli {

auto perform(const Show& show, const Console& console) -> int {
  console.print(show.text);
  return 0;
}

}  // namespace flow::cli
