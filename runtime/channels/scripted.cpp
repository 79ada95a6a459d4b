#include "runtime/channels/scripted.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "compiler/base/match.h"
#include "runtime/audio/quiet.h"

namespace flow::channels {
namespace {

constexpr auto Frame = static_cast<std::size_t>(audio::FrameSamples);
constexpr std::array<std::int16_t, Frame> Silence{};

auto manner_of(const Scripted::Voice& voice) {
  return voice.speak ? ScriptPlayer::Manner::Speaks : ScriptPlayer::Manner::Types;
}

}  // namespace

Scripted::Scripted(Pacer& pacer, Script script, Voice voice)
    : script_name_{script.name}, voice_{std::move(voice)}, script_{script, manner_of(voice_)}, player_{pacer} {
  if (!voice_.speak) return;
  for (const auto& step : script.steps) {
    const auto* says = std::get_if<Says>(&step.act);
    if (!says || spoken_.contains(says->text)) continue;
    auto pcm = audio::without_long_pauses(voice_.speak(says->text), PauseMax);
    pcm.resize((pcm.size() + Frame - 1) / Frame * Frame, 0);
    spoken_.emplace(says->text, std::move(pcm));
  }
}

void Scripted::open(audio::Playout& playout, Listener& listener) {
  player_.start(playout, listener, [this](audio::Samples at) { callers_turn(at); });
}

void Scripted::callers_turn(audio::Samples at) {
  now_ = {audio::to_ms(at)};
  std::vector<Move> moves;
  script_.advance(now_, moves);
  for (const auto& next : moves) {
    if (player_.running()) move(next);
  }
  if (player_.running() && has_voice()) speak_frame(at);
}

void Scripted::move(const Move& move) {
  auto& listener = player_.listener();
  match(
      move,
      [&](const Say& say) {
        if (!has_voice()) return listener.happened(core::TextTyped{say.text});
        saying_ = spoken_.at(say.text);
        if (voice_.begins) voice_.begins(say.text);
      },
      [&](const Press& press) { listener.happened(core::DigitPressed{press.digit}); },
      [&](const HangUpNow&) { end(); },
      [&](const GiveUp& gave_up) {
        listener.channel_failed({"R0309", fmt::format("{}:{}: {}", script_name_, gave_up.line, gave_up.text)});
        end();
      });
}

// The caller is done when the last frame has been said, not when it has been handed over.
void Scripted::speak_frame(audio::Samples at) {
  if (saying_.empty()) {
    script_.caller_finished(now_);
    return player_.listener().caller_audio(at, Silence);
  }
  const auto frame = saying_.first(Frame);
  saying_ = saying_.subspan(Frame);
  player_.listener().caller_audio(at, frame);
}

void Scripted::end() {
  if (!player_.running()) return;
  player_.stop();
  player_.listener().happened(core::CallerHungUp{});
}

void Scripted::told(const core::Decided& decided, std::string_view agent) {
  using enum core::Decision;
  switch (decided.what) {
    case AgentActive: return script_.agent_active(agent.empty() ? std::string_view{decided.text} : agent);
    case AgentSpeaking: return script_.agent_started(now_);
    case AgentDone:
    case AgentCut: return script_.agent_finished(now_);
    case ToolDelivered: return script_.tool_delivered(tools_[decided.job]);
    case ToolCalled:
    case ToolStarted:
    case ToolJoined:
      if (decided.job && !decided.text.empty()) tools_.try_emplace(decided.job, decided.text);
      return;
    default: return;
  }
}

}  // namespace flow::channels
