#include <fmt/format.h>
#include <algorithm>
#include <optional>

#include "compiler/parse/layout.h"

namespace flow::parse {
namespace {

constexpr auto EndOfFile = antlr4::Token::EOF;

struct Condition {
  Lexeme opened;  // the `{` of its `{if`
  bool has_else = false;
};

struct Open {
  enum class Kind { Line, Block, Hole };
  Kind kind;
  Lexeme opened;
  std::size_t out_index;              // of Hole: where its `{` stands in the output
  std::vector<Condition> conditions;  // of texts
};

class TextCloser {
 public:
  TextCloser(const SourceFile& source, diag::Report& report) : source_(source), report_(report) {}

  auto run(const Lexemes& tokens) -> Lexemes {
    out_.reserve(tokens.size());
    for (const auto& token : tokens) take(token);
    return std::move(out_);
  }

 private:
  void take(const Lexeme& token) {
    switch (token.type) {
      case Tok::STR_OPEN: open(Open::Kind::Line, token); break;
      case Tok::TEXT_OPEN: open(Open::Kind::Block, token); break;
      case Tok::INTER: open(Open::Kind::Hole, token); break;
      case Tok::OUTER:
        out_.push_back(token);
        close_hole();
        report_strays();
        break;
      case Tok::STRAY:
        strays_.push_back(token);
        if (!in_hole()) report_strays();
        break;
      case Tok::STR_CLOSE:
      case Tok::TEXT_CLOSE: close_text(token); break;
      case Tok::NL:
        end_line(token);
        out_.push_back(token);
        break;
      case EndOfFile:
        end_file(token);
        out_.push_back(token);
        break;
      default: out_.push_back(token);
    }
  }

  // In a hole that is never closed there are no stray characters: it is a text that was meant.
  void report_strays() {
    if (in_hole()) return;
    for (const auto& stray : strays_) report_stray(source_, span(source_, stray), report_);
    strays_.clear();
  }
  auto in_hole() const -> bool {
    return std::any_of(open_.begin(), open_.end(), [](const Open& each) { return each.kind == Open::Kind::Hole; });
  }

  void open(Open::Kind kind, const Lexeme& token) {
    open_.push_back({kind, token, out_.size(), {}});
    out_.push_back(token);
  }

  void put(std::size_t type, const Lexeme& before) { out_.push_back({type, before.begin, before.begin, before.line}); }

  auto text_of(std::size_t from) const -> std::string {
    return std::string{source_.text({source_.id(), out_[from].begin, out_.back().end})};
  }

  // The hole that ends here may be `{if e}`, `{else}` or `{/if}`: those must fit the text they stand in.
  void close_hole() {
    if (open_.empty() || open_.back().kind != Open::Kind::Hole) return;
    const auto hole = open_.back();
    open_.pop_back();
    const auto first = hole.out_index + 1;
    const auto last = out_.size() - 1;
    if (open_.empty() || first >= last) return;
    auto& conditions = open_.back().conditions;
    switch (out_[first].type) {
      case Tok::IF: conditions.push_back({hole.opened}); break;
      case Tok::ELSE: close_else(hole, conditions); break;
      case Tok::SLASH: close_end_if(hole, conditions); break;
      default: break;
    }
  }

  void close_else(const Open& hole, std::vector<Condition>& conditions) {
    const auto first = hole.out_index + 1;
    if (conditions.empty() || conditions.back().has_else) return drop_hole(hole);
    conditions.back().has_else = true;
    normalise(hole, first + 1);
  }

  void close_end_if(const Open& hole, std::vector<Condition>& conditions) {
    const auto first = hole.out_index + 1;
    if (conditions.empty()) return drop_hole(hole);
    conditions.pop_back();
    if (out_[first + 1].type != Tok::IF) {
      const bool empty = out_[first + 1].type == Tok::OUTER;
      report_.add(span(source_, out_[first + 1]), diag::Expected, diag::Text{"`if` after `/`"},
                  diag::Text{fmt::format("`{}`", source_.text(span(source_, out_[first + 1])))});
      if (empty) out_.insert(out_.end() - 1, Lexeme{Tok::IF, out_.back().begin, out_.back().begin, out_.back().line});
      out_[first + 1].type = Tok::IF;
    }
    normalise(hole, first + 2);
  }

