#include "runtime/channels/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

#include "compiler/base/source.h"
#include "runtime/channels/digits.h"

namespace flow::channels {
namespace {

struct Fault {
  std::size_t at = 0;  // byte of the line
  std::string text;
};

// Reads one line from left to right. After the first fault everything reads as empty, so that a step can be read
// without an `if` after each word.
class Reader {
 public:
  explicit Reader(std::string_view line) : line_{line} { skip_blanks(); }

  auto starts_with(char c) const -> bool { return at_ < line_.size() && line_[at_] == c; }
  auto at_end() const -> bool { return at_ == line_.size() || line_[at_] == '#'; }

  // The next word, up to a blank or a quote.
  auto word() -> std::string_view {
    begun_ = at_;
    const auto end = std::min(line_.find_first_of(" \t\"#", at_), line_.size());
    const auto found = line_.substr(at_, end - at_);
    at_ = end;
    skip_blanks();
    return found;
  }

  void expect(std::string_view wanted) {
    if (word() != wanted) fail(fmt::format("`{}` is expected here", wanted));
  }

  auto name(std::string_view of_what) -> std::string {
    const auto found = word();
    const auto fits = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.'; };
    if (found.empty() || !std::ranges::all_of(found, fits))
      fail(fmt::format("the name of {} is expected here", of_what));
    return std::string{found};
  }

  auto duration() -> core::Millis;
  // A number from `least` to `most`, with `unit` right behind it; `wanted` says so.
  auto number(std::string_view unit, double least, double most, std::string_view wanted) -> double;
  auto quoted() -> std::string;

  // Says that the last word read is wrong.
  void fail(std::string text) {
    if (!fault_) fault_ = Fault{begun_, std::move(text)};
    at_ = line_.size();
  }
  auto fault() const -> const std::optional<Fault>& { return fault_; }

 private:
  void skip_blanks() { at_ = std::min(line_.find_first_not_of(" \t", at_), line_.size()); }

