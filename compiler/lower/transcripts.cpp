#include "compiler/lower/transcripts.h"

#include "compiler/check/args.h"
#include "compiler/ir/providers.h"

namespace flow::lower {
namespace {

// What needs words: an event, or a clause of `barge_in`.
struct Need {
  Span at;
  std::string name;
  bool own = true;  // written by the author; what an import brings along is no promise of this flow
};

class Needs {
 public:
  explicit Needs(const Context& context) {
    for (const auto* module : context.modules) {
      own_ = !module->standard;
      for (const auto& agent : module->tree.agents) {
        events(agent.block.handlers, agent.block.handoffs);
        barge_in(agent.block);
      }
      events(module->tree.handlers, module->tree.handoffs);
    }
    own_ = true;
    const auto* defaults = check::clause(context.flow->block, "defaults");
    if (defaults && defaults->block) barge_in(*defaults->block);
  }
  std::vector<Need> all = {};

 private:
  void events(const std::vector<ast::Handler>& handlers, const std::vector<ast::Handoff>& edges) {
    for (const auto& handler : handlers) event(handler.event);
    for (const auto& edge : edges) {
      if (edge.trigger.kind == ast::Trigger::Kind::On) event(edge.trigger.event);
    }
  }
  void event(const ast::Event& event) {
    if (event.name.text == "phrase") all.push_back({event.name.at, event.name.text, own_});
  }
  void barge_in(const ast::Block& block) {
    const auto* settings = check::clause(block, "barge_in");
    if (!settings || !settings->block) return;
    const auto* resume = check::clause(*settings->block, "resume");
    if (resume && check::Args{*resume}.duration() == ir::Millis{0}) resume = nullptr;
    const auto* needs = check::clause(*settings->block, "backchannels");
    if (!needs) needs = resume;
    if (needs) all.push_back({needs->at, needs->name.text, own_});
  }
  bool own_ = true;
};

}  // namespace

void lower_transcripts(Context& context) {
  const auto needs = Needs{context}.all;
  if (needs.empty()) return;
  auto& program = context.program;
  std::map<Id<ir::Realtime>, const ast::RealtimeDecl*> declared;
  for (const auto& [declaration, row] : context.realtimes) declared[row] = declaration;
  for (std::size_t i = 0; i < program.realtimes.size(); ++i) {
    const auto id = program.realtimes.id_at(i);
    auto& row = program.realtimes[id];
    if (!row.transcription.empty() || (declared.contains(id) && check::clause(declared[id]->block, "transcription"))) continue;
    if (const auto* provider = ir::provider(row.provider)) row.transcription = provider->transcriber;
  }
  if (!program.realtimes[program.realtime].transcription.empty()) return;
  for (const auto& need : needs) {
    if (need.own) context.report().add(need.at, diag::NoTranscript, diag::Name{need.name});
  }
}

}  // namespace flow::lower
