#include "compiler/lower/locales.h"

#include <set>

#include "compiler/check/text_key.h"

namespace flow::lower {

void collect_locales(Context& context) {
  std::set<std::string> tags;
  for (const auto* module : context.modules) {
    for (const auto& locale : module->tree.locales) {
      tags.insert(locale.tag);
      for (const auto& each : locale.texts) context.translations[check::text_key(context.checked.sources, each.from)].emplace_back(locale.tag, &each.to);
    }
  }
  if (!tags.contains(context.locale)) context.locale.clear();
}

}  // namespace flow::lower
