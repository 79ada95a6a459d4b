#include "runtime/wire/openai/session.h"

namespace flow::wire::openai {
namespace {

template <class T>
void put(const std::optional<T>& update, std::optional<T>& into) {
  if (update) into = update;
}
template <class T>
void put(const Sparse<T>& update, Sparse<T>& into) {
  if (!update.is_absent()) into = update;
}

void put(const AudioInput& update, AudioInput& into) {
  put(update.format, into.format);
  put(update.noise_reduction, into.noise_reduction);
  put(update.transcription, into.transcription);
  put(update.turn_detection, into.turn_detection);
}
void put(const AudioOutput& update, AudioOutput& into) {
  put(update.format, into.format);
  put(update.voice, into.voice);
  put(update.speed, into.speed);
}

void put(const SessionAudio& update, SessionAudio& into);
void put(const TranscriptionAudio& update, TranscriptionAudio& into);

// Member by member, where both have the object.
template <class T>
void put_inside(const std::optional<T>& update, std::optional<T>& into) {
  if (!update) return;
  if (!into) into.emplace();
  put(*update, *into);
}

void put(const SessionAudio& update, SessionAudio& into) {
  put_inside(update.input, into.input);
  put_inside(update.output, into.output);
}
void put(const TranscriptionAudio& update, TranscriptionAudio& into) { put_inside(update.input, into.input); }

}  // namespace

void merge(const RealtimeSession& update, RealtimeSession& session) {
  put(update.model, session.model);
  put(update.instructions, session.instructions);
  put(update.output_modalities, session.output_modalities);
  put_inside(update.audio, session.audio);
  put(update.tools, session.tools);
  put(update.tool_choice, session.tool_choice);
  put(update.parallel_tool_calls, session.parallel_tool_calls);
  put(update.reasoning, session.reasoning);
  put(update.max_output_tokens, session.max_output_tokens);
  put(update.truncation, session.truncation);
  put(update.prompt, session.prompt);
  put(update.tracing, session.tracing);
  put(update.include, session.include);
}

void merge(const TranscriptionSession& update, TranscriptionSession& session) {
  put_inside(update.audio, session.audio);
  put(update.include, session.include);
}

}  // namespace flow::wire::openai
