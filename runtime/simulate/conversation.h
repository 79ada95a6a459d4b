#pragma once
// The items of a conversation in their order, with what the protocol does not show: the audio, and what was said in it.

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/simulate/model.h"
#include "runtime/simulate/voice.h"
#include "runtime/wire/openai/item.h"

namespace flow::simulate {

struct Entry {
  wire::openai::Item item;
  std::vector<std::int16_t> pcm;  // 24 kHz: the caller's turn, or what was generated of the agent's
  std::string heard;              // the words in that audio, whether transcribed or not
  bool awaited = false;           // they are not known yet
  std::vector<Word> timing;       // of the agent's words
  std::string meant;              // all that the agent was going to say
  bool has_audio = false;
  bool cut = false;               // truncated: nothing is added any more
};

class Conversation {
 public:
  // At the end, behind `after`, or in front of all if `after` is "root". False: there is no `after`, or the id is taken.
  auto add(Entry entry, const std::optional<std::string>& after = {}) -> bool;
  auto remove(std::string_view id) -> bool;
  auto find(std::string_view id) -> Entry*;
  auto find(std::string_view id) const -> const Entry*;
  auto knows_call(std::string_view call_id) const -> bool;

  // The id before this one's; none for the first, and for an unknown one.
  auto before(std::string_view id) const -> std::optional<std::string>;
  auto last() const -> std::optional<std::string>;

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  auto place(std::string_view id) const -> std::list<Entry>::const_iterator;
  std::list<Entry> entries_;
};

// Cuts the agent's audio at `ms` and erases its transcript, as the service does; the words that were heard stay known to
// the model.
void cut_audio(Entry& entry, std::int64_t ms);

// As the model reads an item; none for those that say nothing.
auto line_of(const Entry& entry) -> std::optional<Line>;

// What an item costs as input.
struct Tokens {
  std::int64_t text = 0, audio = 0, image = 0;
  auto total() const -> std::int64_t { return text + audio + image; }
  friend auto operator+(Tokens a, Tokens b) -> Tokens { return {a.text + b.text, a.audio + b.audio, a.image + b.image}; }
};
auto tokens_of(std::string_view text) -> std::int64_t;
auto tokens_of(const Entry& entry) -> Tokens;

}  // namespace flow::simulate
