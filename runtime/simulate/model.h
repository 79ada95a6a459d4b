#pragma once
// What the simulated service says and calls: a model as far as tools and handoffs go, without any knowledge of the
// world. It looks at what came since it last spoke: a tool's result is told, a wish that fits a tool becomes a call, the
// rest gets small talk. It never pretends to know a fact that no tool gave it.
//
// Pure but for its dice; the same questions in the same order get the same answers.

#include <string>
#include <utility>
#include <vector>

#include "compiler/ir/value.h"
#include "runtime/simulate/dice.h"
#include "runtime/simulate/script.h"

namespace flow::simulate {

struct Tool {
  std::string name, description;
  Value parameters;  // a JSON schema, as far as it is one
};

struct Call {
  std::string name, arguments;  // JSON
  auto operator==(const Call&) const -> bool = default;
};

// One item of the conversation, oldest first.
struct Line {
  enum class Who { Caller, Agent, System, Call, Result, Silence } who = Who::Caller;  // Silence: the caller said nothing for long
  std::string text;     // words; of a Call its arguments, of a Result its output
  std::string name;     // of a Call
  std::string call_id;  // of a Call and its Result
  std::string rest;     // of the Agent: what it was going to say when it was cut
};

struct Question {
  std::string prompt;      // the session's instructions
  std::string directive;   // what this response alone is told, without the prompt; mostly empty
  std::vector<Line> context;
  std::vector<Tool> tools; // those that may be called now
  std::string must_call;   // empty; `*`: any tool; else that one
};

// First the words, then the calls; either may be empty, both never are.
struct Answer {
  std::string say;
  std::vector<Call> calls;
};

class Model {
 public:
  Model(Script script, std::uint64_t seed) : script_(std::move(script)), dice_(seed) {}
  auto answer(const Question& question) -> Answer;

 private:
  Script script_;
  Dice dice_;
};

}  // namespace flow::simulate