  // `{else if x}` and the like: the words after `from` are reported and left out.
  void normalise(const Open&, std::size_t from) {
    if (from + 1 >= out_.size()) return;
    const Span extra{source_.id(), out_[from].begin, out_[out_.size() - 2].end};
    report_.add(extra, diag::Expected, diag::Text{"`}`"}, diag::Text{fmt::format("`{}`", source_.text(extra))});
    out_.erase(out_.begin() + static_cast<std::ptrdiff_t>(from), out_.end() - 1);
  }

  void drop_hole(const Open& hole) {
    const Span at{source_.id(), hole.opened.begin, out_.back().end};
    auto word = std::string{source_.text(at)};
    report_.add(at, diag::StrayTemplateWord, diag::Text{word.substr(1, word.size() - 2)}).fix(at, "");
    out_.resize(hole.out_index);
  }

  void close_text(const Lexeme& token) {
    if (!open_.empty() && open_.back().kind == Open::Kind::Hole) {
      report_.add(span(source_, open_.back().opened), diag::NeverClosed);
      put(Tok::OUTER, token);
      close_hole();
    }
    if (!open_.empty()) close_conditions(token, true);
    out_.push_back(token);
    if (!open_.empty()) open_.pop_back();
  }

  void close_conditions(const Lexeme& before, bool say) {
    auto& conditions = open_.back().conditions;
    for (; !conditions.empty(); conditions.pop_back()) {
      if (say) report_.add(span(source_, conditions.back().opened), diag::TemplateNotClosed);
      for (const auto type : {Tok::INTER, Tok::SLASH, Tok::IF, Tok::OUTER}) put(type, before);
    }
  }

  auto in_line_text() const -> bool {
    if (open_.empty()) return false;
    if (open_.back().kind == Open::Kind::Line) return true;
    return open_.back().kind == Open::Kind::Hole && open_.size() > 1 &&
           open_[open_.size() - 2].kind == Open::Kind::Line;
  }

  // One message for everything that is open: about the outermost hole if there is one, as its `}` is what was
  // forgotten.
  void end_line(const Lexeme& token) {
    if (!in_line_text()) return;
    std::optional<Lexeme> hole;
    Lexeme quote;
    while (in_line_text()) {
      if (open_.back().kind == Open::Kind::Hole)
        hole = open_.back().opened;
      else
        quote = open_.back().opened;
      close_top(token);
    }
    strays_.clear();
    if (hole)
      report_.add(span(source_, *hole), diag::NeverClosed);
    else
      report_.add(span(source_, quote), diag::OpenString);
  }

  void end_file(const Lexeme& token) {
    end_line(token);
    if (open_.empty()) return;
    report_.add(span(source_, open_.front().opened), diag::OpenTextBlock);
    while (!open_.empty()) close_top(token);
  }

  // Puts in what closes the innermost open thing; says nothing.
  void close_top(const Lexeme& before) {
    switch (open_.back().kind) {
      case Open::Kind::Hole:
        put(Tok::OUTER, before);
        close_hole_quietly();
        return;
      case Open::Kind::Line:
        close_conditions(before, false);
        put(Tok::STR_CLOSE, before);
        break;
      case Open::Kind::Block:
        close_conditions(before, false);
        put(Tok::TEXT_CLOSE, before);
        break;
    }
    open_.pop_back();
  }

  void close_hole_quietly() {
    const auto first = open_.back().out_index + 1;
    const bool opens = first < out_.size() - 1 && out_[first].type == Tok::IF;
    const bool closes = first < out_.size() - 1 && (out_[first].type == Tok::ELSE || out_[first].type == Tok::SLASH);
    const auto hole = open_.back();
    open_.pop_back();
    if (opens && !open_.empty()) open_.back().conditions.push_back({hole.opened});
    if (closes) out_.resize(hole.out_index);  // half a word says nothing
  }

  const SourceFile& source_;
  diag::Report& report_;
  Lexemes out_;
  std::vector<Open> open_;
  Lexemes strays_;
};

}  // namespace

auto close_texts(Lexemes tokens, const SourceFile& source, diag::Report& report) -> Lexemes {
  return TextCloser{source, report}.run(tokens);
}

}  // namespace flow::parse
