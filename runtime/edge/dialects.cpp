#include "runtime/edge/dialects.h"

#include "runtime/wire/openai/dialect.h"

namespace flow::edge {

auto dialect_of(std::string_view provider) -> MakeDialect {
  if (provider == "openai" || provider == "azure_openai" || provider == "simulated") return wire::openai::make_dialect;
  return nullptr;
}

}  // namespace flow::edge
