#pragma once
// One response while it is made: a message of words or speech, then function calls, event by event in time.
//
// It is over when `done()`; until then `step` is due at `due()`. It may be cut at any moment: what is open is closed
// first, so every announced item and part ends, as the protocol promises.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/audio/resample.h"
#include "runtime/simulate/desk.h"

namespace flow::simulate {

struct Order {
  std::string id;
  ResponseRules rules;
  std::optional<Answer> answer;                // none: it comes later, with Reply::answer
  bool in_band = true;                         // it writes to the conversation
  wire::openai::Sparse<wire::openai::TextMap> metadata;
  Tokens input;
  std::int64_t cached_tokens = 0;              // of the input's text
  std::optional<wire::openai::StatusError> fails;  // with this, after `fails_after` steps
  int fails_after = 0;
};

class Reply {
 public:
  enum class End { Completed, TurnDetected, ClientCancelled, MaxTokens, Failed };

  Reply(Desk& desk, Order order);  // announces the response

  // What was not in the order: the words to be answered were not known when the response was created.
  void answer(Answer answer);

  void step();
  void cut(End why);

  auto due() const -> Millis { return order_.answer ? due_ : Millis::max(); }
  auto done() const -> bool { return done_; }
  auto id() const -> const std::string& { return order_.id; }
  auto in_band() const -> bool { return order_.in_band; }
  // When somebody who plays what arrives would have played all of it.
  auto played_at() const -> Millis { return first_audio_ + Millis{total_samples_ / core::SamplesPerMs}; }

 private:
  enum class Phase { Message, Calls, Over };

  // speaking.cpp: the message
  void open_message();
  void speak();
  void write();
  void say_words(std::int64_t until_ms);
  auto encode(std::span<const std::int16_t> chunk) -> std::string;
  void close_message(wire::openai::ItemStatus status);
  auto message_item(wire::openai::ItemStatus status) const -> wire::openai::Item;
  auto part_info() const -> wire::openai::server::PartInfo;

  // calling.cpp: the calls
  void open_call();
  void call_on();
  void close_call(wire::openai::ItemStatus status);
  auto call_item(wire::openai::ItemStatus status, const std::string& arguments) const -> wire::openai::Item;

  // reply.cpp: what both need
  void take_up();
  void announce(wire::openai::Item item);
  void finish_item(wire::openai::Item item);
  void finish(End why);
  void close_open_item();
  auto out_of_tokens() const -> bool;
  auto text_tokens() const -> std::int64_t;
  auto audio_tokens() const -> std::int64_t;
  auto describe(std::optional<End> end) const -> wire::openai::Response;
  auto usage() const -> wire::openai::ResponseUsage;
  auto entry() -> Entry&;
  auto place() const -> wire::openai::server::ItemPlace { return {order_.id, item_id_, output_index_}; }
  auto part() const -> wire::openai::server::PartPlace { return {place(), 0}; }
  void wait(std::int64_t low_ms, std::int64_t high_ms) { due_ = desk_.now + Millis{desk_.dice.between(low_ms, high_ms)}; }

  Desk& desk_;
  Order order_;
  Phase phase_ = Phase::Message;
  Millis due_{0};
  bool done_ = false;
  int steps_ = 0;

  // The item being written. Out of band ones are kept here, the others in the conversation.
  std::string item_id_;
  std::int64_t output_index_ = -1;
  bool open_ = false;
  std::optional<Entry> spare_;
  std::vector<wire::openai::Item> output_;

  // Of a message.
  std::vector<std::string> phrases_;
  std::size_t phrase_ = 0;               // the next to be spoken
  Speech speech_;                        // the one being spoken
  std::size_t spoken_ = 0;               // samples of it that are out
  std::size_t worded_ = 0;               // words of it that are out
  std::string transcript_;               // all that is out
  std::int64_t total_samples_ = 0;
  Millis first_audio_{0};
  std::optional<audio::Resampler> narrow_;  // to 8 kHz, for G.711

  // Of a call.
  std::size_t call_ = 0;
  std::string call_id_;
  std::size_t written_ = 0;              // letters of the arguments that are out
};

}  // namespace flow::simulate
