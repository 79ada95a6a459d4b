// What a call costs, and whether it may go on: by its own `max_cost`, and by what other calls have left of the budget.

#include <fmt/format.h>

#include <algorithm>

#include "runtime/core/machine.h"

namespace flow::core {

// A call that nothing is left for is refused before anything of it begins: no agent takes it, nothing is looked up.
auto Machine::refused_for_cost(const std::optional<Allowance>& allowance) -> bool {
  if (!allowance || !program.budget) return false;
  s.allowance = allowance->most;
  if (allowance->most > 0) return false;
  s.agent = program.start;  // who would have had it
  const auto* period = program.budget->per == ir::SpendingLimit::Per::Day ? "day" : "month";
  end_with_error("R0406", fmt::format("the budget of the {} is used up, {:g} {}; it begins anew at {}", period, program.budget->most, program.budget->currency, allowance->renews));
  return true;
}

// What a response cost, counted high: of what the service knew already it is not told what was text and what sound, and
// it is taken for text, the cheaper.
void Machine::count_cost(const Usage& usage) {
  if (!program.realtime || !program.realtimes[program.realtime].prices) return;
  const auto& prices = *program.realtimes[program.realtime].prices;
  const auto text = usage.input - usage.input_audio;
  const auto cached_text = std::min(usage.cached, text);
  const auto cached_audio = std::min(usage.cached - cached_text, usage.input_audio);
  const auto cost = [](std::int64_t tokens, double price) { return static_cast<double>(tokens) * price / 1e6; };
  s.spent += cost(text - cached_text, prices.text_in) + cost(usage.input_audio - cached_audio, prices.audio_in) + cost(cached_text + cached_audio, prices.cached_in) +
             cost(usage.output - usage.output_audio, prices.text_out) + cost(usage.output_audio, prices.audio_out);
  out.push_back(CountCost{s.spent});
  weigh_cost();
}

void Machine::on(const AllowanceMoved& e) {
  if (!program.budget) return;
  s.allowance = e.most;
  weigh_cost();
}

// The smaller of the two limits counts, once.
void Machine::weigh_cost() {
  if (s.cost_reached || !live() || (!program.max_cost && !s.allowance)) return;
  const auto by_budget = s.allowance && (!program.max_cost || *s.allowance < *program.max_cost);
  const auto most = by_budget ? *s.allowance : *program.max_cost;
  if (s.spent < most) return;
  s.cost_reached = true;
  const auto& currency = by_budget ? program.budget->currency : program.currency;
  decide(Decision::CostReached, fmt::format("{:.4f} of {:.4f} {}{}", s.spent, most, currency, by_budget ? ", all that the budget leaves" : ""));
  limit_reached();
}

}  // namespace flow::core
