#pragma once
// What each service of a spoken model can do, known before a call: the one list for the compiler's checks and for the
// wire. What a link turns out to be able to do while it is open is `core::Capabilities`; where both speak of the same
// thing they must agree, and a test compares them.

#include <cstddef>
#include <string_view>
#include <vector>

namespace flow::ir {

struct Provider {
  std::string_view name;             // as after `provider`
  bool voice_is_locked = false;      // the voice of a call is the one of its first audio
  std::vector<std::string_view> voices = {};  // all that there are; empty: not known, or any
  std::size_t prompt_tokens_max = 0;  // of instructions and tools together; 0: not known
  bool semantic_vad = true;
  bool noise_reduction = true;
  bool speed = true;
  bool cancels = true;       // a response can be cancelled
  bool truncates = true;     // an item can be cut to what was heard
  bool client_items = true;  // conversation items can be made and deleted
};

// Null: not a provider of the language.
auto provider(std::string_view name) -> const Provider*;

}  // namespace flow::ir
