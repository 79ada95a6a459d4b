#include "runtime/simulate/conversation.h"

#include <algorithm>

#include "compiler/base/match.h"
#include "runtime/core/ids.h"
#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

using namespace wire::openai;

// Source: the protocol's notes. The caller's audio costs a token per 100 ms, the agent's one per 50 ms.
constexpr std::int64_t SamplesPerUserToken = 100 * core::SamplesPerMs;
constexpr std::int64_t SamplesPerAgentToken = 50 * core::SamplesPerMs;
constexpr std::int64_t TokensPerImage = 85;
constexpr std::size_t LettersPerToken = 4;

auto who(Role role) -> Line::Who {
  switch (role) {
    case Role::User: return Line::Who::Caller;
    case Role::Assistant: return Line::Who::Agent;
    default: return Line::Who::System;
  }
}

// Typed words; those of audio are in `heard`.
auto written(const Message& message) -> std::string {
  std::string text;
  const auto add = [&](const std::string& more) {
    if (!text.empty() && !more.empty()) text += ' ';
    text += more;
  };
  for (const auto& part : message.content) {
    if (const auto* input = std::get_if<InputText>(&part)) add(input->text);
    if (const auto* output = std::get_if<OutputText>(&part)) add(output->text);
  }
  return text;
}

}  // namespace

auto Conversation::place(std::string_view id) const -> std::list<Entry>::const_iterator {
  return std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return id_of(entry.item) == id; });
}

auto Conversation::add(Entry entry, const std::optional<std::string>& after) -> bool {
  if (place(id_of(entry.item)) != entries_.end()) return false;
  if (!after) {
    entries_.push_back(std::move(entry));
  } else if (*after == "root") {
    entries_.push_front(std::move(entry));
  } else {
    auto where = place(*after);
    if (where == entries_.end()) return false;
    entries_.insert(++where, std::move(entry));
  }
  return true;
}

auto Conversation::remove(std::string_view id) -> bool {
  return std::erase_if(entries_, [&](const Entry& entry) { return id_of(entry.item) == id; }) > 0;
}

auto Conversation::find(std::string_view id) -> Entry* {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return id_of(entry.item) == id; });
  return found == entries_.end() ? nullptr : &*found;
}

auto Conversation::find(std::string_view id) const -> const Entry* {
  const auto found = place(id);
  return found == entries_.end() ? nullptr : &*found;
}

auto Conversation::knows_call(std::string_view call_id) const -> bool {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    const auto* call = std::get_if<FunctionCall>(&entry.item);
    return call != nullptr && call->call_id == call_id;
  });
}

auto Conversation::before(std::string_view id) const -> std::optional<std::string> {
  const auto found = place(id);
  if (found == entries_.end() || found == entries_.begin()) return {};
  return std::string(id_of(std::prev(found)->item));
}

auto Conversation::last() const -> std::optional<std::string> {
  if (entries_.empty()) return {};
  return std::string(id_of(entries_.back().item));
}

void cut_audio(Entry& entry, std::int64_t ms) {
  entry.cut = true;
  entry.pcm.resize(std::min(entry.pcm.size(), static_cast<std::size_t>(ms * core::SamplesPerMs)));
  std::string kept;
  for (const auto& word : entry.timing) {
    if (word.at.count() < ms) kept += word.text;
  }
  entry.heard = kept;
  if (auto* message = std::get_if<Message>(&entry.item)) {
    for (auto& part : message->content) {
      if (auto* audio = std::get_if<OutputAudio>(&part)) audio->transcript = std::string{};
    }
  }
}

auto line_of(const Entry& entry) -> std::optional<Line> {
  return match(
      entry.item,
      [&](const Message& m) -> std::optional<Line> {
        if (m.role == Role::User && entry.has_audio && entry.pcm.empty()) return Line{Line::Who::Silence, {}, {}, {}, {}};
        auto text = written(m);
        if (!text.empty() && !entry.heard.empty()) text += ' ';
        Line line{who(m.role), text + entry.heard, {}, {}, {}};
        if (entry.meant.starts_with(entry.heard)) line.rest = trimmed(std::string_view(entry.meant).substr(entry.heard.size()));
        return line;
      },
      [](const FunctionCall& c) -> std::optional<Line> {
        if (c.head.status == ItemStatus::Incomplete) return {};
        return Line{Line::Who::Call, c.arguments, c.name, c.call_id.value_or(""), {}};
      },
      [](const FunctionOutput& o) -> std::optional<Line> { return Line{Line::Who::Result, o.output, {}, o.call_id, {}}; },
      [](const auto&) -> std::optional<Line> { return {}; });
}

auto tokens_of(std::string_view text) -> std::int64_t {
  return static_cast<std::int64_t>((text.size() + LettersPerToken - 1) / LettersPerToken);
}

auto tokens_of(const Entry& entry) -> Tokens {
  Tokens tokens;
  const auto* message = std::get_if<Message>(&entry.item);
  if (message == nullptr) {
    if (const auto line = line_of(entry)) tokens.text = tokens_of(line->name) + tokens_of(line->text);
    return tokens;
  }
  tokens.text = tokens_of(written(*message));
  const auto per_token = message->role == Role::Assistant ? SamplesPerAgentToken : SamplesPerUserToken;
  tokens.audio = static_cast<std::int64_t>(entry.pcm.size()) / per_token;
  if (message->role == Role::Assistant && entry.has_audio) tokens.text += tokens_of(entry.heard);
  for (const auto& part : message->content) tokens.image += std::holds_alternative<InputImage>(part) ? TokensPerImage : 0;
  return tokens;
}

}  // namespace flow::simulate
