#pragma once
// Decides when a scripted caller does what: facts of the call and the time in, moves out. Pure, and a value.

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/channels/script.h"

namespace flow::channels {

struct Say {
  std::string text;
  int line = 0;
  auto operator==(const Say&) const -> bool = default;
};
struct Murmur {  // a sound over the agent's voice that expects nothing
  std::string text;
  int line = 0;
  auto operator==(const Murmur&) const -> bool = default;
};
struct Cough {
  auto operator==(const Cough&) const -> bool = default;
};
struct Press {
  char digit = '0';
  auto operator==(const Press&) const -> bool = default;
};
struct Beep {  // the caller is an answering machine
  auto operator==(const Beep&) const -> bool = default;
};
struct HangUpNow {
  auto operator==(const HangUpNow&) const -> bool = default;
};
struct GiveUp {  // what the script waits for did not happen; the last move
  std::string text;
  int line = 0;
  auto operator==(const GiveUp&) const -> bool = default;
};
using Move = std::variant<Say, Murmur, Cough, Press, Beep, HangUpNow, GiveUp>;

class ScriptPlayer {
 public:
  // What is typed is said at once, and nobody types a cough; what is spoken takes until `caller_finished`, and the next
  // step waits for it.
  enum class Manner { Types, Speaks };

  // A reply that has not begun so long after the step that asks for it will not come: the caller gives up.
  static constexpr core::Millis Patience{30'000};
  // A pressed key need not be answered: if nobody speaks for so long, the script goes on.
  static constexpr core::Millis KeyPatience{3'000};
  // The pause before the caller hangs up, if the script does not say.
  static constexpr core::Millis Parting{3'000};

  ScriptPlayer(Script script, Manner manner);

  // Facts. Times never run backwards, here and below.
  void agent_started(core::Instant now);   // its voice began to sound
  void agent_finished(core::Instant now);  // it was heard to its end, or cut
  void agent_active(std::string_view agent);
  void tool_delivered(std::string_view tool);
  void caller_finished(core::Instant now);  // of Manner::Speaks: the words were said

  // Appends what the caller does now.
  void advance(core::Instant now, std::vector<Move>& moves);

  // Nothing will follow.
  auto finished() const -> bool { return next_ == script_.steps.size(); }

 private:
  enum class Owed { Reply, PerhapsReply, Nothing };
  enum class Verdict { Wait, Go, GiveUp };

  auto verdict(const Step& step, core::Instant now) -> Verdict;
  auto awaited(const Step& step, core::Instant now) -> Verdict;
  void perform(const Step& step, core::Instant now, std::vector<Move>& moves);
  void step_done(core::Instant now, Owed owed);
  void sound_made(const Move& sound, std::vector<Move>& moves);
  void give_up(const Step& step, std::vector<Move>& moves);

  Script script_;
  Manner manner_;
  std::size_t next_ = 0;

  // Since the last step: when it ended, what it may expect of the agent, whether that has begun.
  core::Instant since_;
  Owed owed_ = Owed::Reply;
  bool reply_begun_ = false;
  bool saying_ = false;
  bool means_it_ = false;  // of `saying_`: words, which the agent is to reply to

  bool agent_speaks_ = false;
  core::Instant agent_started_, agent_finished_;
  std::string active_agent_;
  bool has_spoken_ = false;  // the active agent
  std::map<std::string, int, std::less<>> delivered_;  // deliveries no step has waited for yet
};

}  // namespace flow::channels
