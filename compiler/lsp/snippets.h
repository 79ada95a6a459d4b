#pragma once
// What a declaration looks like when it is begun.

#include <array>
#include <string_view>

namespace flow::lsp {

struct Snippet {
  std::string_view word, doc, text;
};

inline constexpr std::array Snippets{
#define FLOW_SNIPPET(word, doc, text) Snippet{word, doc, text},
#include "compiler/lsp/snippets.def"
#undef FLOW_SNIPPET
};

}  // namespace flow::lsp
