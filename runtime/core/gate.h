#pragma once
// May a background result be told now? One table, read on events and never polled.

#include "compiler/ir/ir.h"

namespace flow::core {

// Who has the floor.
enum class Floor {
  Caller,  // speaks, or is owed a reply
  Agent,   // speaks, or is about to: a create without verdict, the tail of a reply, a handoff, a lost link
  Nobody,
};

enum class Verdict {
  Hold,
  ShareReply,    // hold; the reply that is owed tells it
  TellNow,
  TellAfterGrace,
  CutAndTell,
  CutAtPause,
  ContextNow,    // put it into the conversation; nobody is asked to speak
  ContextLater,  // the same, when the response that runs has ended
  Skip,
};

struct Situation {
  Floor floor = Floor::Nobody;
  bool held = false;      // a protected line, a handoff or a lost link: nothing may cut in
  bool can_cut = true;    // the service can cancel a response
  bool overrides = false; // the policy talks over the caller, now
};

auto gate(ir::Policy::Deliver deliver, const Situation& now) -> Verdict;

}  // namespace flow::core
