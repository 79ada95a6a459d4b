#include "compiler/lower/realtimes.h"

#include <algorithm>

#include "compiler/check/args.h"
#include "compiler/check/clauses.h"
#include "compiler/ir/providers.h"
#include "compiler/ir/words.h"
#include "compiler/lower/services.h"

namespace flow::lower {
namespace {

using check::Args;

// With somebody to stand in, it is not waited for as long.
constexpr int TriesBeforeFallback = 2;

auto audio_format(const ast::RealtimeDecl& source, std::string_view name) -> ir::AudioFormat {
  const auto* clause = check::clause(source.block, name);
  for (const auto each : {ir::AudioFormat::Mulaw, ir::AudioFormat::Alaw}) {
    if (clause && Args{*clause}.word(ir::to_word(each))) return each;
  }
  return ir::AudioFormat::Pcm16;
}

void reconnect(Context& context, const ast::RealtimeDecl& source, ir::Reconnect& row) {
  if (check::clause(source.block, "fallback")) row.tries = TriesBeforeFallback;
  const auto* clause = check::clause(source.block, "reconnect");
  if (!clause) return;
  Args args{*clause};
  if (args.word("none")) {
    row.tries = 0;
    return;
  }
  row.tries = limited(args.integer().value_or(row.tries));
  args.word("every");
  if (const auto wait = args.durations()) std::tie(row.first, row.last) = *wait;
  if (row.tries < 1 || row.tries > 100) context.report().add(clause->at, diag::OutOfRange, diag::Name{"reconnect"}, diag::Text{"1 to 100 times, or `none`"});
  if (row.first > row.last || row.first < ir::Millis{1}) context.report().add(clause->at, diag::OutOfRange, diag::Name{"reconnect"}, diag::Text{"every shorter..longer time"});
}

auto prices_of(const ast::RealtimeDecl& source) -> std::optional<ir::Prices> {
  const auto* clause = check::clause(source.block, "price");
  if (!clause || !clause->block) return std::nullopt;
  ir::Prices prices{.currency = std::string(Args{*clause}.word())};
  const auto read = [&](std::string_view name, double& price) {
    if (const auto* each = check::clause(*clause->block, name)) price = std::max(0.0, Args{*each}.number().value_or(0));
  };
  read("text_in", prices.text_in);
  read("audio_in", prices.audio_in);
  read("cached_in", prices.cached_in);
  read("text_out", prices.text_out);
  read("audio_out", prices.audio_out);
  return prices.currency.empty() ? std::nullopt : std::optional{prices};
}

auto row_of(Context& context, const ast::RealtimeDecl& source) -> ir::Realtime {
  const auto constant = [&](std::string_view name) {
    const auto* clause = check::clause(source.block, name);
    return clause ? Args{*clause}.constant().value_or("") : std::string{};
  };
  const auto called = [&](std::string_view name, std::string_view function) {
    const auto* clause = check::clause(source.block, name);
    return clause ? Args{*clause}.call(function).value_or("") : std::string{};
  };
  const auto word = [&](std::string_view name) {
    const auto* clause = check::clause(source.block, name);
    auto text = clause ? std::string(Args{*clause}.word()) : std::string{};
    return text == "none" ? std::string{} : text;
  };
  ir::Realtime row{.name = fresh_name(context.program.realtimes, source.name.text), .provider = word("provider")};
  row.model = constant("model");
  row.url = constant("url");
  row.url_env = called("url", "env");
  row.key_secret = called("key", "secret");
  if (word("turn_control") == "server") row.turn_control = ir::TurnControl::Server;
  row.transcription = constant("transcription");
  row.noise_reduction = word("noise_reduction");
  row.echo_cancellation = word("echo_cancellation") == "on";
  row.prices = prices_of(source);
  row.audio_in = audio_format(source, "audio_in");
  row.audio_out = audio_format(source, "audio_out");
  reconnect(context, source, row.reconnect);
  if (const auto* speaker = check::clause(source.block, "exact_speech")) {
    const auto* path = word("exact_speech").empty() ? nullptr : Args{*speaker}.path();
    if (path) row.exact_speech = service_row(context, *path, *speaker, ir::Service::Kind::Http);
  }
  if (row.provider.empty()) row.provider = "simulated";
  const auto* provider = ir::provider(row.provider);
  for (const auto* own : {"url", "model"}) {
    if (!provider || !provider->own_address || check::clause(source.block, own)) continue;
    context.report().add(source.name.at, diag::MissingClause, diag::Text{std::string{check::describe(check::Where::Realtime)}}, diag::Name{own});
  }
  return row;
}

// Where a fallback leads back to itself: said once, of the first in the file.
void check_circle(Context& context, const ast::RealtimeDecl& source, const ast::Clause& fallback, Id<ir::Realtime> row) {
  const auto& table = context.program.realtimes;
  auto at = row;
  for (std::size_t steps = 0; at && steps <= table.size(); ++steps) {
    at = table[at].fallback;
    if (at != row) continue;
    context.report().add(fallback.at, diag::FallbackCircle, diag::Name{source.name.text});
    context.program.realtimes[row].fallback = {};
  }
}

}  // namespace

void lower_realtimes(Context& context) {
  for (const auto* module : context.modules) {
    for (const auto& source : module->tree.realtimes) {
      if (!source.name.missing()) context.realtimes[&source] = context.program.realtimes.add(row_of(context, source));
    }
  }
  for (const auto* module : context.modules) {
    for (const auto& source : module->tree.realtimes) {
      const auto row = context.realtimes.find(&source);
      const auto* fallback = check::clause(source.block, "fallback");
      const auto* path = fallback ? Args{*fallback}.path() : nullptr;
      if (!path || row == context.realtimes.end()) continue;
      context.program.realtimes[row->second].fallback = realtime_row(context, *path);
      check_circle(context, source, *fallback, row->second);
    }
  }
}

auto realtime_row(Context& context, const ast::Path& path) -> Id<ir::Realtime> {
  const auto row = context.realtimes.find(context.scope().realtime(path));
  return row == context.realtimes.end() ? Id<ir::Realtime>{} : row->second;
}

auto default_realtime(Context& context, const ast::FlowDecl& flow) -> Id<ir::Realtime> {
  if (const auto* clause = check::clause(flow.block, "realtime")) {
    Args args{*clause};
    const auto* path = args.path();
    if (const auto row = path ? realtime_row(context, *path) : Id<ir::Realtime>{}) return row;
  }
  auto& table = context.program.realtimes;
  if (table.empty()) table.add({.name = "simulated", .provider = "simulated"});
  return table.id_at(0);
}

}  // namespace flow::lower
