# Faults that the session core could have, each a statement of runtime/core put in the place of another. A build of the
# core for tests alone has them all, asleep; a test wakes one. The core itself knows nothing of this.
#
#   defect(NAME "what goes wrong" FILE [[the text as it stands]] [[the one in its place]])
#
# DEFECT is true while this one is awake. The same name twice: a fault that takes two changes. A text that no longer stands
# in the core fails a test: choose another that does the same harm.

# The five that people have reported of systems like this one.
defect(batched_handoff "a handoff that comes with another function call is dropped" calls.cpp
  [[if (builtin_held(group, e) || call_builtin(group, e) || call_form(group, e) || call_remember(group, e) || call_handoff(group, e)) return;]]
  [[if (DEFECT && group.members.size() > 1 && e.name.starts_with("handoff_")) return answer(group, e.call, "{}");
  if (builtin_held(group, e) || call_builtin(group, e) || call_form(group, e) || call_remember(group, e) || call_handoff(group, e)) return;]])
defect(handoff_after_progress "a handoff is refused once a tool has told how far it is" agents.cpp
  [[if (s.handoff || !live()) return false;]]
  [[if (s.handoff || !live() || (DEFECT && std::ranges::any_of(s.jobs, [](const Job& j) { return j.running() && j.retries_left < 0; }))) return false;]])
defect(handoff_after_progress "a handoff is refused once a tool has told how far it is" jobs.cpp
  [[decide(Decision::ToolProgress, e.text.substr(0, ProgressMax), s.now - j->started, j->id);]]
  [[decide(Decision::ToolProgress, e.text.substr(0, ProgressMax), s.now - j->started, j->id);
  if (DEFECT) j->retries_left = -1;]])
defect(interrupted_result "a result that is interrupted is not told again" results.cpp
  [[if (!s.timers.armed(Wait::ResultExpires, id.n)) arm(Wait::ResultExpires, rules.expires, id.n);]]
  [[if (!s.timers.armed(Wait::ResultExpires, id.n)) arm(Wait::ResultExpires, rules.expires, id.n);
      if (DEFECT) continue;]])
defect(call_left_open "an interruption at the start of a function call leaves it open" voice.cpp
  [[close_group(e.response, spoke(s.voice.speech));]]
  [[if (!DEFECT || s.voice.slot != Voice::Slot::Cancelling) close_group(e.response, spoke(s.voice.speech));]])
defect(silent_arrival "whoever takes the call says nothing" agents.cpp
  [[if (s.caller.speaking || has_intent(Intent::Kind::Reply) || s.caller.judged) return;]]
  [[if (DEFECT || s.caller.speaking || has_intent(Intent::Kind::Reply) || s.caller.judged) return;]])

