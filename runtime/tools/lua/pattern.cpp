#include "runtime/tools/lua/pattern.h"

#include <cctype>

namespace flow::tools::lua {
namespace {

// %a, %d, …; an upper-case letter is the complement, any other character itself.
auto in_class(unsigned char c, unsigned char letter) -> bool {
  bool in = false;
  switch (std::tolower(letter)) {
    case 'a': in = std::isalpha(c); break;
    case 'c': in = std::iscntrl(c); break;
    case 'd': in = std::isdigit(c); break;
    case 'g': in = std::isgraph(c); break;
    case 'l': in = std::islower(c); break;
    case 'p': in = std::ispunct(c); break;
    case 's': in = std::isspace(c); break;
    case 'u': in = std::isupper(c); break;
    case 'w': in = std::isalnum(c); break;
    case 'x': in = std::isxdigit(c); break;
    default: return letter == c;
  }
  return std::isupper(letter) ? !in : in;
}

}  // namespace

auto Matcher::match_at(std::size_t at) -> std::size_t {
  level_ = 0;
  depth_ = 0;
  return match(at, 0);
}

auto Matcher::fail(const char* why) -> std::size_t {
  if (!fault_) fault_ = why;
  return None;
}

// The rest of the pattern from `p` against the subject from `s`. Plain items go round the loop; whatever may have to be
// taken back recurses.
auto Matcher::match(std::size_t s, std::size_t p) -> std::size_t {
  if (++depth_ > DepthMax) return fail("pattern too complex");
  std::size_t result = None;
  for (;;) {
    if (!steps_.spend()) {
      exhausted_ = true;
      break;
    }
    if (p == pattern_.size()) {
      result = s;
      break;
    }
    bool special = true;
    const char c = pattern_[p];
    if (c == '%' && p + 1 < pattern_.size() && (pattern_[p + 1] == 'b' || std::isdigit(static_cast<unsigned char>(pattern_[p + 1])))) {
      // Takes some of the subject and goes on behind it.
      const bool pair = pattern_[p + 1] == 'b';
      s = pair ? balanced(s, p + 2) : repeated_capture(s, pattern_[p + 1]);
      if (s == None) break;
      p += pair ? 4 : 2;
      continue;
    }
    if (c == '%' && p + 1 < pattern_.size() && pattern_[p + 1] == 'f') {
      if (p + 2 >= pattern_.size() || pattern_[p + 2] != '[') {
        fail("missing '[' after '%f' in pattern");
        break;
      }
      const auto end = item_end(p + 2);
      if (end == None || !at_frontier(s, p + 2, end)) break;
      p = end;
      continue;
    }
    result = match_special(s, p, special);
    if (special) break;
    const auto end = item_end(p);
    if (end == None) break;
    bool go_on = false;
    result = match_item(s, p, end, go_on);
    if (!go_on) break;
    // Either the item took one character, or it has a suffix and took none.
    p = result == None ? end + 1 : end;
    if (result != None) s = result;
    result = None;
  }
  --depth_;
  return result;
}

// Captures and the end's anchor.
auto Matcher::match_special(std::size_t s, std::size_t p, bool& special) -> std::size_t {
  switch (pattern_[p]) {
    case '(':
      if (p + 1 < pattern_.size() && pattern_[p + 1] == ')') return open_capture(s, p + 2, Capture::Position);
      return open_capture(s, p + 1, Capture::Open);
    case ')': return close_capture(s, p + 1);
    case '$':
      if (p + 1 == pattern_.size()) return s == subject_.size() ? s : None;
      break;
    default: break;
  }
  special = false;
  return None;
}

// One item with its suffix. `go_on`: the caller continues behind it, from the position given back (None: from where it
// was).
auto Matcher::match_item(std::size_t s, std::size_t p, std::size_t end, bool& go_on) -> std::size_t {
  const char suffix = end < pattern_.size() ? pattern_[end] : '\0';
  const bool one = fits(s, p, end);
  if (exhausted_) return None;
  switch (suffix) {
    case '?':
      if (one) {
        const auto result = match(s + 1, end + 1);
        if (result != None || fault_ || exhausted_) return result;
      }
      go_on = true;
      return None;
    case '+': return one ? most_first(s + 1, p, end) : None;
    case '*':
      go_on = !one;
      return one ? most_first(s, p, end) : None;
    case '-':
      go_on = !one;
      return one ? least_first(s, p, end) : None;
    default:
      go_on = one;
      return one ? s + 1 : None;
  }
}

auto Matcher::most_first(std::size_t s, std::size_t p, std::size_t end) -> std::size_t {
  std::size_t n = 0;
  while (fits(s + n, p, end)) ++n;
  if (exhausted_) return None;
  for (auto left = n + 1; left > 0; --left) {
    const auto result = match(s + left - 1, end + 1);
    if (result != None || fault_ || exhausted_) return result;
  }
  return None;
}

auto Matcher::least_first(std::size_t s, std::size_t p, std::size_t end) -> std::size_t {
  for (;; ++s) {
    const auto result = match(s, end + 1);
    if (result != None || fault_ || exhausted_) return result;
    if (!fits(s, p, end)) return None;  // also when the steps are used up
  }
}

auto Matcher::open_capture(std::size_t s, std::size_t p, std::size_t kind) -> std::size_t {
  if (level_ >= CapturesMax) return fail("too many captures");
  captures_[level_] = {s, kind};
  ++level_;
  const auto result = match(s, p);
  if (result == None) --level_;
  return result;
}

auto Matcher::close_capture(std::size_t s, std::size_t p) -> std::size_t {
  auto open = level_;
  while (open > 0 && captures_[open - 1].length != Capture::Open) --open;
  if (open == 0) return fail("invalid pattern capture");
  auto& capture = captures_[open - 1];
  capture.length = s - capture.begin;
  const auto result = match(s, p);
  if (result == None) capture.length = Capture::Open;
  return result;
}

auto Matcher::balanced(std::size_t s, std::size_t p) -> std::size_t {
  if (p + 1 >= pattern_.size()) return fail("malformed pattern (missing arguments to '%b')");
  if (s >= subject_.size() || subject_[s] != pattern_[p]) return None;
  const char open = pattern_[p], close = pattern_[p + 1];
  std::size_t nested = 1;
  for (auto at = s + 1; at < subject_.size(); ++at) {
    if (!steps_.spend()) return exhausted_ = true, None;
    if (subject_[at] == close) {
      if (--nested == 0) return at + 1;
    } else if (subject_[at] == open) {
      ++nested;
    }
  }
  return None;
}

auto Matcher::repeated_capture(std::size_t s, char digit) -> std::size_t {
  const auto index = static_cast<std::size_t>(digit - '1');
  if (digit == '0' || index >= level_ || captures_[index].length == Capture::Open) return fail("invalid capture index in pattern");
  // A position's length is enormous: never there again.
  const auto& capture = captures_[index];
  if (capture.length > subject_.size() - s) return None;
  if (!steps_.spend(capture.length)) return exhausted_ = true, None;
  return subject_.substr(capture.begin, capture.length) == subject_.substr(s, capture.length) ? s + capture.length : None;
}

// Between a character outside the set and one inside; the subject's ends count as '\0'.
auto Matcher::at_frontier(std::size_t s, std::size_t p, std::size_t set_end) -> bool {
  const auto before = s == 0 ? '\0' : subject_[s - 1];
  const auto after = s < subject_.size() ? subject_[s] : '\0';
  return !in_set(static_cast<unsigned char>(before), p, set_end - 1) && in_set(static_cast<unsigned char>(after), p, set_end - 1);
}

// One past the single item that begins at `p`.
auto Matcher::item_end(std::size_t p) -> std::size_t {
  const auto begin = p;
  const char first = pattern_[p++];
  if (first == '%') return p < pattern_.size() ? p + 1 : fail("malformed pattern (ends with '%')");
  if (first != '[') return p;
  if (p < pattern_.size() && pattern_[p] == '^') ++p;
  do {  // a ] that comes first is itself
    if (p >= pattern_.size()) return fail("malformed pattern (missing ']')");
    if (pattern_[p++] == '%') {
      if (p >= pattern_.size()) return fail("malformed pattern (missing ']')");
      ++p;
    }
  } while (p >= pattern_.size() || pattern_[p] != ']');
  return steps_.spend(p - begin) ? p + 1 : (exhausted_ = true, None);
}

// Costs what looking at the item costs: a set may be as long as memory allows.
auto Matcher::fits(std::size_t s, std::size_t p, std::size_t end) -> bool {
  if (s >= subject_.size()) return false;
  if (!steps_.spend(end - p)) return !(exhausted_ = true);
  const auto c = static_cast<unsigned char>(subject_[s]);
  switch (pattern_[p]) {
    case '.': return true;
    case '%': return in_class(c, static_cast<unsigned char>(pattern_[p + 1]));
    case '[': return in_set(c, p, end - 1);
    default: return static_cast<unsigned char>(pattern_[p]) == c;
  }
}

// The set from its `[` at `p` to its `]` at `last`.
auto Matcher::in_set(unsigned char c, std::size_t p, std::size_t last) const -> bool {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(pattern_[i]); };
  bool inside = true;
  if (at(p + 1) == '^') {
    inside = false;
    ++p;
  }
  while (++p < last) {
    if (at(p) == '%') {
      if (in_class(c, at(++p))) return inside;
    } else if (at(p + 1) == '-' && p + 2 < last) {
      if (at(p) <= c && c <= at(p + 2)) return inside;
      p += 2;
    } else if (at(p) == c) {
      return inside;
    }
  }
  return !inside;
}

}  // namespace flow::tools::lua
