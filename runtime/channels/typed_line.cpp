#include "runtime/channels/typed_line.h"

#include <algorithm>
#include <utility>

#include "compiler/base/source.h"
#include "compiler/base/trim.h"
#include "runtime/channels/digits.h"

namespace flow::channels {
namespace {

constexpr std::string_view Help =
    "type what the caller says; /dtmf 1 presses keys, /hangup ends the call, /say says a line that begins with /";

template <class One>
auto only(One one) -> std::vector<Typed> {
  std::vector<Typed> typed;
  typed.emplace_back(std::move(one));
  return typed;
}

auto keys(std::string_view argument) -> std::vector<Typed> {
  std::vector<Typed> presses;
  for (const char key : argument) {
    if (key == ' ') continue;
    const auto digit = as_digit(key);
    if (!digit) return only(Notice{"/dtmf takes the keys of a phone: 0 to 9, * and #"});
    presses.emplace_back(core::DigitPressed{*digit});
  }
  if (presses.empty()) return only(Notice{"/dtmf needs keys, as in /dtmf 1"});
  return presses;
}

auto command(std::string_view line) -> std::vector<Typed> {
  const auto space = std::min(line.find_first_of(" \t"), line.size());
  const auto name = line.substr(0, space);
  const auto argument = trimmed(line.substr(space));
  if (name == "/dtmf") return keys(argument);
  if (name == "/hangup") return only(core::CallerHungUp{});
  if (name == "/help") return only(Notice{std::string{Help}});
  if (name != "/say") return only(Notice{"unknown command; " + std::string{Help}});
  if (argument.empty()) return only(Notice{"/say needs words"});
  return only(core::TextTyped{std::string{argument}});
}

}  // namespace

auto read_typed_line(std::string_view line) -> std::vector<Typed> {
  if (line.size() > TypedLineMax) return only(Notice{"the line is too long and was not said"});
  if (first_bad_utf8(line)) return only(Notice{"the line is not UTF-8 text and was not said"});
  line = trimmed(line);
  if (line.empty()) return {};
  if (line.front() == '/') return command(line);
  return only(core::TextTyped{std::string{line}});
}

void Lines::add(std::string_view bytes, std::vector<std::string>& lines) {
  for (const char byte : bytes) {
    if (byte == '\n') {
      if (line_.ends_with('\r')) line_.pop_back();
      lines.push_back(std::exchange(line_, {}));
    } else if (line_.size() <= TypedLineMax) {
      line_ += byte;
    }
  }
}

auto Lines::rest() -> std::string { return std::exchange(line_, {}); }

}  // namespace flow::channels
