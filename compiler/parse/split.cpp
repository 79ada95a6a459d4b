#include "compiler/parse/split.h"

#include <algorithm>
#include <array>

namespace flow::parse {
namespace {

auto begins_word(char c) -> bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
auto is_blank(char c) -> bool { return c == ' ' || c == '\t' || c == '\r' || c == '\f'; }

auto first_word(std::string_view text) -> std::string_view {
  std::size_t end = 0;
  while (end < text.size() && (begins_word(text[end]) || (end > 0 && text[end] >= '0' && text[end] <= '9'))) ++end;
  return text.substr(0, end);
}

template <std::size_t N>
auto one_of(const std::array<std::string_view, N>& words, std::string_view word) -> bool {
  return std::ranges::find(words, word) != words.end();
}

// As `begins_declaration` of the layout pass: a word that begins a declaration, then a name, a block or a text.
auto begins_declaration(std::string_view line) -> bool {
  constexpr std::array<std::string_view, 15> Words{"flow",   "import", "enum",  "type",     "state",   "realtime", "service",
                                                   "policy", "tool",   "agent", "transfer", "channel", "rule",     "test", "locale"};
  constexpr std::array<std::string_view, 16> NoNames{"if", "else", "and", "or", "not", "in", "true", "false", "none",
                                                     "handoff", "form", "on", "sets", "carry", "set", "fails"};
  const auto word = first_word(line);
  if (!one_of(Words, word)) return false;
  line.remove_prefix(word.size());
  while (!line.empty() && is_blank(line[0])) line.remove_prefix(1);
  if (line.empty()) return false;
  if (line[0] == '"') return !line.starts_with("\"\"\"");
  return line[0] == '{' || (begins_word(line[0]) && !one_of(NoNames, first_word(line)));
}

// The lexer's modes, one character after the other.
class Scanner {
 public:
  enum class Mode { Code, Line, Block, Hole };

  explicit Scanner(std::string_view text) : text_(text) {}

  auto at() const -> std::uint32_t { return at_; }
  auto done() const -> bool { return at_ >= text_.size(); }
  auto mode() const -> Mode { return modes_.back(); }
  auto in_comment() const -> bool { return in_comment_; }
  auto depth() const -> int { return depth_; }
  auto in_text() const -> bool { return modes_.size() > 1; }
  // Whether a `///` begins on the line that was left last, behind something else.
  auto doc_after_code() const -> bool { return doc_after_code_; }

  void start_again() {
    modes_ = {Mode::Code};
    depth_ = 0;
  }

  // Takes characters up to the next line's begin, or to `stop`.
  void take_line(std::uint32_t stop) {
    bool blank = true;
    doc_after_code_ = in_comment_ = false;
    while (at_ < stop) {
      const char c = text_[at_];
      if (in_comment_ && !ends_comment(c)) {
        ++at_;
        continue;
      }
      in_comment_ = false;
      if (c == '\n') {
        ++at_;
        end_line();
        return;
      }
      if (mode() == Mode::Code && !blank && rest().starts_with("///")) doc_after_code_ = true;
      if (!is_blank(c)) blank = false;
      take(c);
    }
  }

 private:
  auto rest() const -> std::string_view { return text_.substr(at_); }
  auto ends_comment(char c) const -> bool { return c == '\n' || c == '\r' || (c == '}' && mode() == Mode::Hole); }

  void take(char c) {
    switch (mode()) {
      case Mode::Code: return take_code(c);
      case Mode::Line: return c == '"' ? close_text(1) : take_chars(c);
      case Mode::Block: return rest().starts_with("\"\"\"") ? close_text(3) : take_chars(c);
      case Mode::Hole: return take_hole(c);
    }
  }

  void take_code(char c) {
    if (c == '#' || rest().starts_with("//")) in_comment_ = true;
    if (c == '{') ++depth_;
    if (c == '}') depth_ = std::max(0, depth_ - 1);
    if (c == '"') return open_text();
    ++at_;
  }

  void open_text() {
    const bool block = rest().starts_with("\"\"\"");
    modes_.push_back(block ? Mode::Block : Mode::Line);
    at_ += block ? 3 : 1;
  }

  void close_text(std::uint32_t length) {
    modes_.pop_back();
    at_ += length;
  }

