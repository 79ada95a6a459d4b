// What the caller's keys mean. They are not for the model: somebody waits for them, or nothing happens. The field of a
// form whose turn it is comes before the agent's handlers, and those before the program's: the inner one wins. A key
// that the field cannot take (`*`, or `#` before anything was typed) goes on to the handlers.

#include <algorithm>

#include "compiler/ir/eval.h"
#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr Millis DigitGap{2'000};
constexpr Millis KeysGap{4'000};  // of somebody who reads a number from a card

}  // namespace

void Machine::on(const DigitPressed& e) {
  if (!in_call()) return;
  caller_is_active();
  s.caller.digit_at = s.now;
  s.tried.clear();
  if (s.caller.digits.empty() && form_takes(e.digit)) return;
  decide(Decision::CallerPressed, std::string(1, e.digit));
  s.caller.digits += e.digit;
  const auto whole = digits_waited_for(s.caller.digits, true);
  const auto more = digits_waited_for(s.caller.digits, false);
  if (!whole && !more) {
    s.caller.digits.clear();
    return drop(Wait::DigitsEnd);
  }
  cut(CutBy::Digit);
  if (whole && !more) return digits_ended();
  arm(Wait::DigitsEnd, DigitGap);
}

auto Machine::digits_waited_for(const std::string& so_far, bool whole) const -> bool {
  const auto fits = [&](const ir::EventPattern& on) {
    return on.kind == ir::EventPattern::Kind::Dtmf &&
           std::ranges::any_of(on.values, [&](const std::string& v) { return whole ? v == so_far : v.size() > so_far.size() && v.starts_with(so_far); });
  };
  const auto mine = [&](Id<ir::Agent> owner) { return !owner || owner == s.agent; };
  return std::ranges::any_of(program.handlers, [&](const ir::Handler& h) { return mine(h.agent) && fits(h.on); }) ||
         std::ranges::any_of(program.handoffs, [&](const ir::Handoff& h) {
           return h.trigger.kind == ir::Trigger::Kind::Event && fits(h.trigger.on) && edge_applies(h);
         });
}

void Machine::digits_ended() {
  drop(Wait::DigitsEnd);
  const auto digits = std::exchange(s.caller.digits, {});
  const auto fits = [&](const ir::EventPattern& on) { return std::ranges::find(on.values, digits) != on.values.end(); };
  s.presses = digits == s.pressed ? s.presses + 1 : 1;
  s.pressed = digits;
  handle(ir::EventPattern::Kind::Dtmf, s.presses, fits, Value::Record{});
}

// The field that is asked for: the one an action named last, else the first that is missing.
auto Machine::field_in_turn() const -> std::optional<std::pair<Id<ir::Form>, std::uint32_t>> {
  if (!live() || s.handoff) return std::nullopt;
  const auto open = [&](Id<ir::Form> id) { return program.forms.has(id) && program.forms[id].agent == s.agent && !s.forms[id.index].closed(); };
  const auto missing = [&](Id<ir::Form> id, std::uint32_t i) {
    const auto& field = program.forms[id].fields[i];
    return s.form_values[id.index].field(field.name)->is_none() && !s.forms[id.index].answers[i].check;
  };
  if (open(s.asked) && missing(s.asked, s.asked_field)) return std::pair{s.asked, s.asked_field};
  for (std::uint32_t f = 0; f < program.forms.size(); ++f) {
    const Id<ir::Form> id{f};
    if (!open(id)) continue;
    const auto& fields = program.forms[id].fields;
    for (std::uint32_t i = 0; i < fields.size(); ++i) {
      if (missing(id, i) && !program.types[fields[i].type].optional) return std::pair{id, i};
    }
  }
  return std::nullopt;
}

auto Machine::form_takes(char key) -> bool {
  if (key == s.caller.key_after && key != 0 && s.now <= s.caller.key_after_until) {
    s.caller.key_after = 0;
    return true;
  }
  const auto turn = field_in_turn();
  if (!turn) return false;
  const auto& field = program.forms[turn->first].fields[turn->second];
  if (field.keys_max == 0) return false;
  const auto ends = field.keys_until == std::string(1, key);
  if (ends ? s.caller.keys.empty() : key < '0' || key > '9') return false;
  decide(Decision::CallerPressed, field.pii && !ends ? "a key of `" + field.name + "`" : std::string(1, key));
  cut(CutBy::Digit);
  if (!ends) s.caller.keys += key;
  const auto full = static_cast<int>(s.caller.keys.size()) >= field.keys_max;
  if (ends || full) {
    // The number was long enough without the key that ends it, and its caller may press that all the same.
    s.caller.key_after = full && !ends && !field.keys_until.empty() ? field.keys_until.front() : '\0';
    s.caller.key_after_until = s.now + DigitGap;
    keys_ended();
  } else {
    arm(Wait::KeysEnd, KeysGap);
  }
  return true;
}

void Machine::keys_ended() {
  drop(Wait::KeysEnd);
  const auto keys = std::exchange(s.caller.keys, {});
  const auto turn = field_in_turn();
  if (!turn || keys.empty()) return;
  const auto& field = program.forms[turn->first].fields[turn->second];
  auto& form = s.forms[turn->first.index];
  if (static_cast<int>(keys.size()) < field.keys_min) {
    refuse_answer(turn->first, turn->second, "R0225", "The caller typed " + std::to_string(keys.size()) + " keys; `" + field.name + "` has at least " + std::to_string(field.keys_min) + ".");
  } else {
    offer_answer(turn->first, turn->second, keys, {});
  }
  form.due = true;
}

}  // namespace flow::core
