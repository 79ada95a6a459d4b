#include "runtime/telemetry/delays.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/base/match.h"

namespace flow::telemetry {
namespace {

using core::Decision;
using core::Instant;
using core::Millis;

constexpr StageRow Rows[] = {
#define FLOW_STAGE(enumerator, name, from, to) {Stage::enumerator, name, from, to},
#include "runtime/telemetry/stages.def"
#undef FLOW_STAGE
};

// Sounds that are nearer to each other belong to one stretch of speech: a pause between words.
constexpr auto PauseMax = core::to_samples(Millis{300});
// A voice that was stopped is silent once nothing of it came for so long.
constexpr Millis SilenceMin{100};
// What the service says is about sound that is not older than this.
constexpr Millis NewsMax{2'000};

auto instant(core::Samples at) -> Instant { return {core::to_ms(at)}; }

// The parts of a delay, one after the other.
class Parts {
 public:
  explicit Parts(Delay& delay) : delay_(delay), until_(delay.began) {}

  // What was over before the stage before it ended took no time.
  void stage(Stage what, std::optional<Instant> until) {
    if (!until) return;
    const auto end = std::max(*until, until_);
    delay_.parts.push_back({what, end - until_});
    delay_.ended = until_ = end;
  }

 private:
  Delay& delay_;
  Instant until_;
};

}  // namespace

auto stages() -> std::span<const StageRow> { return Rows; }
auto name_of(Stage what) -> std::string_view { return Rows[static_cast<std::size_t>(what)].name; }

auto words_of(Stage what) -> std::string {
  std::string words{name_of(what)};
  std::ranges::replace(words, '_', ' ');
  return words;
}

auto stages_as_markdown() -> std::string {
  std::string out = "| stage | from | to |\n|---|---|---|\n";
  for (const auto& row : Rows) out += fmt::format("| `{}` | {} | {} |\n", row.name, row.from, row.to);
  return out;
}

auto name_of(Delay::Kind kind) -> std::string_view {
  constexpr std::string_view Names[] = {"reply", "typed_reply", "barge_in"};
  return Names[static_cast<std::size_t>(kind)];
}

auto Delays::on(const core::Event& event, Instant now) -> std::optional<Delay> {
  match(
      event,
      [&](const core::ResponseStarted& e) {
        if (!turn_ || turn_->arrived || (e.ask && e.ask != turn_->ask)) return;
        turn_->started = now;
        turn_->response = e.response;
      },
      [&](const core::AudioArrived& e) { arrived_ = e.response; }, [&](const core::PlayoutDrained&) { agent_plays_ = false; },
      [](const auto&) {});
  return std::nullopt;
}

auto Delays::on(const core::Effect& effect, Instant now) -> std::optional<Delay> {
  const auto stops = [&] {
    if (barge_in_ && !barge_in_->ordered) barge_in_->ordered = now;
  };
  std::optional<Delay> complete;
  match(
      effect,
      [&](const core::CreateResponse& e) {
        if (!turn_ || turn_->arrived) return;
        if (!turn_->asked_first) turn_->asked_first = now;
        turn_->asked = now;
        turn_->ask = e.ask;
        turn_->started.reset();
      },
      [&](const core::PausePlayout&) { stops(); }, [&](const core::FlushPlayout&) { stops(); },
      [&](const core::ResumePlayout&) {
        if (barge_in_ && barge_in_->ordered) complete = barge_in();
      },
      [&](const core::Decided& e) { decided(e, now); }, [](const auto&) {});
  return complete;
}

void Delays::decided(const core::Decided& decided, Instant now) {
  switch (decided.what) {
    case Decision::CallerSpeaking: return caller_speaks(now);
    case Decision::CallerSilent:
      if (decided.text.empty()) caller_is_silent(now);  // else nobody had spoken
      return;
    case Decision::CallerTyped:
      turn_ = Turn{.typed = true, .sounded = now, .ended = now};
      return;
    case Decision::AgentSpeaking: return answer_begins(now);
    case Decision::AgentCut:
      if (turn_) turn_->arrived.reset();  // it was not heard yet, so they still wait
      [[fallthrough]];
    case Decision::AgentDone: agent_plays_ = false; return;
    default: return;
  }
}

void Delays::caller_speaks(Instant now) {
  turn_.reset();
  barge_in_.reset();
  spoke_ = now;
  if (agent_plays_ && has_sounded()) barge_in_ = BargeIn{.sounded = std::min(instant(caller_->begin), now), .detected = now};
}

auto Delays::has_sounded() const -> bool { return caller_ && instant(caller_->end) + NewsMax >= spoke_; }

// Where no sound was seen there is nothing to measure from.
void Delays::caller_is_silent(Instant now) {
  if (barge_in_ && !barge_in_->ordered) barge_in_.reset();
  turn_.reset();
  if (has_sounded()) turn_ = Turn{.sounded = std::min(instant(caller_->end), now), .ended = now};
  caller_.reset();  // what the service hears next is another sound
}

// Only what was begun after the turn is its answer.
void Delays::answer_begins(Instant now) {
  agent_plays_ = true;
  if (turn_ && !turn_->arrived && turn_->started && turn_->response == arrived_) turn_->arrived = now;
}

auto Delays::caller(core::Samples at, audio::Pcm pcm) -> std::optional<Delay> {
  const auto sound = callers_.next(at, pcm);
  if (!sound) return std::nullopt;
  const auto goes_on = caller_ && sound->begin - caller_->end <= PauseMax;
  caller_ = audio::Stretch{goes_on ? caller_->begin : sound->begin, sound->end};
  return std::nullopt;
}

auto Delays::agent(core::Samples at, audio::Pcm pcm) -> std::optional<Delay> {
  if (const auto sound = agents_.next(at, pcm)) {
    agent_until_ = sound->end;
    if (turn_ && turn_->arrived) return reply(instant(sound->begin) + latency_.out);
  }
  const auto ordered = barge_in_ ? barge_in_->ordered : std::nullopt;
  if (ordered && instant(at) >= *ordered + SilenceMin) return barge_in();
  return std::nullopt;
}

auto Delays::reply(Instant heard) -> Delay {
  const auto turn = *std::exchange(turn_, std::nullopt);
  Delay delay{.kind = turn.typed ? Delay::Kind::TypedReply : Delay::Kind::Reply, .began = turn.typed ? turn.sounded : Instant{turn.sounded - Instant{latency_.in}}};
  Parts parts(delay);
  if (!turn.typed) {
    parts.stage(Stage::DeviceIn, turn.sounded);
    parts.stage(Stage::Endpointing, turn.ended);
  }
  parts.stage(Stage::Deciding, turn.asked_first);
  parts.stage(Stage::Tools, turn.asked);
  parts.stage(Stage::Service, turn.started);
  parts.stage(Stage::FirstAudio, turn.arrived);
  parts.stage(Stage::Playout, Instant{heard - Instant{latency_.out}});
  parts.stage(Stage::DeviceOut, heard);
  return delay;
}

auto Delays::barge_in() -> Delay {
  const auto it = *std::exchange(barge_in_, std::nullopt);
  Delay delay{.kind = Delay::Kind::BargeIn, .began = Instant{it.sounded - Instant{latency_.in}}};
  Parts parts(delay);
  parts.stage(Stage::DeviceIn, it.sounded);
  parts.stage(Stage::Detection, it.detected);
  parts.stage(Stage::Deciding, it.ordered);
  parts.stage(Stage::Stopping, instant(agent_until_));
  parts.stage(Stage::DeviceOut, instant(agent_until_) + latency_.out);
  return delay;
}

}  // namespace flow::telemetry
