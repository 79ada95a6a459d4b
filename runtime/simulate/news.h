#pragma once
// What the model finds when it looks back over a conversation: what is new since it last spoke, and what is still worth
// knowing of what is older.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/simulate/model.h"

namespace flow::simulate {

struct News {
  std::vector<Line> older;
  std::vector<Line> fresh;     // since the agent last said or called something
  std::string said;            // the caller's fresh words, joined
  bool caller_spoke = false;
  std::string last_spoken;     // the agent's last words
};

auto news_of(const std::vector<Line>& context) -> News;

// What a tool's output tells, as a value; text that is no JSON is a text.
auto result_value(const std::string& output) -> Value;

// An output that is meant for the model rather than the caller: {"status": …, "note": …}.
struct Note {
  std::string status;
  std::string text;
};
auto note_in(const Value& result) -> std::optional<Note>;

// The words that a note or an output wants the caller to be asked; empty: none.
auto asks_caller(std::string_view text) -> std::string;

// The last data that was told or is to be told: that of work number `number`, or of any if it is 0.
auto last_data(const std::vector<Line>& context, std::int64_t number) -> std::optional<Value>;

// The call that is to be made again when the caller says yes: its output said so, and nothing came between.
auto call_to_repeat(const News& news) -> std::optional<Call>;

// A sentence of the instructions that knows what the caller asks; empty: none does.
auto known_from(std::string_view prompt, std::string_view asked) -> std::string;

}  // namespace flow::simulate
