#include "runtime/wire/openai/configuration.h"

#include "compiler/base/check.h"
#include "runtime/json/json.h"

namespace flow::wire::openai {
namespace {

auto eagerness_of(ir::TurnDetection::Eagerness eagerness) -> Eagerness {
  switch (eagerness) {
    case ir::TurnDetection::Eagerness::Auto: return Eagerness::Auto;
    case ir::TurnDetection::Eagerness::Low: return Eagerness::Low;
    case ir::TurnDetection::Eagerness::Medium: return Eagerness::Medium;
    case ir::TurnDetection::Eagerness::High: return Eagerness::High;
  }
  return Eagerness::Auto;
}

auto turn_detection(const ir::TurnDetection& turns, bool server_turns) -> Sparse<TurnDetection> {
  switch (turns.kind) {
    case ir::TurnDetection::Kind::Manual: return Null{};
    case ir::TurnDetection::Kind::SemanticVad:
      return TurnDetection{SemanticVad{.eagerness = eagerness_of(turns.eagerness),
                                       .create_response = server_turns,
                                       .interrupt_response = server_turns}};
    case ir::TurnDetection::Kind::ServerVad: break;
  }
  return TurnDetection{ServerVad{.threshold = turns.threshold,
                                 .prefix_padding_ms = turns.prefix.count(),
                                 .silence_duration_ms = turns.silence.count(),
                                 .idle_timeout_ms = Null{},
                                 .create_response = server_turns,
                                 .interrupt_response = server_turns}};
}

auto tool_of(const core::Function& function) -> Tool {
  FunctionTool tool{.name = function.name, .description = {}, .parameters = {}};
  if (!function.description.empty()) tool.description = function.description;
  if (!function.schema.empty()) {
    auto schema = json::parse(function.schema);
    FLOW_ASSERT(schema.has_value(), function.name + ": the schema of its parameters is not JSON");
    tool.parameters = std::move(*schema);
  }
  return tool;
}

auto format_of(ir::AudioFormat format) -> AudioFormat {
  switch (format) {
    case ir::AudioFormat::Mulaw: return MuLaw{};
    case ir::AudioFormat::Alaw: return ALaw{};
    case ir::AudioFormat::Pcm16: break;
  }
  return Pcm{.rate = 24'000};
}

// What holds for the whole link: sent once.
void put_first(const ir::Realtime& realtime, RealtimeSession& session) {
  session.output_modalities = {Modality::Audio};
  session.tool_choice = ToolUse::Auto;
  auto& input = *session.audio->input;
  input.format = format_of(realtime.audio_in);
  input.transcription = Null{};
  if (!realtime.transcription.empty()) input.transcription = Transcription{.model = realtime.transcription};
  input.noise_reduction = Null{};
  if (realtime.noise_reduction == "near_field") input.noise_reduction = NoiseReduction{.type = NoiseKind::NearField};
  if (realtime.noise_reduction == "far_field") input.noise_reduction = NoiseReduction{.type = NoiseKind::FarField};
  session.audio->output->format = format_of(realtime.audio_out);
}

}  // namespace

auto to_session(const core::Configure& order, Link& link) -> RealtimeSession {
  const auto& agent = link.setup.program->agents[order.agent];
  RealtimeSession session;
  session.instructions = order.instructions;
  session.tools.emplace();
  for (const auto& function : order.functions) session.tools->push_back(tool_of(function));
  session.max_output_tokens = TokenLimit{Unlimited::Inf};
  if (agent.max_output_tokens > 0) session.max_output_tokens = TokenLimit{std::int64_t{agent.max_output_tokens}};
  session.audio = SessionAudio{.input = AudioInput{}, .output = AudioOutput{}};
  session.audio->input->turn_detection = turn_detection(order.turn_detection, order.server_turns);
  if (order.first) put_first(link.setup.program->realtimes[link.setup.realtime], session);

  // One voice for the rest of the link once it was heard; to ask for another would have the whole update refused.
  if (!agent.voice.empty() && agent.voice != link.voice && !link.has_spoken) {
    session.audio->output->voice = agent.voice;
    link.voice = agent.voice;
  }
  if (agent.speed != link.speed) {
    session.audio->output->speed = agent.speed;
    link.speed = agent.speed;
  }
  if (session.audio->output == AudioOutput{}) session.audio->output.reset();
  return session;
}

}  // namespace flow::wire::openai
