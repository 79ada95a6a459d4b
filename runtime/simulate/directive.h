#pragma once
// What the instructions of one response order: words to read out, words to begin with, or something to do.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flow::simulate {

struct Directive {
  std::string exact;       // say this and nothing else
  std::string first;       // say this, then what there is to say
  std::string say;         // made from an order such as "tell the caller that you are looking it up"
  bool greet = false;
  bool goodbye = false;
  bool go_on = false;      // from where the voice was cut
  bool offer = false;      // to tell again what was cut
  bool summarise = false;  // the talk so far, for somebody else
  bool reply_first = false;                 // the caller's last words come before the rest
  std::optional<std::int64_t> tell_number;  // the result of that work is to be told; 0: the last one's
  auto empty() const -> bool {
    return exact.empty() && first.empty() && say.empty() && !greet && !goodbye && !go_on && !offer && !reply_first && !tell_number;
  }
};

// `alone`: there is no conversation to answer, so quoted words are all there is to say.
auto read_directive(std::string_view text, bool alone) -> Directive;

// The part of a response's instructions that the session's do not already have.
auto without_prompt(std::string_view instructions, std::string_view prompt) -> std::string_view;

}  // namespace flow::simulate
