#include "runtime/wire/log.h"

#include <fmt/format.h>

#include <iterator>

#include "compiler/base/trim.h"
#include "compiler/ir/value.h"
#include "runtime/json/json.h"

namespace flow::wire {

void log_line(core::Millis at, Direction direction, std::string_view frame, std::string& out) {
  fmt::format_to(std::back_inserter(out), R"({{"t_ms":{},"dir":"{}",)", at.count(),
                 direction == Direction::In ? "in" : "out");
  const auto event = trimmed(frame);
  if (json::is_object(event)) {
    out += R"("event":)";
    const auto begin = out.size();
    out += event;
    // Inside a JSON text a raw line break is only ever white space.
    for (auto i = begin; i < out.size(); ++i) {
      if (out[i] == '\n' || out[i] == '\r') out[i] = ' ';
    }
  } else {
    out += R"("text":)";
    out += to_json(Value{frame});
  }
  out += "}\n";
}

}  // namespace flow::wire
