#include "compiler/format/pieces.h"

#include <algorithm>

namespace flow::format {
namespace {

using Pieces = std::vector<Piece>;

auto read(const SourceFile& source) -> Pieces {
  const auto tokens = parse::tokens(source);
  Pieces out;
  int breaks = 0;
  for (const auto& token : tokens) {
    if (token.kind == Piece::Kind::LineEnd) {
      breaks = std::min(2, breaks + 1);
      continue;
    }
    auto text = source.text(token.at);
    if (text.ends_with('\r')) text.remove_suffix(1);
    out.push_back({token.kind, text, breaks});
    breaks = 0;
  }
  return out;
}

// The place of the nearest piece before `i` that is no comment, or `i` itself.
auto before_comments(const Pieces& pieces, std::size_t i) -> std::size_t {
  auto at = i;
  while (at > 0 && pieces[at - 1].is_comment()) --at;
  return at > 0 ? at - 1 : i;
}

auto is_doc(const Piece& piece) -> bool { return piece.kind == Piece::Kind::Doc; }

// `{` goes to the line of what it belongs to, before the comments in between; `else` only if there are none.
void join_lines(Pieces& pieces) {
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i].is("else") && pieces[i - 1].is("}")) pieces[i].breaks = 0;
    const auto owner = before_comments(pieces, i);
    if (!pieces[i].is("{") || owner == i || (pieces[i].breaks == 0 && owner + 1 == i)) continue;
    pieces[i].breaks = 0;
    if (i + 1 < pieces.size() && owner + 1 < i) pieces[i + 1].breaks = std::max(is_doc(pieces[i - 1]) ? 2 : 1, pieces[i + 1].breaks);
    const auto first = pieces.begin();
    std::rotate(first + static_cast<std::ptrdiff_t>(owner) + 1, first + static_cast<std::ptrdiff_t>(i), first + static_cast<std::ptrdiff_t>(i) + 1);
  }
}

// Those beside a line end, a brace, `else` or another one say nothing.
void drop_semicolons(Pieces& pieces) {
  Pieces out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    auto& piece = pieces[i];
    const auto next = std::find_if(pieces.begin() + static_cast<std::ptrdiff_t>(i) + 1, pieces.end(), [](const Piece& p) { return !p.is_comment(); });
    const auto last = std::find_if(out.rbegin(), out.rend(), [](const Piece& p) { return !p.is_comment(); });
    const bool at_end = next == pieces.end() || next->is("}") || next->is("else") || next->is(";") || next->breaks > 0 || piece.breaks > 0;
    const bool at_begin = last == out.rend() || last->is("{");
    if (!piece.is(";") || !(at_end || at_begin)) {
      out.push_back(piece);
    } else if (i + 1 < pieces.size()) {
      auto& following = pieces[i + 1];
      const bool parts = i > 0 && is_doc(pieces[i - 1]);  // the comment from what follows
      if (parts) following.breaks = 2;
      else if (!following.is_comment() || piece.breaks > 0) following.breaks = std::max(following.breaks, piece.breaks);
    }
  }
  pieces = std::move(out);
}

void find_expanded(Pieces& pieces) {
  std::vector<std::size_t> open;
  const auto expand = [&] {
    for (const auto brace : open) pieces[brace].expanded = true;
  };
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    auto& piece = pieces[i];
    const bool empty = piece.is("}") && i > 0 && pieces[i - 1].is("{");
    if (empty) {
      piece.breaks = 0;
      pieces[i - 1].expanded = false;
    }
    const bool broken = piece.breaks > 0 || piece.is_comment() || (piece.kind == Piece::Kind::TextBlock && piece.text.find('\n') != piece.text.npos);
    if (broken) expand();
    if (piece.is("{")) open.push_back(i);
    if (piece.is("}") && !open.empty()) {
      if (pieces[open.back()].expanded) expand();
      open.pop_back();
    }
  }
}

auto stays_behind_brace(const Piece& piece) -> bool {
  return piece.is_comment() || piece.is("else") || piece.is("{") || piece.is("}") || piece.is(",") || piece.is(")") || piece.is(";");
}

// The breaks that broken blocks have beside those of the author.
void break_blocks(Pieces& pieces) {
  Pieces out;
  std::vector<bool> expanded{true};
  for (auto& piece : pieces) {
    const auto* last = out.empty() ? nullptr : &out.back();
    const bool may = expanded.back() && piece.breaks == 0 && !piece.is_comment();
    if (last && may && last->is("{")) piece.breaks = 1;
    if (last && may && last->is("}") && !stays_behind_brace(piece)) piece.breaks = 1;
    if (last && may && last->is(";")) {
      piece.breaks = 1;
      out.pop_back();
    }
    if (piece.is("{")) expanded.push_back(piece.expanded);
    if (piece.is("}") && expanded.size() > 1) {
      if (expanded.back()) piece.breaks = std::max(1, piece.breaks);
      expanded.pop_back();
    }
    out.push_back(piece);
  }
  pieces = std::move(out);
}

}  // namespace

auto pieces_of(const SourceFile& source) -> Pieces {
  auto pieces = read(source);
  drop_semicolons(pieces);
  join_lines(pieces);
  find_expanded(pieces);
  break_blocks(pieces);
  return pieces;
}

}  // namespace flow::format
