#include <span>

#include "compiler/base/embedded.h"
#include "compiler/diag/render.h"

namespace flow::diag {

auto catalog_pages() -> std::span<const EmbeddedFile>;  // generated from catalog/*.md

auto explain(std::string_view code) -> std::string_view {
  for (const auto& page : catalog_pages()) {
    if (page.name.substr(0, page.name.size() - 3) == code) return page.text;  // without `.md`
  }
  return {};
}

}  // namespace flow::diag
