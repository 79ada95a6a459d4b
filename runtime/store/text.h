#pragma once
// The words of a journal's line: JSON, but exact. Texts keep whatever bytes they hold, a double is never mistaken for
// a whole number, and a record keeps its names as they are. (The JSON library refuses such texts and drops such names:
// right for what a stranger sends, wrong for what must be the same afterwards.)

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/ir/value.h"

namespace flow::store {

void write_text(std::string_view text, std::string& out);
void write_whole(std::int64_t number, std::string& out);
void write_double(double number, std::string& out);  // not finite: null
void write_value(const Value& value, std::string& out);

// Reads from the front of a text; after the first thing that is not as asked, `failed()` holds and nothing moves.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  auto failed() const -> bool { return failed_; }
  auto at_end() const -> bool { return at_ == text_.size(); }
  auto at() const -> std::size_t { return at_; }
  void fail() { failed_ = true; }

  // Takes `word` if it comes next.
  auto take(std::string_view word) -> bool;
  // `word` must come next.
  void expect(std::string_view word);
  auto next_is(char c) const -> bool { return !failed_ && at_ < text_.size() && text_[at_] == c; }

  void read(std::string& text);
  void read(double& number);
  void read(bool& truth);
  void read(Value& value) { read_value(value, 0); }
  template <class Whole>
  void read_whole(Whole& number) {
    const auto* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), number);
    if (failed_ || error != std::errc{}) return fail();
    at_ += static_cast<std::size_t>(end - begin);
  }

 private:
  void read_value(Value& value, int depth);
  void read_list(Value& value, int depth);
  void read_record(Value& value, int depth);
  void read_number(Value& value);
  void read_escape(std::string& text);

  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace flow::store
