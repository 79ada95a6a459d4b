#include "runtime/simulate/directive.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>
#include <vector>

#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

auto has_any(std::string_view low, std::initializer_list<std::string_view> cues) -> bool {
  return std::any_of(cues.begin(), cues.end(), [&](std::string_view cue) { return low.find(cue) != low.npos; });
}

constexpr std::string_view OpenQuote = "\xE2\x80\x9C";
constexpr std::string_view CloseQuote = "\xE2\x80\x9D";

struct Quotation {
  std::size_t begin = 0, end = 0;  // of the words, without the marks
};

// From the first opening mark to the last closing one: what is read out may itself have quotations.
auto quotation(std::string_view text) -> Quotation {
  if (const auto open = text.find(OpenQuote); open != text.npos) {
    const auto close = text.rfind(CloseQuote);
    if (close != text.npos && close > open) return {open + OpenQuote.size(), close};
  }
  const auto open = text.find('"');
  const auto close = text.rfind('"');
  if (open == text.npos || close <= open + 1) return {};
  return {open + 1, close};
}

auto wants_exact_words(std::string_view low) -> bool {
  return has_any(low, {"exactly", "word for word", "verbatim", "nothing else", "these words", "read out", "read aloud", "read the following", "read this", "repeat", "say only that"});
}

// "you are looking it up", an order to the model, is "I am looking it up" in its own mouth.
auto in_first_person(std::string_view text) -> std::string {
  static const std::vector<std::pair<std::string, std::string>> Turned{
      {"you are", "I am"}, {"you're", "I'm"}, {"you have", "I have"}, {"you will", "I will"}, {"you can", "I can"},
      {"you", "I"},        {"your", "my"},    {"the caller's", "your"}, {"the caller", "you"}, {"their", "your"}, {"they", "you"}};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool start = at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0;
    const std::pair<std::string, std::string>* found = nullptr;
    for (const auto& turn : Turned) {
      const auto end = at + turn.first.size();
      if (!start || lower(text.substr(at, turn.first.size())) != turn.first) continue;
      if (end < text.size() && std::isalnum(static_cast<unsigned char>(text[end])) != 0) continue;
      if (found == nullptr || turn.first.size() > found->first.size()) found = &turn;
    }
    out += found != nullptr ? found->second : std::string(1, text[at]);
    at += found != nullptr ? found->first.size() : 1;
  }
  return out;
}

auto capitalised(std::string text) -> std::string {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

auto behind(std::string_view sentence, std::string_view low, std::initializer_list<std::string_view> cues) -> std::string_view {
  for (const auto cue : cues) {
    if (const auto at = low.find(cue); at != low.npos) return trimmed(sentence.substr(at + cue.size()));
  }
  return {};
}

// "The result of work number 3, lookup_orders, has arrived; tell it now."
auto number_of_result(std::string_view low) -> std::optional<std::int64_t> {
  if (low.find("result") == low.npos || !has_any(low, {"tell it", "has arrived", "tell the result"})) return {};
  constexpr std::string_view Mark = "number ";
  std::int64_t number = 0;
  if (const auto at = low.find(Mark); at != low.npos) std::from_chars(low.data() + at + Mark.size(), low.data() + low.size(), number);
  return number;
}

// What one sentence of the order makes the agent say: "Tell the caller that …", "Ask for …". Empty: nothing.
auto said_for(std::string_view sentence) -> std::string {
  const auto low = lower(sentence);
  const auto begins = [&](std::string_view word) { return low.starts_with(word); };
  if (begins("tell") || begins("say") || begins("briefly") || begins("let the caller know")) {
    const auto rest = behind(sentence, low, {" that ", " know "});
    return rest.empty() ? std::string{} : capitalised(in_first_person(rest)) + ".";
  }
  if (begins("ask") || begins("offer")) {
    if (const auto wish = behind(sentence, low, {" whether to ", "offer to "}); !wish.empty()) return "Shall I " + in_first_person(wish) + "?";
    if (const auto wanted = behind(sentence, low, {" for "}); !wanted.empty()) return "Could you tell me " + in_first_person(wanted) + "?";
    return "May I ask " + in_first_person(behind(sentence, low, {"ask the caller ", "ask them ", "ask "})) + "?";
  }
  return begins("apologi") ? "I'm sorry about that." : std::string{};
}

auto ordered_words(std::string_view text) -> std::string {
  std::string all;
  while (!text.empty()) {
    const auto end = std::min(text.size(), text.find_first_of(".!?\n"));
    const auto part = std::min(end, std::min(lower(text.substr(0, end)).find(" and ask "), lower(text.substr(0, end)).find(" and offer ")));
    const auto said = said_for(trimmed(text.substr(0, part)));
    text.remove_prefix(std::min(text.size(), part < end ? part + 5 : end + 1));
    if (!said.empty()) all += (all.empty() ? "" : " ") + said;
  }
  return all;
}

}  // namespace

auto read_directive(std::string_view text, bool alone) -> Directive {
  Directive directive;
  text = trimmed(text);
  const auto low = lower(text);
  const auto quote = quotation(text);
  const std::string words(trimmed(text.substr(quote.begin, quote.end - quote.begin)));
  auto around = low.substr(0, quote.begin) + (quote.end > 0 ? low.substr(quote.end) : low.substr(0));
  const bool exact = wants_exact_words(around);
  if (!words.empty() && (alone || exact)) {
    directive.exact = words;
    return directive;
  }
  if (words.empty() && exact) {  // the words stand behind a colon
    if (const auto colon = text.find(':'); colon != text.npos) directive.exact = trimmed(text.substr(colon + 1));
    if (!directive.exact.empty()) return directive;
  }
  directive.go_on = has_any(around, {"go on from there", "continue from", "carry on from", "where you were", "do not begin again"});
  directive.greet = has_any(around, {"greet", "welcome the caller", "taken over this call"});
  directive.goodbye = has_any(around, {"goodbye", "farewell", "say bye"});
  directive.summarise = has_any(around, {"takes this call over"});
  directive.offer = has_any(around, {"offer in one short sentence to tell it again", "offer to tell it again"});
  directive.reply_first = has_any(around, {"answer the caller's last words first"});
  if (!directive.offer) directive.tell_number = number_of_result(around);
  if (!directive.go_on) directive.first = words;  // else they are what was said before the cut
  if (words.empty() && !directive.greet && !directive.goodbye && !directive.offer) directive.say = ordered_words(text);
  return directive;
}

auto without_prompt(std::string_view instructions, std::string_view prompt) -> std::string_view {
  const auto own = trimmed(instructions);
  const auto shared = trimmed(prompt);
  if (shared.empty() || own.substr(0, shared.size()) != shared) return own;
  return trimmed(own.substr(shared.size()));
}

}  // namespace flow::simulate
