#include "runtime/json/tree.h"

#include <boost/json/parser.hpp>
#include <limits>

#include "runtime/json/error.h"

namespace flow::json {

auto parse_tree(std::string_view text, Limits limits, boost::json::storage_ptr memory) -> Result<boost::json::value> {
  if (text.size() > limits.bytes) return too_long(text, limits);
  boost::json::parse_options options;
  options.max_depth = limits.depth;
  boost::json::parser parser({}, options);
  parser.reset(std::move(memory));
  boost::json::error_code why;
  const auto read = parser.write_some(text.data(), text.size(), why);
  if (!why && read < text.size()) why = boost::json::error::extra_data;
  if (why) return not_json(why, read);
  return parser.release();
}

auto to_value(const boost::json::value& tree) -> Value {
  switch (tree.kind()) {
    case boost::json::kind::null: return {};
    case boost::json::kind::bool_: return Value{tree.get_bool()};
    case boost::json::kind::int64: return Value{tree.get_int64()};
    case boost::json::kind::uint64: return Value{static_cast<double>(tree.get_uint64())};
    case boost::json::kind::double_: return Value{tree.get_double()};
    case boost::json::kind::string: return Value{std::string(tree.get_string())};
    case boost::json::kind::array: {
      Value::List list;
      list.reserve(tree.get_array().size());
      for (const auto& each : tree.get_array()) list.push_back(to_value(each));
      return Value{std::move(list)};
    }
    case boost::json::kind::object: {
      Value::Record record;
      record.reserve(tree.get_object().size());
      for (const auto& [name, each] : tree.get_object()) record.emplace_back(std::string(name), to_value(each));
      return Value{std::move(record)};
    }
  }
  return {};
}

}  // namespace flow::json
