#include "runtime/channels/keys.h"

#include "runtime/channels/digits.h"

namespace flow::channels {

auto read_key(char key) -> std::optional<Key> {
  switch (key) {
    case 'm':
    case 'M': return ToggleMute{};
    case ' ': return ToggleTalk{};
    case 'q':
    case 'Q': return core::CallerHungUp{};
    default: break;
  }
  const auto digit = as_digit(key);
  return digit ? std::optional<Key>{core::DigitPressed{*digit}} : std::nullopt;
}

}  // namespace flow::channels
