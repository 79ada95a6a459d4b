#pragma once
// Pieces to lines: what stands together, in which block, and what is to be aligned with what.

#include <string>
#include <vector>

#include "compiler/format/pieces.h"

namespace flow::format {

struct Line {
  // What a line's indentation counts from.
  enum class From {
    Block,  // the block it stands in
    Value,  // the value of the clause that it continues: line `of`
    Open,   // the line `of` in which its bracket was opened
    Text,   // the same of its text block; what follows is the text's own and is not touched
  };
  From from = From::Block;
  std::size_t of = 0;
  std::size_t indent = 0;  // blanks beyond that
  bool blank_before = false;
  std::string text;
  std::string comment;  // at its end

  // Columns: bytes of `text` after which blanks may be put; 0: there is no such column.
  std::size_t key = 0;      // after the clause's or the field's name
  bool key_counts = true;   // for the width of the column
  std::size_t type = 0;     // after a field's type
  int run = 0;              // lines of the same number are aligned
};

auto lines_of(const std::vector<Piece>& pieces) -> std::vector<Line>;

// Lines to text: columns, indentation, comments one below the other.
auto print(std::vector<Line> lines) -> std::string;

}  // namespace flow::format
