#include "runtime/edge/errors/errors.h"

#include "compiler/base/embedded.h"

namespace flow::edge {

auto error_pages() -> std::span<const EmbeddedFile>;  // generated from docs/errors

namespace {
constexpr ErrorRow Rows[] = {
#define FLOW_ERROR(code, name, title) {#code, #name, title},
#include "runtime/edge/errors/errors.def"
#undef FLOW_ERROR
};
}  // namespace

auto errors() -> std::span<const ErrorRow> { return Rows; }

auto explain(std::string_view code) -> std::string_view {
  for (const auto& page : error_pages()) {
    if (page.name.substr(0, page.name.find('.')) == code) return page.text;
  }
  return {};
}

}  // namespace flow::edge
