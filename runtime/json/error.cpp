#include "runtime/json/error.h"

#include <fmt/format.h>

namespace flow::json {

auto too_long(std::string_view text, Limits limits) -> tl::unexpected<Error> {
  return failure("json_too_long",
                 fmt::format("the JSON text has {} bytes, at most {} are read", text.size(), limits.bytes));
}

auto not_json(const boost::json::error_code& why, std::size_t at) -> tl::unexpected<Error> {
  if (why == boost::json::error::too_deep)
    return failure("json_too_deep", fmt::format("too many levels at byte {}", at));
  if (why == boost::json::error::exponent_overflow)
    return failure("json_number", fmt::format("number too large at byte {}", at));
  return failure("json_syntax", fmt::format("not JSON at byte {}: {}", at, why.message()));
}

}  // namespace flow::json
