// Which words are coloured how: tokens say what is written, names what is meant.

#include <algorithm>
#include <array>

#include "compiler/lsp/analysis.h"
#include "compiler/parse/tokens.h"

namespace flow::lsp {
namespace {

using Of = parse::Token::Kind;

auto colour_of(Thing::Kind kind) -> Colour {
  using K = Thing::Kind;
  switch (kind) {
    case K::Agent:
    case K::Transfer:
    case K::Flow: return Colour::Agent;
    case K::Tool: return Colour::Tool;
    case K::Policy: return Colour::Policy;
    case K::Type:
    case K::Enum: return Colour::Type;
    case K::EnumValue: return Colour::EnumMember;
    case K::State:
    case K::Form:
    case K::Carried: return Colour::Variable;
    case K::Parameter: return Colour::Parameter;
    case K::Field:
    case K::FormField: return Colour::Property;
    case K::Clause:
    case K::Step: return Colour::Clause;
    case K::Realtime:
    case K::Service:
    case K::Channel:
    case K::Rule:
    case K::Module: return Colour::Namespace;
  }
  return Colour::Word;
}

auto is_keyword(std::string_view word) -> bool {
  constexpr std::array<std::string_view, 36> Words{"if",    "else",  "and",     "or",      "not",      "in",      "true",  "false", "none",  "flow",  "import", "enum",
                                                   "type",  "state", "realtime", "service", "policy",  "tool",    "agent", "handoff", "form", "transfer", "channel", "on",
                                                   "rule",  "test",  "when",    "after",   "sets",     "carry",   "set",   "fails", "pure",  "reads", "writes", "once"};
  return std::ranges::find(Words, word) != Words.end();
}

class Painter {
 public:
  explicit Painter(const Spot& file) : file_(file) {
    const auto& all = file.analysis.names().all();
    next_ = std::ranges::lower_bound(all, Span{file.source.id(), 0, 0}, {}, &Occurrence::at);
    end_ = std::ranges::lower_bound(all, Span{{file.source.id().n + 1}, 0, 0}, {}, &Occurrence::at);
  }

  auto run() -> std::vector<Coloured> {
    const auto tokens = parse::tokens(file_.source);
    for (auto each = tokens.begin(); each != tokens.end(); ++each) {
      const auto& token = *each;
      // A name with dots in it is named as a whole by an import alone; all others are words of their own.
      while (next_ != end_ && next_->at.begin < token.at.begin) ++next_;
      const bool named = next_ != end_ && next_->at.begin == token.at.begin && token.kind == Of::Word;
      if (token.kind == Of::Text || token.kind == Of::TextBlock) {
        text(token.at);
      } else if (named) {
        put(token.at, colour_of(next_->thing.kind), next_->declares);
      } else if (token.kind == Of::Word && each + 1 != tokens.end() && file_.source.text(each[1].at) == ":") {
        put(token.at, Colour::Property, false);  // the name of an argument, which may be a keyword elsewhere: `when: "today"`
      } else if (const auto colour = plain(token)) {
        put(token.at, *colour, false);
      }
    }
    return std::move(out_);
  }

 private:
  auto plain(const parse::Token& token) const -> std::optional<Colour> {
    switch (token.kind) {
      case Of::Word: return is_keyword(file_.source.text(token.at)) ? Colour::Keyword : Colour::Word;
      case Of::Number: return Colour::Number;
      case Of::Comment:
      case Of::Doc: return Colour::Comment;
      default: return std::nullopt;
    }
  }

  // The names in its holes stand out of a text.
  void text(Span at) {
    auto begin = at.begin;
    while (next_ != end_ && next_->at.begin < at.end) {
      put({at.file, begin, next_->at.begin}, Colour::String, false);
      put(next_->at, colour_of(next_->thing.kind), next_->declares);
      begin = next_->at.end;
      ++next_;
    }
    put({at.file, begin, at.end}, Colour::String, false);
  }

  // A line at a time: many editors know no more.
  void put(Span at, Colour colour, bool declares) {
    while (at.begin < at.end) {
      const auto line = file_.source.position(at.begin).line;
      auto end = std::min(at.end, file_.source.line_start(line + 1));
      if (line >= file_.source.line_count()) end = at.end;
      auto shown = end;
      while (shown > at.begin && (file_.source.text()[shown - 1] == '\n' || file_.source.text()[shown - 1] == '\r')) --shown;
      const auto range = file_.range({at.file, at.begin, shown});
      if (shown > at.begin) out_.push_back({range.begin.line, range.begin.character, range.end.character - range.begin.character, colour, declares});
      at.begin = end;
    }
  }

  const Spot& file_;
  std::vector<Occurrence>::const_iterator next_, end_;
  std::vector<Coloured> out_;
};

}  // namespace

auto colour_names() -> const std::vector<std::string>& {
  static const std::vector<std::string> names{"keyword",    "macro",    "modifier",  "class",    "function", "interface", "type",    "enumMember",
                                              "variable", "parameter", "property", "namespace", "string",   "number",    "comment", "operator"};
  return names;
}

auto colours(const Spot& file) -> std::vector<Coloured> { return Painter{file}.run(); }

}  // namespace flow::lsp
