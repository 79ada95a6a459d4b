#pragma once
// What an utterance holds: numbers, keys, choices, addresses, and the part that says what it is about.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/simulate/model.h"
#include "runtime/simulate/words.h"

namespace flow::simulate {

// An utterance, held against one tool.
struct Utterance {
  std::string_view said;
  std::vector<Token> words;
  std::vector<std::string> name_stems;  // of the tool: "order" in "order 42" is not the number
  std::string_view description;         // of the tool
};
auto hear(std::string_view said, const Tool& tool) -> Utterance;

// "42", "A1", or what was said in pieces: "SW1A 1AA", "0711 123 456". The one behind a word of `name` wins. Empty: none.
auto key_in(const Utterance& heard, std::string_view name) -> std::string;

auto number_in(const Utterance& heard) -> std::optional<double>;  // in digits or as a word up to twelve

// The value of an enum whose words were said; null: none.
auto choice_in(const Utterance& heard, const Value::List& values) -> const Value*;

// The value that the tool's own description and examples speak of: callers find other words for "send back".
auto choice_suggested(const Utterance& heard, const Value::List& values) -> const Value*;

auto email_in(const Utterance& heard) -> std::string;
auto quoted_in(const Utterance& heard) -> std::string;

// What follows "from" for an origin, "to" for a destination, "name is" for a name; up to the next such word.
auto behind_cue(const Utterance& heard, const std::string& parameter) -> std::string;

// The part that says what it is about: behind the tool's own words if there is something, else all from the first to the
// last word that says something.
auto salient(const Utterance& heard) -> std::string;

auto says_no(const Utterance& heard) -> bool;

}  // namespace flow::simulate
