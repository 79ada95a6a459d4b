#pragma once
// What is said when there is nothing to look up: short, friendly, and without a claim about the world.

#include <string>
#include <string_view>
#include <vector>

#include "runtime/simulate/dice.h"

namespace flow::simulate {

// An answer to what the caller said. `prompt` is asked only for who the agent is; `last` is what the agent said before,
// so that it does not say the same twice in a row.
auto small_talk(std::string_view said, std::string_view prompt, std::string_view last, Dice& dice) -> std::string;

auto greeting(std::string_view prompt, Dice& dice) -> std::string;
auto farewell(Dice& dice) -> std::string;
auto please_wait(Dice& dice) -> std::string;
auto anything_else(Dice& dice) -> std::string;

}  // namespace flow::simulate
