#pragma once
// What Boost.JSON's codes are called here.

#include <boost/json/error.hpp>
#include <string_view>

#include "compiler/base/result.h"
#include "runtime/json/json.h"

namespace flow::json {

auto too_long(std::string_view text, Limits limits) -> tl::unexpected<Error>;
auto not_json(const boost::json::error_code& why, std::size_t at) -> tl::unexpected<Error>;

}  // namespace flow::json
