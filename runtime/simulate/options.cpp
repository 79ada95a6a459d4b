#include "runtime/simulate/options.h"

namespace flow::simulate {

auto read_chaos(std::string_view words) -> Result<Chaos> {
  Chaos chaos;
  while (!words.empty()) {
    const auto comma = words.find(',');
    const auto word = words.substr(0, comma);
    words.remove_prefix(comma == words.npos ? words.size() : comma + 1);
    if (word == "delay") chaos.delay = true;
    else if (word == "reorder") chaos.reorder = true;
    else if (word == "drop") chaos.drop = true;
    else if (word == "error") chaos.error = true;
    else if (!word.empty()) {
      return failure("R0121", "unknown kind of misbehaviour `" + std::string(word) + "`",
                     "use any of delay, reorder, drop, error, separated by commas");
    }
  }
  return chaos;
}

}  // namespace flow::simulate
