#include "compiler/parse/reparse.h"

#include <boost/pfr/core.hpp>

#include "compiler/ast/walk.h"
#include "compiler/parse/parse.h"
#include "compiler/parse/split.h"

namespace flow::parse {
namespace {

// The file that pieces are parsed as. Not the first one, which is also that of spans that nobody has set.
constexpr FileId PieceFile{1};

// A place of a piece in its file. What is missing has no place, and gets none.
void move(Span& at, FileId file, std::uint32_t by) {
  if (at.file != PieceFile) return;
  at.file = file;
  if (at.begin == 0 && at.end == 0) return;
  at.begin += by;
  at.end += by;
}

struct Mover {
  FileId file;
  std::uint32_t by;
  auto enter(Span& at) const -> bool {
    move(at, file, by);
    return false;
  }
  template <class Part>
  auto enter(Part&) const -> bool {
    return true;
  }
  template <class Part>
  void leave(Part&) const {}
};

// Each list of declarations at the end of the list of the same kind.
void append(ast::File& to, ast::File&& from) {
  const auto lists = [](auto& file) { return boost::pfr::structure_tie(file); };
  auto into = lists(to);
  auto out_of = lists(from);
  const auto one = [](auto& list, auto& more) {
    if constexpr (ast::walking::is<std::remove_reference_t<decltype(list)>, std::vector>)
      list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) { (one(std::get<I>(into), std::get<I>(out_of)), ...); }(std::make_index_sequence<boost::pfr::tuple_size_v<ast::File>>{});
  to.complete = to.complete && from.complete;
}

auto moved(diag::Diagnostic said, FileId file, std::uint32_t by) -> diag::Diagnostic {
  // What is said of the begin of a file is meant, unlike a place at the begin of a tree.
  const auto shift = [&](Span& at) { at = {file, at.begin + by, at.end + by}; };
  shift(said.at);
  for (auto& note : said.notes) shift(note.at);
  for (auto& edit : said.fix) shift(edit.at);
  return said;
}

}  // namespace

auto Reparser::piece(std::string text, bool last) -> std::shared_ptr<const Piece> {
  ++pieces_;
  // The last piece ends where the file ends, which is said in other words.
  auto key = (last ? "$" : "-") + text;
  const auto known = known_.find(key);
  if (known != known_.end()) return used_.emplace(std::move(key), known->second).first->second;
  const auto again = used_.find(key);
  if (again != used_.end()) return again->second;
  ++parsed_;
  const SourceFile source{PieceFile, {}, std::move(text)};
  diag::Report report;
  auto piece = std::make_shared<Piece>();
  piece->tree = last ? parse::parse(source, report) : parse_part(source, report);
  piece->said = report.all();
  if (piece->said.size() > SaidMax) piece->said.resize(SaidMax);
  return used_.emplace(std::move(key), std::move(piece)).first->second;
}

auto Reparser::parse(const SourceFile& source, diag::Report& report) -> ast::File {
  parsed_ = pieces_ = 0;
  const auto& text = source.text();
  if (text.size() > SourceFile::BytesMax || first_bad_utf8(text)) return parse::parse(source, report);
  const auto begins = split(text);
  ast::File out{.id = source.id()};
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const bool last = i + 1 == begins.size();
    const auto begin = begins[i];
    const auto held = piece(text.substr(begin, (last ? text.size() : begins[i + 1]) - begin), last);
    for (const auto& said : held->said) report.append(moved(said, source.id(), begin));
    auto tree = held->tree;
    Mover mover{source.id(), begin};
    ast::walk(mover, tree);
    append(out, std::move(tree));
  }
  known_ = std::move(used_);
  used_ = {};
  return out;
}

}  // namespace flow::parse
