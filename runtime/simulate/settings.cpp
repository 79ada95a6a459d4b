#include "runtime/simulate/settings.h"

#include <algorithm>

#include "compiler/base/match.h"
#include "runtime/simulate/directive.h"

namespace flow::simulate {
namespace {

using namespace wire::openai;

// Source: the default session of the protocol's notes, section 2.
auto default_session() -> RealtimeSession {
  RealtimeSession s;
  s.instructions = "You are a helpful assistant.";
  s.output_modalities = Modalities{Modality::Audio};
  AudioInput input;
  input.format = AudioFormat{wire::openai::Pcm{24'000}};
  input.noise_reduction = Null{};
  input.transcription = Null{};
  input.turn_detection = TurnDetection{ServerVad{}};
  s.audio = SessionAudio{input, AudioOutput{AudioFormat{wire::openai::Pcm{24'000}}, wire::openai::Voice{"marin"}, 1.0}};
  s.tools.emplace();
  s.tool_choice = ToolUse::Auto;
  s.max_output_tokens = Unlimited::Inf;
  s.truncation = TruncationMode::Auto;
  s.prompt = Null{};
  s.tracing = Null{};
  s.include = Null{};
  return s;
}

// An update replaces turn detection whole; what it leaves out is the default, and reported.
void complete(RealtimeSession& session) {
  auto* detection = session.audio->input->turn_detection.get();
  if (detection == nullptr) return;
  const auto give = [](auto& member, auto value) { if (!member) member = value; };
  match(
      *detection,
      [&](ServerVad& vad) {
        give(vad.threshold, 0.5);
        give(vad.prefix_padding_ms, std::int64_t{300});
        give(vad.silence_duration_ms, std::int64_t{500});
        if (vad.idle_timeout_ms.is_absent()) vad.idle_timeout_ms = Null{};
        give(vad.create_response, true);
        give(vad.interrupt_response, true);
      },
      [&](SemanticVad& vad) {
        give(vad.eagerness, Eagerness::Auto);
        give(vad.create_response, true);
        give(vad.interrupt_response, true);
      });
}

auto voice_name(const wire::openai::Voice& voice) -> std::string {
  return match(voice, [](const std::string& name) { return name; }, [](const CustomVoice& custom) { return custom.id; });
}

auto refuse(std::string code, std::string message, std::string param) -> Refusal { return {std::move(code), std::move(message), std::move(param), {}}; }

auto judge_modalities(const std::optional<Modalities>& modalities, const std::string& param) -> std::optional<Refusal> {
  if (!modalities || modalities->size() == 1) return {};
  return refuse("invalid_value", "Invalid modalities. Supported combinations are: ['text'] and ['audio'].", param);
}

auto judge_choice(const std::optional<ToolChoice>& choice, const std::vector<wire::openai::Tool>& tools, const std::string& param) -> std::optional<Refusal> {
  const auto* wanted = choice ? std::get_if<UseFunction>(&*choice) : nullptr;
  if (wanted == nullptr) return {};
  const auto named = [&](const wire::openai::Tool& tool) {
    const auto* function = std::get_if<FunctionTool>(&tool);
    return function != nullptr && function->name == wanted->name;
  };
  if (std::any_of(tools.begin(), tools.end(), named)) return {};
  return refuse("invalid_value", "Tool choice '" + wanted->name + "' not found in 'tools' parameter.", param);
}

auto judge_metadata(const Sparse<TextMap>& metadata) -> std::optional<Refusal> {
  if (metadata.get() == nullptr) return {};
  const auto& pairs = *metadata.get();
  const bool fits = pairs.size() <= 16 && std::all_of(pairs.begin(), pairs.end(), [](const auto& pair) { return pair.first.size() <= 64 && pair.second.size() <= 512; });
  if (fits) return {};
  return refuse("invalid_value", "Invalid metadata: at most 16 pairs, keys of at most 64 and values of at most 512 characters.", "response.metadata");
}

auto functions(const std::vector<wire::openai::Tool>& tools) -> std::vector<Tool> {
  std::vector<Tool> found;
  for (const auto& tool : tools) {
    const auto* function = std::get_if<FunctionTool>(&tool);
    if (function == nullptr) continue;
    found.push_back({function->name, function->description.value_or(""), function->parameters.value_or(Value(Value::Record{}))});
  }
  return found;
}

}  // namespace

Settings::Settings(std::string id, std::string model, std::int64_t expires_at, bool transcription_only)
    : session_(default_session()), transcription_only_(transcription_only) {
  session_.identity = {"realtime.session", std::move(id), expires_at};
  session_.model = std::move(model);
  complete(session_);
}

auto Settings::judge(const RealtimeSession& update, const Situation& now) const -> std::optional<Refusal> {
  if (auto refusal = judge_modalities(update.output_modalities, "session.output_modalities")) return refusal;
  if (auto refusal = judge_choice(update.tool_choice, update.tools ? *update.tools : *session_.tools, "session.tool_choice")) return refusal;
  if (update.tracing.get() != nullptr && session_.tracing.get() != nullptr && *update.tracing.get() != *session_.tracing.get()) {
    return refuse("invalid_value", "Cannot change tracing once it is enabled.", "session.tracing");
  }
  if (!update.audio || !update.audio->output) return {};
  const auto& asked = *update.audio->output;
  const auto& present = *session_.audio->output;
  if (now.spoke && asked.voice && *asked.voice != *present.voice) {
    return refuse("cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present.", "session.audio.output.voice");
  }
  if (now.responding && asked.speed && asked.speed != present.speed) {
    return refuse("invalid_value", "Cannot update the speed while a response is in progress.", "session.audio.output.speed");
  }
  return {};
}

auto Settings::update(const Session& update, const Situation& now) -> std::optional<Refusal> {
  if (std::holds_alternative<TranscriptionSession>(update) != transcription_only_) {
    return refuse("invalid_value", transcription_only_ ? "This is a transcription session." : "This is a realtime session.", "session.type");
  }
  RealtimeSession asked;
  if (const auto* realtime = std::get_if<RealtimeSession>(&update)) {
    asked = *realtime;
  } else {
    const auto& transcribing = std::get<TranscriptionSession>(update);
    if (transcribing.audio) asked.audio = SessionAudio{transcribing.audio->input, {}};
    asked.include = transcribing.include;
  }
  if (auto refusal = judge(asked, now)) return refusal;
  asked.model.reset();  // chosen when the link was opened; clients repeat it, and nobody minds
  merge(asked, session_);
  complete(session_);
  return {};
}

auto Settings::object() const -> Session {
  if (!transcription_only_) return session_;
  TranscriptionSession session;
  session.identity = session_.identity;
  session.identity.object = "realtime.transcription_session";
  session.audio = TranscriptionAudio{session_.audio->input};
  session.include = session_.include;
  return session;
}

auto Settings::turn_rules() const -> std::optional<TurnRules> {
  const auto* detection = input().turn_detection.get();
  if (detection == nullptr) return {};
  TurnRules rules;
  match(
      *detection,
      [&](const ServerVad& vad) {
        rules.threshold = *vad.threshold;
        rules.prefix_ms = *vad.prefix_padding_ms;
        rules.silence_ms = *vad.silence_duration_ms;
        if (vad.idle_timeout_ms.get() != nullptr) rules.idle_timeout_ms = *vad.idle_timeout_ms.get();
        rules.create_response = *vad.create_response;
        rules.interrupt_response = *vad.interrupt_response;
      },
      [&](const SemanticVad& vad) {
        rules.semantic = true;
        rules.eagerness = *vad.eagerness;
        rules.create_response = *vad.create_response;
        rules.interrupt_response = *vad.interrupt_response;
      });
  return rules;
}

auto Settings::transcription() const -> const Transcription* { return input().transcription.get(); }
auto Settings::input_format() const -> const AudioFormat& { return *input().format; }

auto rules_for(const RealtimeSession& session, const ResponseRequest& request) -> ResponseRules {
  ResponseRules rules;
  rules.instructions = session.instructions.value_or("");
  if (request.instructions) rules.directive = without_prompt(*request.instructions, rules.instructions);
  rules.tools = functions(request.tools ? *request.tools : session.tools.value_or(std::vector<wire::openai::Tool>{}));
  const auto choice = request.tool_choice ? *request.tool_choice : session.tool_choice.value_or(ToolUse::Auto);
  match(
      choice,
      [&](ToolUse use) {
        if (use == ToolUse::None) rules.may_call = false;
        if (use == ToolUse::Required) rules.must_call = "*";
      },
      [&](const UseFunction& use) { rules.must_call = use.name; }, [](const UseMcp&) {});
  if (!rules.may_call) rules.tools.clear();
  rules.audio = (request.output_modalities ? *request.output_modalities : *session.output_modalities).front() == Modality::Audio;
  const auto& output = *session.audio->output;
  const auto own = request.audio && request.audio->output ? *request.audio->output : ResponseVoice{};
  rules.format = own.format ? *own.format : *output.format;
  rules.voice = voice_name(own.voice ? *own.voice : *output.voice);
  rules.speed = output.speed.value_or(1.0);
  const auto* transcription = session.audio->input->transcription.get();
  if (transcription != nullptr && transcription->language) rules.locale = *transcription->language;
  rules.limit = request.max_output_tokens ? *request.max_output_tokens : session.max_output_tokens.value_or(Unlimited::Inf);
  if (const auto* limit = std::get_if<std::int64_t>(&rules.limit)) rules.max_tokens = *limit;
  return rules;
}

auto judge_request(const RealtimeSession& session, const ResponseRequest& request) -> std::optional<Refusal> {
  if (auto refusal = judge_modalities(request.output_modalities, "response.output_modalities")) return refusal;
  const auto tools = request.tools ? *request.tools : session.tools.value_or(std::vector<wire::openai::Tool>{});
  if (auto refusal = judge_choice(request.tool_choice, tools, "response.tool_choice")) return refusal;
  if (request.conversation && *request.conversation != "auto" && *request.conversation != "none") {
    return refuse("invalid_value", "Invalid value: '" + *request.conversation + "'. Supported values are: 'auto' and 'none'.", "response.conversation");
  }
  return judge_metadata(request.metadata);
}

}  // namespace flow::simulate