# Others.
defect(delivered_unheard "a result counts as delivered although the caller heard little of it" results.cpp
  [[if (completed && enough) {]]
  [[if (DEFECT || (completed && enough)) {]])
defect(speaks_over_caller "a reply is asked for while the caller speaks" arbiter.cpp
  [[if (s.caller.speaking) return false;]]
  [[if (!DEFECT && s.caller.speaking) return false;]])
defect(no_reply_while_working "a turn is not answered while a tool runs" turns.cpp
  [[if (!has_intent(Intent::Kind::Reply)) intend(Intent::Kind::Reply);]]
  [[if (!has_intent(Intent::Kind::Reply) && !(DEFECT && std::ranges::any_of(s.jobs, &Job::running))) intend(Intent::Kind::Reply);]])
defect(barge_in_ignored "the agent speaks on over a caller who interrupts" barge_in.cpp
  [[if (sounding() && can_be_cut(CutBy::Caller)) fall_silent();]]
  [[if (!DEFECT && sounding() && can_be_cut(CutBy::Caller)) fall_silent();]])
defect(paused_for_ever "an agent that was paused never goes on" barge_in.cpp
  [[out.push_back(ResumePlayout{});]]
  [[if (!DEFECT) out.push_back(ResumePlayout{});]])
defect(failure_unanswered "the call of a tool that failed is not answered" jobs.cpp
  [[answer_and_reply(*group, call, error_output(sentence));]]
  [[if (!DEFECT) answer_and_reply(*group, call, error_output(sentence));]])
defect(result_forgotten "a result that may be told at once is not" results.cpp
  [[case Verdict::TellNow: j.may_tell = true; return;]]
  [[case Verdict::TellNow: j.may_tell = !DEFECT; return;]])
defect(told_twice "a result whose reply comes back is told beside it" intents.cpp
  [[if (unheard && !is_stale_when_cut(intent.kind) && ++intent.cuts <= CutsMax)]]
  [[if (DEFECT && unheard) told(intent, speech.completed, heard, total);
  if (unheard && !is_stale_when_cut(intent.kind) && ++intent.cuts <= CutsMax)]])
defect(joined_twice "a call that joins a result tells it beside the reply that waits" calls.cpp
  [[for (auto& intent : s.queue) std::erase(intent.jobs, twin->id);]]
  [[if (!DEFECT) for (auto& intent : s.queue) std::erase(intent.jobs, twin->id);]])
defect(two_creates "a response is asked for while one runs" arbiter.cpp
  [[s.ask.slot == Ask::Slot::Empty && s.running.empty() && !s.flush &&]]
  [[s.ask.slot == Ask::Slot::Empty && (DEFECT || s.running.empty()) && !s.flush &&]])
defect(two_voices "a response is asked for while another is still heard" arbiter.cpp
  [[(s.voice.slot == Voice::Slot::Empty || tail_is_near) &&]]
  [[(DEFECT || s.voice.slot == Voice::Slot::Empty || tail_is_near) &&]])
defect(no_outcome_after_hangup "a result that waits when the caller hangs up has no outcome" ending.cpp
  [[    if (!j.running()) {
      end(j, Job::Stage::Kept, "nobody is there to tell");]]
  [[    if (!j.running()) {
      if (!DEFECT) end(j, Job::Stage::Kept, "nobody is there to tell");]])
defect(handoff_stuck "the service is never told of the new agent" agents.cpp
  [[if (connection() == s.link.realtime) return configure();]]
  [[if (connection() == s.link.realtime) return DEFECT ? void() : configure();]])
defect(lost_with_the_link "what was asked for on a lost connection is not asked for again" link.cpp
  [[give_back(std::exchange(s.ask, {}).intents);]]
  [[if (DEFECT) for (const auto& intent : std::exchange(s.ask, {}).intents) settle(intent, "dropped");
  give_back(std::exchange(s.ask, {}).intents);]])
defect(silent_after_calls "after several calls at once nobody speaks" calls.cpp
  [[if (finished.silent && finished.told.empty() && !finished.needs_reply) continue;]]
  [[if (DEFECT && finished.members.size() > 1) continue;
    if (finished.silent && finished.told.empty() && !finished.needs_reply) continue;]])
defect(cuts_itself "a result that is being told is cut to tell it" results.cpp
  [[if (j.stage == Job::Stage::Ready && waits(j)) ready]]
  [[if (j.stage == Job::Stage::Ready && (DEFECT || waits(j))) ready]])

# Forms.
defect(answers_forgotten "what was answered is forgotten when the call comes back to the form" forms.cpp
  [[if (f.stage != Stage::Done) continue;
    for (const auto& field : form.fields) field_of]]
  [[if (!DEFECT && f.stage != Stage::Done) continue;
    for (const auto& field : form.fields) field_of]])
defect(submitted_unasked "a form is submitted before the caller has said yes" forms.cpp
  [[(f.stage == Stage::ReadBack && says_yes && s.caller.turns > f.read_back_at)]]
  [[((DEFECT || f.stage == Stage::ReadBack) && says_yes && (DEFECT || s.caller.turns > f.read_back_at))]])
defect(submitted_twice "a yes that comes twice submits a form twice" forms.cpp
  [[const auto was_open = !f.closed();]]
  [[const auto was_open = !f.closed() || (DEFECT && f.stage == Stage::Submitting);
  if (DEFECT && f.stage == Stage::Submitting) f.stage = Stage::ReadBack;]])
defect(check_lost "the call of a form whose check fails is not answered" forms.cpp
  [[if (f.answers[field].check != of) return;
    f.due = true;]]
  [[if (f.answers[field].check != of) return;
    f.due = !DEFECT;]])
defect(keys_unanswered "who types an answer is not answered" keys.cpp
  [[  form.due = true;]]
  [[  form.due = !DEFECT;]])
defect(form_left_open "a form that waits for a check keeps its call open over a handoff" forms.cpp
  [[for (const auto& call : std::exchange(s.forms[i].calls, {})) answer_form(call, form_status(Id<ir::Form>{i}), false);
  }
}

// ── What the model is told ──]]
  [[if (!DEFECT) for (const auto& call : std::exchange(s.forms[i].calls, {})) answer_form(call, form_status(Id<ir::Form>{i}), false);
  }
}

// ── What the model is told ──]])

# Ways out.
defect(failure_untold "when nobody takes the caller, nobody tells them" transfers.cpp
  [[  failing_ = true;]]
  [[  if (DEFECT) return;
  failing_ = true;]])
defect(waits_for_ever "a far side that does not answer is waited for without end" transfers.cpp
  [[  arm(Wait::TransferAnswers, leaving()->timeout);]]
  [[  arm(Wait::TransferAnswers, DEFECT ? leaving()->timeout * 100 : leaving()->timeout);]])
defect(order_forgotten "an order to give the call away is not taken back when the caller hangs up" transfers.cpp
  [[    out.push_back(AbandonTransfer{s.handoff->transfer});
    decide(Decision::TransferFailed, leaving()->name + ": the call]]
  [[    if (!DEFECT) out.push_back(AbandonTransfer{s.handoff->transfer});
    decide(Decision::TransferFailed, leaving()->name + ": the call]])
defect(line_unheard "the call is given away before the line that says so was heard" agents.cpp
  [[const auto told = !has_intent(Intent::Kind::HandoffLine) && !speaking();]]
  [[const auto told = DEFECT || (!has_intent(Intent::Kind::HandoffLine) && !speaking());]])
defect(machine_unheard "an answering machine that records hears nothing" transfers.cpp
  [[  handle(ir::EventPattern::Kind::Voicemail, 1, {}, Value::Record{});]]
  [[  if (!DEFECT) handle(ir::EventPattern::Kind::Voicemail, 1, {}, Value::Record{});]])

# What an earlier call left, and a service that is gone.
defect(earlier_untold "a result that an earlier call left is not told" memory.cpp
  [[    result_ready(*ready);]]
  [[    if (!DEFECT) result_ready(*ready);]])
defect(gone_in_silence "a service that is gone leaves the caller on a dead line" link.cpp
  [[if (!leaving()) end_with_error(s.gone_code, s.gone_text);]]
  [[if (!leaving() && !DEFECT) end_with_error(s.gone_code, s.gone_text);]])
