#include "compiler/format/lines.h"

#include <algorithm>
#include <array>

#include "compiler/check/clauses.h"
#include "compiler/format/text_block.h"

namespace flow::format {
namespace {

constexpr std::size_t Indent = 2;
constexpr std::size_t LongKey = 12;  // a longer name with a block of its own stands out of the column

template <std::size_t N>
auto any_of(const Piece& piece, const std::array<std::string_view, N>& words) -> bool {
  return std::ranges::any_of(words, [&](auto word) { return piece.is(word); });
}

auto is_operator(const Piece& piece) -> bool {
  static constexpr std::array<std::string_view, 7> Words{"if", "else", "and", "or", "not", "in", "when"};
  return any_of(piece, Words);
}

// The clauses of which there is one for each first word, such as `greet first`: the word is part of their name.
auto named_by_two_words(std::string_view name) -> bool {
  return std::ranges::any_of(check::clauses::all(), [&](const auto& info) { return info.name == name && info.times == check::Times::Each; });
}

class Lines {
 public:
  auto run(const std::vector<Piece>& pieces) -> std::vector<Line> {
    for (const auto& piece : pieces) {
      take(piece);
      last_ = piece;
      if (!piece.is_comment()) last_word_ = piece;
    }
    return std::move(lines_);
  }

 private:
  enum class In { Items, Actions, Fields, Values, Bracket };
  struct Block {
    In in = In::Items;
    bool expanded = true;
    std::size_t indent = 0;
    int run = 0;
    // The item that is being read.
    bool item = false;
    std::size_t item_line = 0;
    std::string head;
    int pieces = 0;      // of the item so far
    int key_pieces = 0;  // how many of them are its name; 0: nothing is aligned
    bool type_done = false;
    std::size_t opened = 0;  // of Bracket: the line
  };

  auto block() -> Block& { return blocks_.back(); }

  void take(const Piece& piece) {
    if (piece.is_comment()) return comment(piece);
    if (piece.is("}") && blocks_.size() > 1) return close_block(piece);
    if (piece.is(")") || piece.is("]")) return close_bracket(piece);
    if (last_word_.is("}") && !piece.is("else") && !piece.is("{")) block().item = false;
    if (piece.breaks > 0 || lines_.empty()) begin_line(piece);
    if (!block().item && block().in != In::Bracket && !piece.is(";")) begin_item(piece);
    add(piece);
    if (piece.is("{")) open_block(piece);
    if (piece.is("(") || piece.is("[")) blocks_.push_back({.in = In::Bracket, .indent = block().indent, .item = true, .opened = lines_.size() - 1});
    if (piece.is(";") || (piece.is(",") && separates())) block().item = false;
  }

  // In lists of fields and values a comma ends one, as a line does.
  auto separates() -> bool { return block().in == In::Fields || block().in == In::Values; }
  auto goes_on(const Piece& piece) -> bool { return block().in != In::Bracket && block().item && (piece.is("else") || (last_word_.is(",") && !separates())); }

  void comment(const Piece& piece) {
    if (piece.breaks == 0 && !lines_.empty()) {
      lines_.back().comment = piece.text;
      return;
    }
    begin_line(piece);
    lines_.back().text = trimmed(piece);
  }

  // Of a doc comment every blank counts.
  static auto trimmed(const Piece& piece) -> std::string {
    std::string text{piece.text};
    if (piece.kind == Piece::Kind::Comment) text.erase(text.find_last_not_of(" \t") + 1);
    return text;
  }

  void begin_line(const Piece& piece) {
    Line line{.indent = block().indent};
    line.blank_before = piece.breaks > 1 && !lines_.empty() && !last_.is("{");
    if (block().in == In::Bracket) {
      line.from = Line::From::Open;
      line.of = block().opened;
      line.indent = piece.is(")") || piece.is("]") ? 0 : Indent;
    } else if (goes_on(piece)) {
      line.from = Line::From::Value;
      line.of = block().item_line;
      line.indent = 0;
    } else if (!piece.is_comment()) {
      block().item = false;
    }
    if (line.blank_before) block().run = ++runs_;
    lines_.push_back(std::move(line));
  }

