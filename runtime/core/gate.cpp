#include "runtime/core/gate.h"

namespace flow::core {
namespace {

using Deliver = ir::Policy::Deliver;

auto interrupting(const Situation& now) -> Verdict {
  if (now.held) return Verdict::Hold;
  switch (now.floor) {
    case Floor::Caller: return now.overrides ? Verdict::CutAndTell : Verdict::ShareReply;
    case Floor::Agent: return now.can_cut ? Verdict::CutAndTell : Verdict::CutAtPause;
    case Floor::Nobody: return Verdict::TellNow;
  }
  return Verdict::Hold;
}

auto waiting_for(const Situation& now, Verdict while_agent_speaks, Verdict when_free) -> Verdict {
  if (now.held) return Verdict::Hold;
  switch (now.floor) {
    case Floor::Caller: return Verdict::Hold;
    case Floor::Agent: return while_agent_speaks;
    case Floor::Nobody: return when_free;
  }
  return Verdict::Hold;
}

}  // namespace

auto gate(Deliver deliver, const Situation& now) -> Verdict {
  switch (deliver) {
    case Deliver::Interrupt: return interrupting(now);
    case Deliver::AtPause: return waiting_for(now, Verdict::CutAtPause, Verdict::TellNow);
    case Deliver::WhenIdle: return waiting_for(now, Verdict::Hold, Verdict::TellAfterGrace);
    case Deliver::WithNextTurn:
    case Deliver::Silent: return now.floor == Floor::Agent ? Verdict::ContextLater : Verdict::ContextNow;
    case Deliver::SkipIfBusy: return now.floor == Floor::Nobody && !now.held ? Verdict::TellNow : Verdict::Skip;
  }
  return Verdict::Hold;
}

}  // namespace flow::core
