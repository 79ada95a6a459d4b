#include "runtime/rehearse/rehearsal.h"

#include "runtime/rehearse/judge.h"
#include "runtime/rehearse/script.h"

namespace flow::rehearse {

auto rehearse(const ir::Program& program, const ir::Test& test) -> Played {
  Script script(program, test);
  script.perform();
  Played played{.failures = script.failures(), .moments = script.stage().moments(), .reached = script.reached(), .script_over = script.script_over(), .covered = script.covered()};
  // What a step that could not be done leaves behind says nothing about the flow.
  if (played.failures.empty()) played.failures = judge(program, script);
  return played;
}

}  // namespace flow::rehearse
