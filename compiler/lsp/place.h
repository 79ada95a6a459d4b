#pragma once
// Where a cursor stands in a file that may be half written: found from the tokens before it, not from the tree.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/source.h"
#include "compiler/check/clauses.h"
#include "compiler/parse/tokens.h"

namespace flow::lsp {

struct Place {
  enum class Kind {
    File,       // a declaration begins here
    Header,     // between a declaration's word and its block
    Block,      // of clauses: `where` says which
    Actions,
    Fields,     // of a type, of the state, parameters, what is carried
    Values,     // of an enum
    Text,       // in a text or a comment: nothing is completed
    Hole,       // `{` … `}` of a text
  };
  Kind kind = Kind::File;
  check::Where where = check::Where::Nowhere;
  // The statement from its first word up to the word that is being written, which is left out. Of a hole: what is in it.
  std::vector<std::string_view> words;
  std::string statement;
  Span begun;  // the word that is being written; empty at the cursor if there is none
  // What the place is inside of: `agent concierge`, `tool lookup`: the word and the name.
  std::string_view declaration, name;
};

auto place_of(const SourceFile& source, std::uint32_t byte) -> Place;

}  // namespace flow::lsp
