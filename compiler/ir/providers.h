#pragma once
// What each service of a spoken model can do: the one list for the compiler's checks and for the wire, whose links say of
// themselves what stands here (runtime/wire/capabilities.h).

#include <cstddef>
#include <string_view>
#include <vector>

namespace flow::ir {

struct Provider {
  std::string_view name;             // as after `provider`
  bool own_address = false;          // whoever uses it has an address, and names of models, of their own
  bool voice_is_locked = false;      // the voice of a call is the one of its first audio
  std::vector<std::string_view> voices = {};  // all that there are; empty: not known, or any
  std::string_view transcriber = {};  // writes down the caller's words where a flow needs them and names none; empty: nobody does
  std::size_t prompt_tokens_max = 0;   // of instructions and tools together; 0: not known
  std::size_t context_tokens_max = 0;  // of a conversation, after which its begin is forgotten; 0: not known
  bool semantic_vad = true;
  bool noise_reduction = true;
  bool speed = true;
  bool temperature = false;        // how freely the model chooses its words can be set
  bool echo_cancellation = false;  // it removes the agent's voice from the caller's
  bool cancels = true;        // a response can be cancelled
  bool truncates = true;      // an item can be cut to what was heard
  bool tags = true;           // a wish to speak is told apart from others by a tag that comes back
  bool out_of_band = true;    // a response can leave the conversation alone
  bool exact_speech = false;  // given words are spoken exactly
  bool client_items = true;   // conversation items can be made and deleted
  bool own_turns = true;      // the client may decide when the model speaks
};

// Null: not a provider of the language.
auto provider(std::string_view name) -> const Provider*;

}  // namespace flow::ir
