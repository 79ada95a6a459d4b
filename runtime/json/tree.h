#pragma once
// Boost.JSON's tree, for those who look at a few members of a text and leave the rest alone.

#include <boost/json/value.hpp>

#include "runtime/json/json.h"

namespace flow::json {

// As `parse`, but into Boost's tree in `memory`: its numbers may be one unit in the last place off, and one beyond a
// double is infinite.
auto parse_tree(std::string_view text, Limits limits = {}, boost::json::storage_ptr memory = {})
    -> Result<boost::json::value>;

auto to_value(const boost::json::value& tree) -> Value;

}  // namespace flow::json
