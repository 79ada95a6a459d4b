#include "cli/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "compiler/ir/providers.h"

namespace flow::cli {
namespace {

constexpr std::string_view Simulated = "simulated";

// Providers whose dialect is spoken, with the variable that usually holds their key.
struct Provider {
  std::string_view name, key, model;
};
constexpr Provider Providers[] = {{"openai", "OPENAI_API_KEY", "gpt-realtime"}};

auto provider_of(std::string_view name) -> const Provider* {
  const auto* found = std::ranges::find(Providers, name, &Provider::name);
  return found == std::end(Providers) ? nullptr : found;
}

// The flow's connection of that name, or else the first with that provider.
auto find(const ir::Program& program, std::string_view name) -> Id<ir::Realtime> {
  for (std::size_t i = 0; i < program.realtimes.size(); ++i) {
    if (program.realtimes[program.realtimes.id_at(i)].name == name) return program.realtimes.id_at(i);
  }
  for (std::size_t i = 0; i < program.realtimes.size(); ++i) {
    if (program.realtimes[program.realtimes.id_at(i)].provider == name) return program.realtimes.id_at(i);
  }
  return {};
}

auto known_names(const ir::Program& program) -> std::string {
  std::string names = "simulated, openai";
  for (const auto& realtime : program.realtimes) names += ", " + realtime.name;
  return names;
}

// Plain addresses are for one's own machine: whoever listens between reads a key.
auto may_carry_key(std::string_view url) -> bool {
  if (url.empty() || url.starts_with("wss://")) return true;
  for (const auto* here : {"ws://127.0.0.1", "ws://localhost", "ws://[::1]"}) {
    const auto rest = url.starts_with(here) ? url.substr(std::string_view(here).size()) : std::string_view{"-"};
    if (rest.empty() || rest.starts_with(':') || rest.starts_with('/')) return true;
  }
  return false;
}

// Makes it the call's connection. Names stay unique: the journal's copy of the program is verified when it is read.
void use(ir::Program& program, ir::Realtime realtime) {
  for (std::size_t i = 0; i < program.realtimes.size(); ++i) {
    const auto id = program.realtimes.id_at(i);
    if (program.realtimes[id].name != realtime.name) continue;
    program.realtimes[id] = std::move(realtime);
    program.realtime = id;
    return;
  }
  program.realtime = program.realtimes.add(std::move(realtime));
}

auto simulated(ir::Program& program) -> Connection {
  auto realtime = program.realtime ? program.realtimes[program.realtime] : ir::Realtime{};
  realtime.name = realtime.provider = Simulated;
  realtime.url.clear();
  realtime.key_secret.clear();
  if (realtime.model.empty()) realtime.model = "gpt-realtime";
  use(program, std::move(realtime));
  // Agents with a connection of their own, and those that stand in: all of it comes with us.
  for (auto& each : program.realtimes) {
    each.provider = Simulated;
    each.url.clear();
    each.url_env.clear();
    each.key_secret.clear();
  }
  return {.embedded = true, .hears = true, .key = {}, .name = "the built-in simulated service", .note = {}};
}

// What other connections of the program need: an address from the environment, a key. The call's own may do without.
void open_others(ir::Program& program, const Environment& environment, Connection& connection) {
  for (std::size_t i = 0; i < program.realtimes.size(); ++i) {
    const auto id = program.realtimes.id_at(i);
    auto& realtime = program.realtimes[id];
    if (realtime.url.empty() && !realtime.url_env.empty()) realtime.url = environment(realtime.url_env).value_or("");
    if (!realtime.url.empty()) realtime.url_env.clear();
    const auto key = id == program.realtime || realtime.key_secret.empty() ? std::nullopt : environment(realtime.key_secret);
    if (key && may_carry_key(realtime.url)) connection.keys[id] = *key;
  }
}

auto real(ir::Program& program, bool key_needed, const Environment& environment) -> Result<Connection> {
  auto& own = program.realtimes[program.realtime];
  if (own.url.empty() && !own.url_env.empty()) {
    const auto url = environment(own.url_env);
    if (!url) {
      return failure("R0520", fmt::format("the address of `{}` is missing: the environment has no {}", own.name, own.url_env),
                     fmt::format("set it: export {}=wss://…   or run without it: --realtime simulated", own.url_env));
    }
    own.url = *url;
  }
  own.url_env.clear();
  Connection others;
  open_others(program, environment, others);
  const auto& realtime = program.realtimes[program.realtime];
  Connection connection{.name = realtime.url.empty() ? fmt::format("{} {}", realtime.provider, realtime.model) : realtime.url};
  connection.hears = realtime.url.empty();
  connection.keys = std::move(others.keys);
  if (realtime.key_secret.empty()) return connection;
  const auto key = environment(realtime.key_secret);
  if (!key && key_needed) {
    return failure("R0501", fmt::format("the key of {} is missing: the environment has no {}", realtime.provider, realtime.key_secret),
                   fmt::format("set it: export {}=…   or run without a key: --realtime simulated", realtime.key_secret));
  }
  if (!key) return connection;
  if (may_carry_key(realtime.url)) connection.key = *key;
  else connection.note = fmt::format("{} is not sent: the address is not encrypted", realtime.key_secret);
  return connection;
}

}  // namespace

auto this_environment() -> Environment {
  return [](const std::string& name) -> std::optional<std::string> {
    const auto* value = std::getenv(name.c_str());
    return value && *value ? std::optional<std::string>(value) : std::nullopt;
  };
}

auto choose_connection(ir::Program& program, const Run& run, const Environment& environment) -> Result<Connection> {
  const auto own = program.realtime ? program.realtimes[program.realtime] : ir::Realtime{};
  if (!run.realtime.empty()) {
    const auto named = find(program, run.realtime);
    const auto* provider = provider_of(run.realtime);
    if (!named && !provider && run.realtime != Simulated) {
      return failure("R0505", fmt::format("there is no connection `{}`", run.realtime), fmt::format("there are: {}", known_names(program)));
    }
    if (run.url.empty() && (run.realtime == Simulated || (named && program.realtimes[named].provider == Simulated))) return simulated(program);
    auto realtime = named ? program.realtimes[named] : own;
    if (!named) realtime.name = realtime.provider = run.realtime;
    if (!named && provider) {
      realtime.url.clear();
      realtime.model = provider->model;
      realtime.key_secret = provider->key;
    }
    if (!run.url.empty()) realtime.url = run.url, realtime.url_env.clear();
    use(program, std::move(realtime));
    return real(program, run.url.empty(), environment);
  }
  if (!run.url.empty()) {
    auto realtime = own;
    realtime.url = run.url;
    realtime.url_env.clear();
    if (realtime.model.empty()) realtime.model = Providers[0].model;  // whoever speaks the protocol asks for one
    use(program, std::move(realtime));
    return real(program, false, environment);
  }
  // An address says whose service is meant, unless its provider's always do; those cost money.
  const auto* provider = ir::provider(own.provider);
  const bool at_an_address = !(provider && provider->own_address) && (!own.url.empty() || !own.url_env.empty());
  if (at_an_address) return real(program, !own.key_secret.empty(), environment);
  auto connection = simulated(program);
  if (!own.provider.empty() && own.provider != Simulated) connection.note = fmt::format("the flow names {}; --realtime {} calls it", own.provider, own.name);
  return connection;
}

}  // namespace flow::cli
