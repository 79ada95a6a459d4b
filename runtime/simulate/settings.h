#pragma once
// The session object of one connection: what it starts as, how an update changes it, and what the rest asks of it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/simulate/input.h"
#include "runtime/simulate/model.h"
#include "runtime/wire/openai/reader.h"
#include "runtime/wire/openai/response.h"

namespace flow::simulate {

// What is true of the connection while an update is judged.
struct Situation {
  bool spoke = false;       // audio of the agent was emitted: the voice is locked
  bool responding = false;  // a response is active: the speed stays
};

class Settings {
 public:
  Settings(std::string id, std::string model, std::int64_t expires_at, bool transcription_only);

  // Merges what the update names. A refusal changes nothing.
  auto update(const wire::openai::Session& update, const Situation& now) -> std::optional<wire::openai::Refusal>;

  auto object() const -> wire::openai::Session;  // the whole of it, for session.created and session.updated
  auto transcription_only() const -> bool { return transcription_only_; }
  auto realtime() const -> const wire::openai::RealtimeSession& { return session_; }

  auto turn_rules() const -> std::optional<TurnRules>;
  auto transcription() const -> const wire::openai::Transcription*;  // or null
  auto input_format() const -> const wire::openai::AudioFormat&;

 private:
  auto input() const -> const wire::openai::AudioInput& { return *session_.audio->input; }
  auto judge(const wire::openai::RealtimeSession& update, const Situation& now) const -> std::optional<wire::openai::Refusal>;

  wire::openai::RealtimeSession session_;
  bool transcription_only_;
};

// What one response goes by: the session's settings with the request's put over them.
struct ResponseRules {
  std::string instructions;   // the session's
  std::string directive;      // the request's, without what the session's already say
  std::vector<Tool> tools;
  std::string must_call;      // as in Question
  bool may_call = true;
  bool audio = true;          // else text
  wire::openai::AudioFormat format;
  std::string voice;
  double speed = 1;
  std::string locale;         // empty: the service's
  std::optional<std::int64_t> max_tokens;
  wire::openai::TokenLimit limit = wire::openai::Unlimited::Inf;
};
auto rules_for(const wire::openai::RealtimeSession& session, const wire::openai::ResponseRequest& request) -> ResponseRules;

// What a request may not say although its shape is right. `param` paths start with `response`.
auto judge_request(const wire::openai::RealtimeSession& session, const wire::openai::ResponseRequest& request)
    -> std::optional<wire::openai::Refusal>;

}  // namespace flow::simulate
