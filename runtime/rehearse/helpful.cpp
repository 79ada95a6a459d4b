#include "runtime/rehearse/helpful.h"

#include <algorithm>

#include "compiler/ir/eval.h"

namespace flow::rehearse {

using namespace core;

namespace {

// The texts and numbers of a value, as somebody would read them out.
void spell(const Value& value, std::string& out) {
  if (const auto* text = value.text()) {
    out += (out.empty() ? "" : ", ") + *text;
  } else if (const auto* list = value.list()) {
    for (const auto& item : *list) spell(item, out);
  } else if (const auto* record = value.record()) {
    for (const auto& [name, field] : *record) spell(field, out);
  } else {
    out += (out.empty() ? "" : ", ") + to_json(value);
  }
}

auto told(const ir::Program& program, const Session::State& s, const std::vector<JobId>& jobs) -> std::string {
  std::string words;
  for (const auto id : jobs) {
    const auto job = std::ranges::find(s.jobs, id, &Job::id);
    if (job == s.jobs.end()) continue;
    const auto& policy = program.policies[program.tools[job->tool].policy];
    const ir::Scope scope{&s.values, &job->arguments, &s.call, &s.form_values};
    if (policy.announce) words += (words.empty() ? "" : " ") + ir::render(program, *policy.announce, scope);
    if (!job->failure.empty()) {
      words += " That did not work.";
      continue;
    }
    if (policy.read == ir::Policy::Read::OnRequest) continue;
    std::string result;
    spell(job->result, result);
    words += (words.empty() ? "" : " ") + (result.empty() ? std::string("It is done.") : result + ".");
  }
  return words.empty() ? "It is done." : words;
}

}  // namespace

auto helpful_answer(const ir::Program& program, const Session::State& state, const Asked& asked, const std::string& last_words) -> Answer {
  using Of = Intent::Kind;
  std::string words;
  const auto add = [&](const std::string& sentence) { words += (words.empty() ? "" : " ") + sentence; };
  for (const auto& intent : asked.intents) {
    switch (intent.kind) {
      case Of::Ack: add("One moment, please."); break;
      case Of::Greeting: add("Hello, how can I help you?"); break;
      case Of::Farewell: add("Goodbye."); break;
      case Of::HandoffLine: add("I am putting you through."); break;
      case Of::Summary: add("The caller asked for help and is being put through."); break;
      case Of::Line: add("Let me tell you something."); break;
      case Of::Continue: add(last_words.starts_with(intent.text) ? last_words.substr(intent.text.size()) : "That is all."); break;
      case Of::Offer: add("Shall I tell you the result again?"); break;
      case Of::Reply: add("Of course, I can help you with that."); break;
      case Of::ToolReply:
      case Of::Result: add(intent.jobs.empty() ? "I am working on it." : told(program, state, intent.jobs)); break;
    }
  }
  return {.words = words};
}

}  // namespace flow::rehearse
