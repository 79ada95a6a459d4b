#include "runtime/simulate/news.h"

#include <algorithm>
#include <cctype>

#include "runtime/json/json.h"
#include "runtime/simulate/directive.h"
#include "runtime/simulate/telling.h"
#include "runtime/simulate/voice.h"
#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

using Who = Line::Who;

// Of an assistant that knows by heart "our shop: the boots are lined", what it knows is behind the colon.
auto behind_colon(std::string_view sentence) -> std::string_view {
  const auto colon = sentence.find(": ");
  return colon == sentence.npos ? sentence : trimmed(sentence.substr(colon + 2));
}

// Sentences that tell the model what to do, not what is so.
auto is_order(const std::string& low) -> bool {
  for (const auto* start : {"you are", "keep", "never", "do not", "don't", "always", "ask", "help", "first", "then", "tell", "answer", "greet", "be "}) {
    if (low.starts_with(start)) return true;
  }
  return low.find("caller") != std::string::npos;
}

auto one_line(std::string_view text) -> std::string {
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace

auto news_of(const std::vector<Line>& context) -> News {
  News news;
  auto split = context.size();
  while (split > 0 && context[split - 1].who != Who::Agent && context[split - 1].who != Who::Call) --split;
  news.older.assign(context.begin(), context.begin() + static_cast<std::ptrdiff_t>(split));
  news.fresh.assign(context.begin() + static_cast<std::ptrdiff_t>(split), context.end());
  for (const auto& line : news.fresh) {
    if (line.who != Who::Caller || data_in(line.text)) continue;
    if (!news.said.empty() && !line.text.empty()) news.said += ' ';
    news.said += line.text;
    news.caller_spoke = true;
  }
  for (const auto& line : news.older) {
    if (line.who == Who::Agent) news.last_spoken = line.text;
  }
  return news;
}

auto result_value(const std::string& output) -> Value {
  if (auto value = json::parse(output)) return std::move(*value);
  return Value(output);
}

auto note_in(const Value& result) -> std::optional<Note> {
  const auto* note = result.field("note");
  const auto* status = result.field("status");
  if (note == nullptr || note->text() == nullptr || status == nullptr || status->text() == nullptr) return {};
  return Note{*status->text(), *note->text()};
}

auto asks_caller(std::string_view text) -> std::string {
  const auto low = lower(text);
  const auto at = low.find("ask the caller");
  if (at == std::string::npos) return {};
  const auto order = text.substr(at);
  if (const auto open = order.find('"'); open != order.npos) {
    const auto close = order.find('"', open + 1);
    if (close != order.npos) return std::string(order.substr(open + 1, close - open - 1));
  }
  return read_directive(order.substr(0, order.find(',')), false).say;
}

auto last_data(const std::vector<Line>& context, std::int64_t number) -> std::optional<Value> {
  const auto name = "number " + std::to_string(number) + ",";
  for (auto line = context.rbegin(); line != context.rend(); ++line) {
    if (line->who == Who::System && (number == 0 || line->text.find(name) != std::string::npos)) {
      if (auto data = data_in(line->text)) return data;
    }
    if (line->who != Who::Result || number != 0) continue;
    auto value = result_value(line->text);
    if (!is_pending(value) && !note_in(value)) return value;
  }
  return {};
}

auto call_to_repeat(const News& news) -> std::optional<Call> {
  const auto result = std::find_if(news.older.rbegin(), news.older.rend(), [](const Line& line) { return line.who == Who::Result; });
  if (result == news.older.rend() || lower(result->text).find("call again") == std::string::npos || is_pending(result_value(result->text))) return {};
  const auto call = std::find_if(news.older.rbegin(), news.older.rend(), [&](const Line& line) { return line.who == Who::Call && line.call_id == result->call_id; });
  if (call == news.older.rend()) return {};
  return Call{call->name, call->text};
}

auto known_from(std::string_view prompt, std::string_view asked) -> std::string {
  const auto wanted = stems(asked);
  std::string best;
  std::ptrdiff_t most = 1;  // one word in common is chance
  std::string_view rest = prompt;
  while (!rest.empty()) {
    auto end = rest.find_first_of(".!?");
    while (end != rest.npos && end + 1 < rest.size() && std::isspace(static_cast<unsigned char>(rest[end + 1])) == 0) end = rest.find_first_of(".!?", end + 1);
    const auto sentence = trimmed(rest.substr(0, end == rest.npos ? rest.size() : end + 1));
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    const auto fact = behind_colon(sentence);
    if (is_order(lower(fact))) continue;
    const auto words = tokens(fact);
    const auto common = std::count_if(wanted.begin(), wanted.end(), [&](const auto& stem) { return has_word(words, stem); });
    if (common <= most) continue;
    most = common;
    best = one_line(fact);
    best[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(best[0])));
  }
  return best;
}

}  // namespace flow::simulate