  void begin_item(const Piece& piece) {
    auto& b = block();
    b.item = true;
    b.head = piece.text;
    b.pieces = 0;
    b.type_done = false;
    b.item_line = lines_.size() - 1;
    b.key_pieces = 0;
    const bool at_begin = lines_.back().text.empty();
    if (!at_begin || !b.expanded) return;
    static constexpr std::array<std::string_view, 3> Unaligned{"handoff", "on", "form"};
    const bool declaration = blocks_.size() == 1 || any_of(piece, Unaligned);
    if (b.in == In::Fields) b.key_pieces = 2;
    if (b.in == In::Items && !declaration) b.key_pieces = named_by_two_words(b.head) ? 2 : 1;
    if (b.key_pieces == 0) b.run = ++runs_;
    lines_.back().run = b.run;
  }

  void add(const Piece& piece) {
    auto& b = block();
    auto& line = lines_.back();
    const bool same_line = b.item_line + 1 == lines_.size();
    // A field among clauses: its name ends with the colon.
    if (piece.is(":") && b.pieces == 1 && b.key_pieces == 1) b.key_pieces = 2;
    else if (b.key_pieces > 0 && b.pieces == b.key_pieces && same_line) line.key = line.text.size();
    if (b.in == In::Fields && same_line) mark_type(piece, line);
    if (piece.is("{") && same_line && line.key > LongKey) line.key_counts = false;
    ++b.pieces;
    if (!line.text.empty() && spaced(piece)) line.text += ' ';
    if (piece.kind == Piece::Kind::TextBlock) return add_text_block(piece);
    line.text += piece.text;
  }

  // After the type of `name: type rest`, unless the rest is a default.
  void mark_type(const Piece& piece, Line& line) {
    auto& b = block();
    if (b.pieces < 3 || b.type_done) return;
    const bool of_type = piece.is(".") || piece.is("?") || piece.is("]") || piece.is("[") || last_.is(".") || last_.is("[");
    if (of_type) return;
    b.type_done = true;
    if (!piece.is("=") && !piece.is(",")) line.type = line.text.size();
  }

  void add_text_block(const Piece& piece) {
    const auto opened = lines_.size() - 1;
    const auto text = reindented(piece.text);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (i > 0) lines_.push_back({.from = Line::From::Text, .of = opened, .indent = text[i].empty() ? 0 : Indent});
      lines_.back().text += text[i];
    }
  }

  auto spaced(const Piece& piece) -> bool {
    static constexpr std::array<std::string_view, 7> NotBefore{",", ";", ")", "]", ".", "..", "?"};
    static constexpr std::array<std::string_view, 4> NotAfter{"(", "[", ".", ".."};
    if (piece.kind == Piece::Kind::Symbol && any_of(piece, NotBefore)) return false;
    if (last_.kind == Piece::Kind::Symbol && any_of(last_, NotAfter)) return false;
    if (piece.is(":")) return blocks_.size() == 1 && (block().head == "policy" || block().head == "agent");
    if (!piece.is("(")) return true;
    const bool after_name = block().in != In::Bracket && block().pieces == 2;  // `check (a or b)`
    return last_.kind != Piece::Kind::Word || is_operator(last_) || after_name;
  }

  void open_block(const Piece& brace) {
    auto& outer = block();
    auto in = In::Items;
    static constexpr std::array<std::string_view, 3> Acting{"on", "if", "fails"};
    const bool acts = outer.in == In::Actions || last_word_.is("else") || std::ranges::find(Acting, outer.head) != Acting.end();
    const bool top = blocks_.size() == 1;
    if (acts) in = In::Actions;
    else if (top && outer.head == "enum") in = In::Values;
    else if (top && (outer.head == "type" || outer.head == "state")) in = In::Fields;
    blocks_.push_back({.in = in, .expanded = brace.expanded, .indent = outer.indent + Indent, .run = ++runs_});
  }

  void close_block(const Piece& brace) {
    const bool expanded = block().expanded;
    blocks_.pop_back();
    if (expanded && brace.breaks > 0) {
      lines_.push_back({.indent = block().indent});
    } else {
      lines_.back().text += ' ';
    }
    lines_.back().text += '}';
    ++block().pieces;
  }

  void close_bracket(const Piece& piece) {
    if (piece.breaks > 0) begin_line(piece);
    if (block().in == In::Bracket) blocks_.pop_back();
    auto& b = block();
    if (b.in == In::Fields && b.item_line + 1 == lines_.size()) mark_type(piece, lines_.back());
    lines_.back().text += piece.text;
    ++b.pieces;
  }

  std::vector<Line> lines_;
  std::vector<Block> blocks_{{}};
  Piece last_, last_word_;
  int runs_ = 0;
};

}  // namespace

auto lines_of(const std::vector<Piece>& pieces) -> std::vector<Line> { return Lines{}.run(pieces); }

}  // namespace flow::format
