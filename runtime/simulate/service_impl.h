#pragma once
// The parts of Service, for this folder. Each question has its file: turns.cpp the caller's audio, responses.cpp what
// the model says, items.cpp the conversation, errors.cpp what is refused, service.cpp time and who gets what.

#include <deque>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "runtime/simulate/input.h"
#include "runtime/simulate/reply.h"
#include "runtime/simulate/service.h"
#include "runtime/wire/openai/client_event.h"

namespace flow::simulate {

namespace client = wire::openai::client;
namespace server = wire::openai::server;

struct Service::Impl {
  explicit Impl(Setup setup);

  // ── service.cpp ────────────────────────────────────────────────────────────────────────────────────────────
  void take(const client::Event& event);
  auto next_due() const -> std::optional<Millis>;
  void do_due();
  void do_all_due(Millis now);
  void on(const client::SessionUpdate& e);
  void list_mcp_tools(const client::SessionUpdate& e);
  void expire();

  // ── turns.cpp ──────────────────────────────────────────────────────────────────────────────────────────────
  void on(const client::AppendAudio& e);
  void on(const client::CommitAudio&);
  void on(const client::ClearAudio&);
  void on(const client::ClearOutputAudio&);
  void begin_turn(const SpeechBegan& e);
  void end_turn(SpeechEnded e);
  void commit(std::vector<std::int16_t> pcm);
  void transcribe(const std::string& item_id, std::size_t samples);
  void transcribe_on();
  void wait_for_caller(Millis since);
  void time_out();

  // ── hearing.cpp ────────────────────────────────────────────────────────────────────────────────────────────
  void hear(audio::Pcm turn);          // the present turn so far
  void hear_out(audio::Pcm turn, std::string item_id);  // all of it: the words of that item are awaited from now on
  void hear_no_more();                 // it was none
  void hear_words();                   // those that the ears have by now
  void understand(const std::string& item_id, const Words& words);
  auto hints() const -> Hints;

  // ── items.cpp ──────────────────────────────────────────────────────────────────────────────────────────────
  void on(const client::CreateItem& e);
  void on(const client::RetrieveItem& e);
  void on(const client::TruncateItem& e);
  void on(const client::DeleteItem& e);
  // An item as a client wrote it, completed; none: refused, and the error is out. `param`: where it stands.
  auto accept(wire::openai::Item item, const std::string& param) -> std::optional<Entry>;
  auto accept_audio(const wire::openai::InputAudio& audio, const std::string& param, Entry& entry) -> bool;
  auto fits(const Entry& entry, const std::string& param) -> bool;

  // ── responses.cpp ──────────────────────────────────────────────────────────────────────────────────────────
  void on(const client::CreateResponse& e);
  void on(const client::CancelResponse& e);
  void respond(const wire::openai::ResponseRequest& request);
  auto context_of(const wire::openai::ResponseRequest& request) -> std::optional<std::vector<Entry>>;
  auto failure_of(const Tokens& input) -> std::optional<wire::openai::StatusError>;
  auto active() -> Reply*;
  void step(Reply& reply);
  void ended(const Reply& reply);

  // ── errors.cpp ─────────────────────────────────────────────────────────────────────────────────────────────
  void refuse(std::string code, std::string message, std::string param = {});
  void refuse(const wire::openai::Refusal& refusal);

  // ── responses.cpp, too ─────────────────────────────────────────────────────────────────────────────────────
  struct Thought {                     // of a response that was created before its caller's words were known
    std::string reply_id;
    ResponseRules rules;
    std::vector<Entry> context;
  };
  auto think(const Thought& thought) -> Answer;
  void think_again(const std::string& item_id, const std::string& words);

  struct Transcript {                  // on its way to the client
    std::string item_id, words;
    bool known = false;                // the words are; else it is not due
    std::size_t sent = 0, samples = 0;
    Millis due{0};
    bool fails = false;
  };

  Script script;
  Desk desk;
  Model model;
  Ears& ears;
  Input input;
  std::string turn_item;               // of the turn being spoken
  bool hearing = false;                // the ears are in a turn
  std::size_t heard = 0;               // samples of it that they have
  std::deque<std::string> awaited;     // items whose words are on their way, oldest first
  std::list<Thought> thoughts;
  std::list<Reply> replies;
  std::int64_t last_input_tokens = 0;  // of text: what the next response finds in the cache
  std::deque<Transcript> transcripts;
  std::optional<Millis> idle_at;
  std::int64_t idle_from_ms = 0;       // of the written audio
  std::string event_id;                // of the client event that is being answered
  std::optional<Goodbye> goodbye;
};

}  // namespace flow::simulate