  // Of a text: an escape takes the character after it. A line's end is left to be seen.
  void take_chars(char c) {
    const auto next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\n';
    const bool in_line = mode() != Mode::Block;
    if (c == '{') modes_.push_back(Mode::Hole);
    at_ += c == '\\' && next != '\n' && !(in_line && next == '\r') ? 2 : 1;
  }

  void take_hole(char c) {
    if (rest().starts_with("//")) {
      in_comment_ = true;
      at_ += 2;
      return;
    }
    if (c == '}') modes_.pop_back();
    if (c == '"') {
      if (!rest().starts_with("\"\"\"")) return open_text();
      if (modes_[modes_.size() - 2] == Mode::Block) modes_.resize(modes_.size() - 2);
      at_ += 3;
      return;
    }
    ++at_;
  }

  // A text in one line ends with it, and whatever was open inside it.
  void end_line() {
    while (mode() == Mode::Line || (mode() == Mode::Hole && modes_[modes_.size() - 2] == Mode::Line)) modes_.pop_back();
  }

  std::string_view text_;
  std::uint32_t at_ = 0;
  std::vector<Mode> modes_{Mode::Code};
  int depth_ = 0;
  bool in_comment_ = false;
  bool doc_after_code_ = false;
};

struct Cuts {
  std::vector<std::uint32_t> all;       // where a declaration begins a line of code
  std::vector<std::uint32_t> balanced;  // those with no brace open
  bool open_text = false, open_brace = false;
};

// Where the doc comment begins that stands right above a line.
auto with_doc(std::string_view text, std::uint32_t line) -> std::uint32_t {
  while (line > 0) {
    const auto before = text.rfind('\n', line - 1);
    const auto end = before == text.npos ? 0 : before;
    const auto begin = end == 0 ? text.npos : text.rfind('\n', end - 1);
    const auto start = static_cast<std::uint32_t>(begin == text.npos ? 0 : begin + 1);
    auto above = text.substr(start, end - start);
    above.remove_prefix(std::min(above.find_first_not_of(" \t"), above.size()));
    if (!above.starts_with("///")) return line;
    line = start;
  }
  return line;
}

// `strict`: a line in a text that looks like a declaration is one; the text was never closed.
auto cuts_of(std::string_view text, bool strict) -> Cuts {
  Cuts out;
  Scanner scanner{text};
  bool glued = false;  // the doc comment above begins behind something else: it cannot be cut off
  const auto end = static_cast<std::uint32_t>(text.size());
  while (!scanner.done()) {
    const auto line = scanner.at();
    const bool code = !scanner.in_text();
    if ((code || strict) && line > 0 && !glued && begins_declaration(text.substr(line))) {
      const auto begin = with_doc(text, line);
      out.all.push_back(begin);
      if (!code) scanner.start_again();
      if (scanner.depth() == 0) out.balanced.push_back(begin);
    }
    const auto start = text.substr(line);
    const auto first = std::min(start.find_first_not_of(" \t"), start.size());
    const bool doc_line = code && start.substr(first).starts_with("///");
    scanner.take_line(end);
    glued = scanner.doc_after_code() || (glued && doc_line);
  }
  out.open_text = scanner.in_text();
  out.open_brace = scanner.depth() > 0;
  return out;
}

}  // namespace

auto split(std::string_view text) -> std::vector<std::uint32_t> {
  auto cuts = cuts_of(text, false);
  const bool broken = cuts.open_text;
  if (broken) cuts = cuts_of(text, true);
  auto out = broken || cuts.open_brace ? std::move(cuts.all) : std::move(cuts.balanced);
  if (out.empty() || out.front() != 0) out.insert(out.begin(), 0);
  return out;
}

auto inside(std::string_view text, std::uint32_t byte) -> Inside {
  byte = std::min(byte, static_cast<std::uint32_t>(text.size()));
  Scanner scanner{text};
  while (scanner.at() < byte) scanner.take_line(byte);
  if (scanner.in_comment()) return Inside::Comment;
  switch (scanner.mode()) {
    case Scanner::Mode::Code: return Inside::Code;
    case Scanner::Mode::Hole: return Inside::Hole;
    default: return Inside::Text;
  }
}

}  // namespace flow::parse
