#pragma once
// What a call owes to those who take part in it: a question is answered, a result told, a handoff done, an agent that is
// interrupted falls silent. A law (laws.h) looks at one step; a promise may take its time, and is broken when there has
// been room for it for a while and nothing kept it. So promises hold in a world that behaves: the stage, not the world
// of the small scopes.
//
// Watches from outside, as the laws do: what was asked, sounded and heard, not what the session meant by it.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/session.h"
#include "runtime/core/state.h"

namespace flow::explore {

class Promises {
 public:
  explicit Promises(const ir::Program& program) : program_(&program) {}

  // Empty, or the first promise that is broken now that this step was taken.
  auto check(const core::Event& event, const core::EffectList& effects, const core::Session& session) -> std::string;
  // The same, now that nothing has happened until `now`.
  auto wait(core::Instant now, const core::Session& session) -> std::string;

 private:
  // Something owed since a moment; not before `due` does anybody wonder.
  struct Debt {
    std::uint32_t of = 0;
    core::Instant due;
  };
  // What was asked for with one create, and how much of it was heard.
  struct Telling {
    core::AskId ask;
    core::ResponseId response;
    std::vector<core::JobId> jobs;
    core::Samples total, heard;
  };
  // Queued sound that has not been played.
  struct Piece {
    core::ResponseId response;
    core::Samples begin, end;
  };

  void see(const core::Event& event, const core::Session::State& s);
  void see(const core::Effect& effect, const core::Session::State& s);
  void answered_by_keys(const core::Event& event, const core::EffectList& effects, const core::Session::State& s);
  void connection_gone(const core::EffectList& effects, const core::Session::State& s);
  void form_moves(const core::Decided& e, const core::Session::State& s);
  void form_confirmed(const core::FunctionCalled& e, const core::EffectList& effects, const core::Session::State& s);
  void function_called(const core::FunctionCalled& e, const core::EffectList& effects, const core::Session::State& s);
  void delivered(core::JobId job, const core::Session::State& s);
  void created(const core::CreateResponse& e, const core::Session::State& s);
  void answered();
  void heard(core::Samples played);
  void weigh(const core::Session::State& s);
  void judge(const core::Session::State& s);
  auto at_leisure(const core::Session::State& s) const -> bool;
  void promise(bool kept, const char* sentence);

  const ir::Program* program_;
  std::string broken_;
  core::Instant now_;
  std::optional<core::Instant> leisure_since_, over_since_, paused_since_, down_since_;

  bool live_ = false, handing_over_ = false, flushing_ = false;
  bool model_waits_ = false;               // for a tool that blocks, or that a handoff awaits: nothing else can be said
  int failures_ = 0;                       // responses without a word, since a reply is owed
  std::optional<Debt> reply_, handoff_;    // `of`: the item of the caller's turn
  std::optional<core::Instant> leaves_by_; // the call is to be given away: whether it is, is known by then
  std::vector<Debt> calls_, results_;      // `of`: the call; the job
  std::vector<core::FunctionCallId> seen_calls_;
  std::vector<std::string> offered_;       // functions of the configuration that the service has
  std::optional<core::Configure> unconfirmed_;

  std::optional<core::AskId> open_ask_;
  int running_ = 0;
  std::vector<core::ResponseId> sounded_;  // of the responses that run: those with a word
  bool caller_speaks_ = false;
  std::vector<Telling> tellings_;
  std::vector<Piece> pieces_;
  core::Samples queued_;
  std::vector<core::JobId> delivered_;
  std::vector<Id<ir::Realtime>> opened_;   // connections that were tried
  std::map<std::uint32_t, std::uint32_t> read_back_;  // forms that wait for a yes, and the caller's turns by then
};

}  // namespace flow::explore
