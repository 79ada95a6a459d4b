#pragma once
// What the compiler knows of some files that belong together, at one moment. A value that is made once and then asked.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/lower/compile.h"
#include "compiler/lsp/answers.h"
#include "compiler/lsp/names.h"

namespace flow::lsp {

struct Analysis {
  check::Checked checked;
  // Of the flows without errors. If there is none now, those of before: what is known of a flow does not come and go while it
  // is written.
  std::shared_ptr<const std::vector<ir::Program>> compiled = std::make_shared<const std::vector<ir::Program>>();
  mutable std::optional<Names> found = {};

  auto programs() const -> const std::vector<ir::Program>& { return *compiled; }
  auto names() const -> const Names& {
    if (!found) found.emplace(checked);
    return *found;
  }
};

// A place in a file that was analysed, as its questions are asked.
struct Spot {
  const Analysis& analysis;
  const check::Module& module;
  const SourceFile& source;
  std::uint32_t byte = 0;
  Encoding encoding = Encoding::Utf16;

  auto range(Span at) const -> Range { return range_of(source, at, encoding); }
};

auto hover(const Spot& spot) -> std::optional<Hover>;
auto complete(const Spot& spot) -> Completions;
auto outline(const Spot& file) -> std::vector<Outline>;
auto folds(const Spot& file) -> std::vector<Fold>;
auto colours(const Spot& file) -> std::vector<Coloured>;
auto hints(const Spot& file, Range within) -> std::vector<Hint>;
auto lenses(const Spot& file) -> std::vector<Lens>;

}  // namespace flow::lsp