  std::string_view line_;
  std::size_t at_ = 0;
  std::size_t begun_ = 0;
  std::optional<Fault> fault_;
};

auto Reader::duration() -> core::Millis {
  constexpr double LongestMs = 24 * 3600 * 1000.0;
  const auto found = word();
  double number = -1;
  const auto [end, error] =
      std::from_chars(found.data(), found.data() + found.size(), number, std::chars_format::fixed);
  const std::string_view unit{end, static_cast<std::size_t>(found.data() + found.size() - end)};
  const double ms = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60'000 : 0;
  if (error != std::errc{} || ms == 0 || !(number >= 0 && number * ms <= LongestMs)) {
    fail("a time is expected here, as `800ms`, `1.5s` or `2m`");
    return {};
  }
  return core::Millis{static_cast<std::int64_t>(number * ms + 0.5)};
}

auto Reader::number(std::string_view unit, double least, double most, std::string_view wanted) -> double {
  const auto found = word();
  double number = -1;
  const auto* end = found.data() + found.size();
  const auto [rest, error] = std::from_chars(found.data(), end, number, std::chars_format::fixed);
  const auto fits = error == std::errc{} && number >= least && number <= most;
  if (fits && std::string_view{rest, static_cast<std::size_t>(end - rest)} == unit) return number;
  fail(std::string{wanted} + " is expected here");
  return least;
}

auto Reader::quoted() -> std::string {
  begun_ = at_;
  std::string text;
  if (at_ == line_.size() || line_[at_] != '"') {
    fail("words in quotes are expected here");
    return {};
  }
  for (at_ += 1; at_ < line_.size() && line_[at_] != '"'; at_ += 1) {
    if (line_[at_] == '\\' && at_ + 1 < line_.size()) at_ += 1;
    text += line_[at_];
  }
  if (at_ == line_.size()) {
    fail("the closing quote is missing");
    return {};
  }
  at_ += 1;
  skip_blanks();
  if (text.find_first_not_of(" \t") == text.npos) fail("there is nothing between the quotes");
  return text;
}

auto read_wait(Reader& line) -> Step {
  const auto what = line.word();
  Step step;
  if (what == "tool") {
    WaitsForTool wait{.name = line.name("a tool")};
    line.expect("delivered");
    line.expect("within");
    wait.within = line.duration();
    step.act = std::move(wait);
  } else if (what == "agent") {
    WaitsForAgent wait{.name = line.name("an agent")};
    line.expect("within");
    wait.within = line.duration();
    step.act = std::move(wait);
  } else {
    line.fail("`tool` or `agent` is expected here");
  }
  return step;
}

auto read_digits(Reader& line) -> Presses {
  Presses presses{line.quoted()};
  for (auto& key : presses.digits) {
    const auto digit = as_digit(key);
    if (!digit) line.fail("keys of a phone are expected here: 0 to 9, * and #");
    key = digit.value_or(key);
  }
  return presses;
}

auto read_act(Reader& line, From from) -> Step {
  Step step{.from = from, .delay = line.duration()};
  const auto act = line.word();
  if (act == "says") {
    step.act = Says{line.quoted()};
  } else if (act == "interrupts") {
    if (from == From::CallStart) line.fail("`interrupts` counts from the agent's reply: write `after`, or `says`");
    step.from = From::ReplyStart;
    step.act = Says{line.quoted()};
  } else if (act == "murmurs" || act == "coughs") {
    if (from == From::ReplyEnd) step.from = From::ReplyStart;
    if (act == "coughs") {
      step.act = Coughs{};
    } else {
      step.act = Murmurs{line.quoted()};
    }
  } else if (act == "presses") {
    step.act = read_digits(line);
  } else if (act == "voicemail") {
    step.act = IsMachine{};
  } else if (act == "hangs_up") {
    step.act = HangsUp{};
  } else {
    line.fail("`says`, `interrupts`, `murmurs`, `coughs`, `presses`, `voicemail` or `hangs_up` is expected here");
  }
  return step;
}

auto read_step(Reader& line) -> Step {
  const auto first = line.word();
  Step step;
  if (first == "at") {
    step = read_act(line, From::CallStart);
  } else if (first == "after") {
    step = read_act(line, From::ReplyEnd);
  } else if (first == "waits_for") {
    step = read_wait(line);
  } else {
    line.fail("a step begins with `at`, `after` or `waits_for`");
  }
  return step;
}

void expect_end(Reader& line) {
  if (line.at_end()) return;
  line.word();
  line.fail("nothing more is expected in this line");
}

// One line about how the caller sounds; false, and nothing read, if it is none.
auto read_sound(std::string_view text, Reader& line, CallerSound& sound) -> bool {
  const auto what = Reader{text}.word();
  if (what != "voice" && what != "speed" && what != "noise" && what != "line") return false;
  line.word();
  if (what == "voice") {
    sound.voice = line.name("a voice");
  } else if (what == "speed") {
    sound.speed = line.number("", 0.25, 1.5, "a number from 0.25 to 1.5");
  } else if (what == "noise") {
    sound.noise_db = line.number("dB", 0, 60, "how far the noise is below the caller's speech, as `15dB` (0 to 60)");
  } else {
    line.expect("phone");
    sound.by_phone = true;
  }
  return true;
}

// `transfer human fails "busy" after 2s`; false, and nothing read, if it is no such line.
auto read_far_side(std::string_view text, Reader& line, std::vector<FarSide>& sides) -> bool {
  if (Reader{text}.word() != "transfer") return false;
  line.word();
  FarSide side{.transfer = line.name("a transfer"), .why = {}};
  const auto ends = line.word();
  if (ends == "fails") {
    side.why = line.starts_with('"') ? line.quoted() : "no answer";
  } else if (ends != "answers") {
    line.fail("`answers` or `fails` is expected here");
  }
  line.expect("after");
  side.after = line.duration();
  sides.push_back(std::move(side));
  return true;
}

auto refused(const std::string& name, int number, std::string_view line, const Fault& fault) -> tl::unexpected<Error> {
  const auto column = count_characters(line.substr(0, fault.at)) + 1;
  return failure("R0308", fmt::format("{}:{}:{}: {}", name, number, column, fault.text));
}

}  // namespace

auto read_script(std::string_view text, std::string name) -> Result<Script> {
  Script script{.name = std::move(name), .steps = {}};
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const auto bad = first_bad_utf8(line))
      return refused(script.name, number, line, {*bad, "this is not UTF-8 text"});
    Reader reader{line};
    if (reader.at_end()) continue;
    if (!script.steps.empty() && std::holds_alternative<HangsUp>(script.steps.back().act)) {
      return refused(script.name, number, line, {0, "the caller has hung up above"});
    }
    Step step{.line = number};
    const auto is_sound = read_sound(line, reader, script.sound);
    const auto is_far_side = !is_sound && read_far_side(line, reader, script.far_sides);
    const auto is_setting = is_sound || is_far_side;
    if (is_setting && !script.steps.empty()) return refused(script.name, number, line, {0, "this stands before the first step: it holds for the whole call"});
    if (!is_setting) step = read_step(reader);
    expect_end(reader);
    if (reader.fault()) return refused(script.name, number, line, *reader.fault());
    step.line = number;
    if (!is_setting) script.steps.push_back(std::move(step));
  }
  if (script.steps.empty()) return failure("R0308", fmt::format("{}: the script has no step", script.name));
  return script;
}

}  // namespace flow::channels
