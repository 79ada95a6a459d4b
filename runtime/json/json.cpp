#include "runtime/json/json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <unordered_map>

#include "runtime/json/error.h"

namespace flow::json {
namespace {

using Code = boost::json::error_code;
using Text = boost::json::string_view;

// Of a name that is there twice the last value counts, at the first one's place. Not one scan a member: a stranger may
// send a million.
void keep_last(Value::Record& record) {
  std::unordered_map<std::string_view, std::size_t> places;
  std::vector<bool> superfluous(record.size());
  bool twice = false;
  for (std::size_t i = 0; i < record.size(); ++i) {
    const auto [place, is_new] = places.try_emplace(record[i].first, i);
    if (is_new) continue;
    record[place->second].second = std::move(record[i].second);
    superfluous[i] = twice = true;
  }
  if (!twice) return;
  Value::Record kept;
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (!superfluous[i]) kept.push_back(std::move(record[i]));
  }
  record = std::move(kept);
}

// Finds out whether a text is JSON.
struct Looker {
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_object_size = max_array_size;
  static constexpr std::size_t max_string_size = max_array_size;
  static constexpr std::size_t max_key_size = max_array_size;

  auto on_document_begin(Code&) -> bool { return true; }
  auto on_document_end(Code&) -> bool { return true; }
  auto on_array_begin(Code&) -> bool { return true; }
  auto on_array_end(std::size_t, Code&) -> bool { return true; }
  auto on_object_begin(Code&) -> bool { return true; }
  auto on_object_end(std::size_t, Code&) -> bool { return true; }
  auto on_key_part(Text, std::size_t, Code&) -> bool { return true; }
  auto on_key(Text, std::size_t, Code&) -> bool { return true; }
  auto on_string_part(Text, std::size_t, Code&) -> bool { return true; }
  auto on_string(Text, std::size_t, Code&) -> bool { return true; }
  auto on_number_part(Text, Code&) -> bool { return true; }
  auto on_int64(std::int64_t, Text, Code&) -> bool { return true; }
  auto on_uint64(std::uint64_t, Text, Code&) -> bool { return true; }
  auto on_double(double number, Text, Code&) -> bool { return std::isfinite(number); }
  auto on_bool(bool, Code&) -> bool { return true; }
  auto on_null(Code&) -> bool { return true; }
  auto on_comment_part(Text, Code&) -> bool { return true; }
  auto on_comment(Text, Code&) -> bool { return true; }
};

// Boost.JSON finds the words, this makes values of them. Numbers are read again from their text, because Boost's
// doubles are not exact. A whole text is parsed in one piece, so a number is never handed over in parts.
class Builder {
 public:
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_object_size = max_array_size;
  static constexpr std::size_t max_string_size = max_array_size;
  static constexpr std::size_t max_key_size = max_array_size;

  auto on_document_begin(Code&) -> bool { return true; }
  auto on_document_end(Code&) -> bool { return true; }
  auto on_array_begin(Code&) -> bool { return open(Value{Value::List{}}); }
  auto on_array_end(std::size_t, Code&) -> bool { return close(); }
  auto on_object_begin(Code&) -> bool { return open(Value{Value::Record{}}); }
  auto on_object_end(std::size_t, Code&) -> bool {
    keep_last(std::get<Value::Record>(open_.back().value.data));
    return close();
  }
  auto on_key_part(Text part, std::size_t, Code&) -> bool { return gather(part); }
  auto on_key(Text part, std::size_t, Code&) -> bool {
    gather(part);
    open_.back().key = std::exchange(text_, {});
    return true;
  }
  auto on_string_part(Text part, std::size_t, Code&) -> bool { return gather(part); }
  auto on_string(Text part, std::size_t, Code&) -> bool {
    gather(part);
    return put(Value{std::exchange(text_, {})});
  }
  auto on_number_part(Text, Code&) -> bool { return true; }
  auto on_int64(std::int64_t number, Text, Code&) -> bool { return put(Value{number}); }
  auto on_uint64(std::uint64_t number, Text, Code&) -> bool { return put(Value{static_cast<double>(number)}); }
  auto on_double(double, Text digits, Code& why) -> bool {
    double number = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    // from_chars reports a number too small for a double the same way; that one is zero.
    if (fault == std::errc::result_out_of_range) number = std::strtod(std::string(digits).c_str(), nullptr);
    if (!std::isfinite(number)) {
      why = boost::json::error::exponent_overflow;
      return false;
    }
    return put(Value{number});
  }
  auto on_bool(bool truth, Code&) -> bool { return put(Value{truth}); }
  auto on_null(Code&) -> bool { return put(Value{}); }
  auto on_comment_part(Text, Code&) -> bool { return true; }
  auto on_comment(Text, Code&) -> bool { return true; }

  auto take() -> Value { return std::move(whole_); }

 private:
  struct Open {
    Value value;
    std::string key;  // of the member that comes next
  };

  auto open(Value value) -> bool {
    open_.push_back({std::move(value), {}});
    return true;
  }
  auto close() -> bool {
    auto done = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(done));
  }
  auto put(Value value) -> bool {
    if (open_.empty()) {
      whole_ = std::move(value);
    } else if (auto* list = std::get_if<Value::List>(&open_.back().value.data)) {
      list->push_back(std::move(value));
    } else {
      std::get<Value::Record>(open_.back().value.data).emplace_back(std::move(open_.back().key), std::move(value));
    }
    return true;
  }
  auto gather(Text part) -> bool {
    text_.append(part.data(), part.size());
    return true;
  }

  std::vector<Open> open_;
  std::string text_;
  Value whole_;
};

}  // namespace

auto parse(std::string_view text, Limits limits) -> Result<Value> {
  if (text.size() > limits.bytes) return too_long(text, limits);
  boost::json::parse_options options;
  options.max_depth = limits.depth;
  boost::json::basic_parser<Builder> parser(options);
  Code why;
  const auto read = parser.write_some(false, text.data(), text.size(), why);
  if (!why && read < text.size()) why = boost::json::error::extra_data;
  if (why) return not_json(why, read);
  return parser.handler().take();
}

auto is_object(std::string_view text, Limits limits) -> bool {
  if (text.size() > limits.bytes || text.find_first_not_of(" \t\r\n") == text.npos) return false;
  if (text[text.find_first_not_of(" \t\r\n")] != '{') return false;
  boost::json::parse_options options;
  options.max_depth = limits.depth;
  boost::json::basic_parser<Looker> parser(options);
  Code why;
  return parser.write_some(false, text.data(), text.size(), why) == text.size() && !why;
}

}  // namespace flow::json
