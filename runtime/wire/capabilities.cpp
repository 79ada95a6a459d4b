#include "runtime/wire/capabilities.h"

#include "compiler/ir/providers.h"

namespace flow::wire {

auto capabilities_of(std::string_view provider) -> core::Capabilities {
  const auto* known = ir::provider(provider);
  if (!known) return {};
  return {.cancels = known->cancels,
          .truncates = known->truncates,
          .tags = known->tags,
          .out_of_band = known->out_of_band,
          .exact_speech = known->exact_speech,
          .client_items = known->client_items,
          .own_turns = known->own_turns};
}

}  // namespace flow::wire
