#include "runtime/store/pack.h"

#include <fmt/format.h>

#include "runtime/store/fields.h"

namespace flow::store {
namespace {

template <class T>
auto unpack(std::string_view text, void (*read_one)(Reader&, T&), std::string_view what) -> Result<T> {
  Reader in(text);
  T value;
  read_one(in, value);
  if (in.failed() || !in.at_end()) return failure("R0402", fmt::format("this is no {} from byte {} on", what, in.at()));
  return value;
}

void read_list(Reader& in, core::EffectList& effects) {
  in.expect("[");
  while (!in.failed() && !in.take("]")) {
    if (!effects.empty()) in.expect(",");
    read_alternative(in, effects.emplace_back());
  }
}

}  // namespace

void pack(const core::Event& event, std::string& out) { write_alternative(event, out); }
void pack(const core::Effect& effect, std::string& out) { write_alternative(effect, out); }

void pack(const core::EffectList& effects, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < effects.size(); ++i) {
    if (i > 0) out += ',';
    pack(effects[i], out);
  }
  out += ']';
}

auto unpack_event(std::string_view text) -> Result<core::Event> { return unpack<core::Event>(text, read_alternative, "event"); }
auto unpack_effect(std::string_view text) -> Result<core::Effect> { return unpack<core::Effect>(text, read_alternative, "effect"); }
auto unpack_effects(std::string_view text) -> Result<core::EffectList> { return unpack<core::EffectList>(text, read_list, "list of effects"); }

}  // namespace flow::store
