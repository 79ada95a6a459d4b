#pragma once
// Parses a file again and again while it is edited: a declaration whose text is as it was before is not parsed again.

#include <memory>
#include <string>
#include <unordered_map>

#include "compiler/ast/ast.h"
#include "compiler/base/source.h"
#include "compiler/diag/diag.h"

namespace flow::parse {

class Reparser {
 public:
  // Of one declaration no more mistakes of syntax are said: a brace that is missing makes one of every line behind it.
  static constexpr std::size_t SaidMax = 8;

  // As `parse` of a file without mistakes of syntax. Of one with them the tree may be fuller, as each declaration is
  // read on its own: what is wrong with one says nothing about the next. One thread at a time.
  auto parse(const SourceFile& source, diag::Report& report) -> ast::File;

  // How many declarations the last call had to parse, and how many it found.
  auto parsed() const -> std::size_t { return parsed_; }
  auto pieces() const -> std::size_t { return pieces_; }

 private:
  // A piece as if it were a file of its own: its spans count from its begin.
  struct Piece {
    ast::File tree;
    std::vector<diag::Diagnostic> said;
  };
  using Pieces = std::unordered_map<std::string, std::shared_ptr<const Piece>>;

  auto piece(std::string text, bool last) -> std::shared_ptr<const Piece>;

  Pieces known_, used_;  // by text; of the last file, and of the one that is being read
  std::size_t parsed_ = 0, pieces_ = 0;
};

}  // namespace flow::parse
