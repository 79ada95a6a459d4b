#pragma once
// Texts that are made from the table of commands.

#include <string>

namespace flow::cli {

// The script that a shell reads: bash, zsh or fish.
auto completions_for(const std::string& shell) -> std::string;

// The manual page, for `man`.
auto manual() -> std::string;

}  // namespace flow::cli
