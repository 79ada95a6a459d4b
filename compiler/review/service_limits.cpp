// Can the service speak as every agent asks? Some fix the voice with a call's first audio; some know a few names only;
// some have no such setting.

#include <algorithm>

#include "compiler/diag/nearest.h"
#include "compiler/ir/providers.h"
#include "compiler/review/checks.h"

namespace flow::review {
namespace {

using check::Args;

struct Asked {
  std::string voice;
  Span at;
};

auto voice_of(const Subject& subject, const ast::AgentDecl& agent) -> std::optional<Asked> {
  const auto* clause = clause_of(subject.scope(), agent, "voice");
  if (!clause || clause->args.empty()) return std::nullopt;
  const auto name = Args{*clause}.constant();
  return name ? std::optional{Asked{*name, clause->args[0].value.at}} : std::nullopt;
}

void unknown_voice(const ir::Provider& provider, const Asked& asked, diag::Report& report) {
  if (provider.voices.empty() || std::ranges::find(provider.voices, asked.voice) != provider.voices.end()) return;
  auto added = report.add(asked.at, diag::UnknownVoice, diag::Name{std::string(provider.name)}, diag::Name{asked.voice});
  if (const auto near = diag::nearest(asked.voice, provider.voices)) added.fix(asked.at, "\"" + std::string(*near) + "\"");
}

void missing_settings(const Subject& subject, const ir::Provider& provider, const ast::AgentDecl& agent, diag::Report& report) {
  const auto missing = [&](const ast::Clause& clause, std::string what) {
    report.add(clause.at, diag::NotOffered, diag::Name{std::string(provider.name)}, diag::Text{std::move(what)});
  };
  const auto* turns = clause_of(subject.scope(), agent, "turn_detection");
  if (turns && !provider.semantic_vad && Args{*turns}.word("semantic_vad")) missing(*turns, "`semantic_vad`");
  const auto* speed = clause_of(subject.scope(), agent, "speed");
  if (speed && !provider.speed) missing(*speed, "`speed`");
  const auto* temperature = clause_of(subject.scope(), agent, "temperature");
  if (temperature && !provider.temperature) missing(*temperature, "`temperature`");
}

}  // namespace

void service_limits(const Subject& subject, const Graph& graph, diag::Report& report) {
  const auto& program = subject.program;
  const auto* provider = program.realtimes.has(program.realtime) ? ir::provider(program.realtimes[program.realtime].provider) : nullptr;
  if (!provider) return;
  const auto* start = check::clause(subject.flow.block, "start");
  const auto* path = start ? Args{*start}.path() : nullptr;
  const auto* first = path ? subject.scope().agent(*path) : nullptr;
  const auto begun = first ? voice_of(subject, *first) : std::nullopt;
  for (const auto& node : graph.nodes) {
    if (!node.reached) continue;
    missing_settings(subject, *provider, *node.agent, report);
    const auto asked = voice_of(subject, *node.agent);
    if (!asked) continue;
    unknown_voice(*provider, *asked, report);
    if (!provider->voice_is_locked || !begun || asked->voice == begun->voice) continue;
    report.add(asked->at, diag::VoiceLocked, diag::Name{std::string(provider->name)}, diag::Name{node.agent->name.text}, diag::Name{begun->voice})
        .note(begun->at, "the call begins with this voice")
        .fix(asked->at, "\"" + begun->voice + "\"");
  }
  for (const auto* module : subject.modules) {
    for (const auto& realtime : module->tree.realtimes) {
      const auto* whose = check::clause(realtime.block, "provider");
      const auto* its = whose ? ir::provider(Args{*whose}.word()) : nullptr;
      if (!its) continue;
      const auto asks = [&](const char* name, bool has, const char* off) {
        const auto* clause = check::clause(realtime.block, name);
        if (clause && !has && !Args{*clause}.word(off)) report.add(clause->at, diag::NotOffered, diag::Name{std::string(its->name)}, diag::Text{"`" + std::string(name) + "`"});
      };
      asks("noise_reduction", its->noise_reduction, "none");
      asks("echo_cancellation", its->echo_cancellation, "off");
    }
  }
}

}  // namespace flow::review
