#include "runtime/simulate/script.h"

#include <algorithm>

#include "runtime/json/json.h"
#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

auto take_word(std::string_view& rest) -> std::string_view {
  rest = trimmed(rest);
  const auto word = rest.substr(0, rest.find_first_of(" \t"));
  rest = trimmed(rest.substr(word.size()));
  return word;
}

auto bad_line(int number, std::string why) -> tl::unexpected<Error> {
  return failure("R0120", "line " + std::to_string(number) + " of the model's script: " + std::move(why),
                 "write `when WORDS`, `when result TOOL`, `say WORDS` or `call TOOL {…}`");
}

auto all_stems(std::string_view text) -> std::vector<std::string> {
  auto found = stems(text);
  if (!found.empty()) return found;
  for (const auto& word : tokens(text)) found.push_back(word.stem);  // "how are you" has nothing but stop words
  return found;
}

auto read_when(std::string_view rest) -> Scripted {
  Scripted turn;
  auto words = rest;
  if (take_word(words) == "result" && !words.empty() && words.find(' ') == words.npos) turn.result_of = words;
  else turn.words = all_stems(rest);
  return turn;
}

auto read_call(std::string_view rest, int number, Scripted& turn) -> Result<void> {
  const std::string name(take_word(rest));
  const std::string arguments(rest.empty() ? "{}" : rest);
  const auto value = json::parse(arguments);
  if (name.empty()) return bad_line(number, "`call` needs a tool's name");
  if (!value || value->record() == nullptr) return bad_line(number, "the arguments are not a JSON object");
  turn.calls.push_back({name, arguments});
  return {};
}

auto read_line(std::string_view line, int number, std::vector<Scripted>& turns) -> Result<void> {
  auto rest = line;
  const auto verb = take_word(rest);
  if (verb.empty() || verb.front() == '#') return {};
  if (verb == "when") {
    if (rest.empty()) return bad_line(number, "`when` needs the words it waits for");
    turns.push_back(read_when(rest));
    return {};
  }
  if (turns.empty()) return bad_line(number, "`" + std::string(verb) + "` stands before the first `when`");
  if (verb == "call") return read_call(rest, number, turns.back());
  if (verb != "say") return bad_line(number, "unknown word `" + std::string(verb) + "`");
  auto& said = turns.back().say;
  if (!said.empty()) said += ' ';
  said += rest;
  return {};
}

}  // namespace

auto Script::read(std::string_view text) -> Result<Script> {
  Script script;
  int number = 0;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (const auto fine = read_line(line, ++number, script.turns_); !fine) return tl::unexpected(fine.error());
  }
  return script;
}

auto Script::for_words(std::string_view said) const -> const Scripted* {
  const auto heard = tokens(said);
  const auto fits = [&](const Scripted& turn) {
    return turn.result_of.empty() && !turn.words.empty() &&
           std::all_of(turn.words.begin(), turn.words.end(), [&](const auto& stem) { return has_word(heard, stem); });
  };
  const auto found = std::find_if(turns_.begin(), turns_.end(), fits);
  return found == turns_.end() ? nullptr : &*found;
}

auto Script::for_result(std::string_view tool) const -> const Scripted* {
  const auto found = std::find_if(turns_.begin(), turns_.end(), [&](const auto& turn) { return turn.result_of == tool; });
  return found == turns_.end() ? nullptr : &*found;
}

}  // namespace flow::simulate
