// What the ears are given and what comes of their words.

#include "runtime/simulate/service_impl.h"

namespace flow::simulate {

using namespace wire::openai;

namespace {

// Names of tools and parameters are said in words: lookup_order, order_id.
auto spoken_lines(const Tool& tool) -> std::string {
  auto text = tool.name + '\n' + tool.description + '\n';
  const auto* properties = tool.parameters.field("properties");
  if (properties == nullptr || properties->record() == nullptr) return text;
  for (const auto& [name, schema] : *properties->record()) {
    text += name + '\n';
    const auto* description = schema.field("description");
    if (description != nullptr && description->text() != nullptr) text += *description->text() + '\n';
    const auto* values = schema.field("enum");
    if (values == nullptr || values->list() == nullptr) continue;
    for (const auto& value : *values->list()) {
      if (value.text() != nullptr) text += *value.text() + '\n';
    }
  }
  return text;
}

}  // namespace

// What the transcription was told to expect, and what the session is about: its callers speak of that.
auto Service::Impl::hints() const -> Hints {
  Hints hints{desk.options.locale, {}};
  if (const auto* wanted = desk.settings.transcription()) {
    if (wanted->language) hints.language = *wanted->language;
    if (wanted->prompt) hints.text += *wanted->prompt + '\n';
    if (wanted->keywords) {
      for (const auto& word : *wanted->keywords) hints.text += word + '\n';
    }
  }
  if (desk.settings.transcription_only()) return hints;
  const auto rules = rules_for(desk.settings.realtime(), {});
  hints.text += rules.instructions + '\n';
  for (const auto& tool : rules.tools) hints.text += spoken_lines(tool);
  return hints;
}

void Service::Impl::hear(audio::Pcm turn) {
  if (!hearing) {
    ears.begin(hints());
    hearing = true;
    heard = 0;
  }
  if (turn.size() <= heard) return;  // after ten minutes the turn grows no more
  ears.hear(turn.subspan(heard));
  heard = turn.size();
}

void Service::Impl::hear_out(audio::Pcm turn, std::string item_id) {
  hear(turn);
  ears.end();
  hearing = false;
  awaited.push_back(std::move(item_id));
}

void Service::Impl::hear_no_more() {
  if (hearing) ears.drop();
  hearing = false;
}

void Service::Impl::hear_words() {
  while (!awaited.empty()) {
    const auto words = ears.take();
    if (!words) return;
    const auto item_id = std::move(awaited.front());
    awaited.pop_front();
    understand(item_id, *words);
  }
}

// What was not understood is not guessed at: the model finds a turn without words and asks to hear it again.
void Service::Impl::understand(const std::string& item_id, const Words& words) {
  const auto text = words.understood ? words.text : std::string{};
  if (auto* entry = desk.conversation.find(item_id)) {
    entry->heard = text;
    entry->awaited = false;
  }
  for (auto& transcript : transcripts) {
    if (transcript.item_id != item_id) continue;
    transcript.words = text;
    transcript.fails = transcript.fails || !words.understood;
    transcript.known = true;
    transcript.due = std::max(transcript.due, desk.now);
  }
  think_again(item_id, text);
}

}  // namespace flow::simulate
