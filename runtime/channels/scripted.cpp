#include "runtime/channels/scripted.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "compiler/base/match.h"
#include "runtime/audio/quiet.h"
#include "runtime/audio/surroundings.h"

namespace flow::channels {
namespace {

constexpr auto Frame = static_cast<std::size_t>(audio::FrameSamples);
constexpr std::array<std::int16_t, Frame> Silence{};
constexpr audio::Samples NoiseLength = audio::to_samples(net::Millis{10'000});  // too long to be heard repeating
constexpr core::Millis Announcement{4'000};  // of an answering machine, before its beep
constexpr core::Millis Rings{500};           // after the order, the far side is being called
constexpr core::Millis Briefing{3'000};      // what the person of a warm transfer is told takes its time
constexpr std::uint32_t Seed = 1;                                               // runs repeat

// What somebody speaks in this step; of a cough, nothing; none, if no sound is made.
auto sound_in(const Step& step) -> std::optional<std::string_view> {
  if (const auto* says = std::get_if<Says>(&step.act)) return says->text;
  if (const auto* murmurs = std::get_if<Murmurs>(&step.act)) return murmurs->text;
  if (std::holds_alternative<Coughs>(step.act)) return "";
  return std::nullopt;
}

auto manner_of(const Scripted::Voice& voice) {
  return voice.speak ? ScriptPlayer::Manner::Speaks : ScriptPlayer::Manner::Types;
}

}  // namespace

Scripted::Scripted(Pacer& pacer, Script script, Voice voice)
    : script_name_{script.name}, far_sides_{script.far_sides}, sound_{script.sound}, voice_{std::move(voice)}, script_{script, manner_of(voice_)}, player_{pacer} {
  if (!voice_.speak) return;
  for (const auto& step : script.steps) {
    const auto sound = sound_in(step);
    if (!sound || line_of(*sound)) continue;
    lines_.push_back(std::make_shared<Line>(Line{std::string{*sound}}));
    if (!voice_.background) prepare(lines_.back());
  }
  if (!sound_.noise_db) return;
  noise_ = audio::background_noise(NoiseLength, audio::SpeechDbfs - *sound_.noise_db, Seed);
  if (sound_.by_phone) noise_ = audio::through_phone(noise_);
}

void Scripted::open(audio::Playout& playout, Listener& listener) {
  player_.start(playout, listener, [this](audio::Samples at) { callers_turn(at); });
  for (const auto& line : lines_) {
    if (!line->ready) prepare(line);
  }
}

auto Scripted::line_of(std::string_view text) const -> std::shared_ptr<Line> {
  const auto found = std::ranges::find(lines_, text, [](const auto& line) { return std::string_view{line->text}; });
  return found == lines_.end() ? nullptr : *found;
}

void Scripted::prepare(const std::shared_ptr<Line>& line) {
  const auto work = [line, speak = voice_.speak, sound = sound_] {
    line->pcm = line->text.empty() ? audio::cough(Seed) : audio::without_long_pauses(speak(line->text), PauseMax);
    if (sound.noise_db && !line->text.empty()) line->pcm = audio::at_level(line->pcm, audio::SpeechDbfs);
    if (sound.by_phone) line->pcm = audio::through_phone(line->pcm);
    line->pcm.resize((line->pcm.size() + Frame - 1) / Frame * Frame, 0);
  };
  const auto done = [line] { line->ready = true; };
  if (voice_.background && voice_.background(work, done)) return;
  work();
  done();
}

void Scripted::callers_turn(audio::Samples at) {
  now_ = {audio::to_ms(at)};
  std::vector<Move> moves;
  script_.advance(now_, moves);
  for (const auto& next : moves) {
    if (player_.running()) move(next);
  }
  if (beeps_at_ && now_ >= *beeps_at_ && player_.running()) {
    beeps_at_.reset();
    player_.listener().happened(core::MachineAnswered{true});
  }
  if (calling_ && player_.running()) far_side_moves();
  if (player_.running() && has_voice()) player_.listener().caller_audio(at, next_frame());
}

void Scripted::move(const Move& move) {
  auto& listener = player_.listener();
  match(
      move,
      [&](const Say& say) {
        if (!has_voice()) return listener.happened(core::TextTyped{say.text});
        this->say(say.text, true);
      },
      [&](const Murmur& murmur) { say(murmur.text, false); }, [&](const Cough&) { say("", false); },
      [&](const Press& press) { listener.happened(core::DigitPressed{press.digit}); },
      [&](const Beep&) {
        beeps_at_ = now_ + Announcement;
        listener.happened(core::MachineAnswered{false});
      },
      [&](const HangUpNow&) { end(); },
      [&](const GiveUp& gave_up) {
        listener.channel_failed({"R0309", fmt::format("{}:{}: {}", script_name_, gave_up.line, gave_up.text)});
        end();
      });
}

void Scripted::say(std::string_view text, bool means_it) {
  to_say_ = line_of(text);
  means_it_ = means_it;
}

auto Scripted::next_frame() -> audio::Pcm {
  const auto voice = voice_frame();
  if (noise_.empty()) return voice;
  mixed_.assign(voice.begin(), voice.end());
  audio::mix(mixed_, noise_, noise_at_);
  noise_at_ = (noise_at_ + Frame) % noise_.size();
  return mixed_;
}

// A line that is not spoken yet is begun late. The caller is done when its last frame has been heard, which is one beat
// after it was handed over.
auto Scripted::voice_frame() -> audio::Pcm {
  if (to_say_) {
    if (!to_say_->ready) return Silence;
    if (voice_.begins && !to_say_->text.empty()) voice_.begins(to_say_->text);
    if (voice_.holds_key && means_it_) press_key(true);
    saying_ = std::exchange(to_say_, nullptr)->pcm;
  } else if (saying_.empty()) {
    if (holds_key_) press_key(false);
    script_.caller_finished(now_);
  }
  if (saying_.empty()) return Silence;
  const auto frame = saying_.first(Frame);
  saying_ = saying_.subspan(Frame);
  return frame;
}

void Scripted::press_key(bool down) {
  if (std::exchange(holds_key_, down) == down) return;
  if (down) return player_.listener().happened(core::TalkPressed{});
  player_.listener().happened(core::TalkReleased{});
}

void Scripted::transfer(const core::TransferCall& order, const ir::Transfer& to) {
  std::vector<FarSide> tries;
  std::ranges::copy_if(far_sides_, std::back_inserter(tries), [&](const FarSide& side) { return side.transfer == to.name; });
  const FarSide nobody{.transfer = to.name, .why = "the script does not say who answers", .after = {}};
  const auto side = tries.empty() ? nobody : tries[std::min(tries_[to.name]++, tries.size() - 1)];
  calling_ = Calling{.transfer = order.transfer, .side = side, .is_warm = to.mode == ir::Transfer::Mode::Warm, .since = now_};
}

void Scripted::abandon_transfer(core::TransferId transfer) {
  if (calling_ && calling_->transfer == transfer) calling_.reset();
}

// One step of it a beat: it rings, it ends or somebody answers, and, once they were told, they have the caller.
void Scripted::far_side_moves() {
  auto& call = *calling_;
  const auto tell = [this, transfer = call.transfer](core::TransferStage stage, std::string why = {}) {
    player_.listener().happened(core::TransferMoved{transfer, stage, std::move(why)});
  };
  const auto passed = now_ - call.since;
  if (!std::exchange(call.rang, call.rang || passed >= std::min(Rings, call.side.after)) && call.rang) return tell(core::TransferStage::Ringing);
  if (passed < call.side.after) return;
  if (!call.side.why.empty()) {
    const auto why = call.side.why;
    calling_.reset();
    return tell(core::TransferStage::Failed, why);
  }
  if (!std::exchange(call.answered, true)) return tell(core::TransferStage::Answered);
  if (call.is_warm && passed < call.side.after + Briefing) return;
  calling_.reset();
  player_.stop();
  tell(core::TransferStage::Connected);
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
