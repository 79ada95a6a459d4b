#pragma once
// One line of a wire log: `{"t_ms":…,"dir":"in"|"out","event":{…}}`. Only what goes over an open link is logged; the
// key that opened it is a header and never comes here.

#include <string>
#include <string_view>

#include "runtime/core/ids.h"

namespace flow::wire {

enum class Direction { In, Out };  // seen from us: In came from the service

// Appends one line with its end. `frame` stands in it as it is, but for line breaks between its words, which would end
// the line. One that is not a JSON object is kept as text under "text", so that a log always reads as a log.
void log_line(core::Millis at, Direction direction, std::string_view frame, std::string& out);

}  // namespace flow::wire
