#include "compiler/ir/providers.h"

#include <algorithm>
#include <iterator>

namespace flow::ir {

auto provider(std::string_view name) -> const Provider* {
  // Sources: OpenAI Realtime, `audio.output.voice` and the error `cannot_update_voice`; the limit of 16 384 tokens is
  // that of a session's instructions and tools, 32 000 that of gpt-realtime's conversation. Gemini Live: voice and tools are fixed by the setup message, there is
  // neither cancelling nor truncation, and its own detection of turns is the only one. Transcribers: what the vendors'
  // own defaults name.
  static const std::vector<std::string_view> openai_voices{"alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"};
  static const Provider providers[]{
      {.name = "openai", .voice_is_locked = true, .voices = openai_voices, .transcriber = "gpt-4o-mini-transcribe", .prompt_tokens_max = 16'384, .context_tokens_max = 32'000},
      {.name = "azure_openai", .own_address = true, .voice_is_locked = true, .voices = openai_voices, .transcriber = "gpt-4o-mini-transcribe", .prompt_tokens_max = 16'384, .context_tokens_max = 32'000},
      {.name = "azure_voice_live", .own_address = true, .transcriber = "azure-speech", .temperature = true, .echo_cancellation = true},
      {.name = "gemini", .voice_is_locked = true, .semantic_vad = false, .noise_reduction = false, .speed = false, .temperature = true, .cancels = false, .truncates = false, .tags = false, .out_of_band = false, .client_items = false, .own_turns = false},
      {.name = "cascade", .noise_reduction = false, .temperature = true},
      {.name = "simulated", .transcriber = "gpt-4o-mini-transcribe"},
  };
  const auto* found = std::ranges::find(providers, name, &Provider::name);
  return found == std::end(providers) ? nullptr : found;
}

}  // namespace flow::ir
