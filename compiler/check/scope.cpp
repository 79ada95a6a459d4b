#include "compiler/check/scope.h"

#include <algorithm>

#include "compiler/diag/nearest.h"

namespace flow::check {
namespace {

template <class T>
void each_symbol(NameKind kind, const std::vector<T>& list, const std::function<void(Symbol)>& visit) {
  for (const auto& declaration : list) {
    if (!declaration.name.missing()) visit({kind, &declaration.name, &declaration});
  }
}

void each_symbol(const ast::File& file, const std::function<void(Symbol)>& visit) {
  each_symbol(NameKind::Flow, file.flows, visit);
  each_symbol(NameKind::Type, file.enums, visit);
  each_symbol(NameKind::Type, file.types, visit);
  for (const auto& state : file.states) each_symbol(NameKind::State, state.fields, visit);
  each_symbol(NameKind::Realtime, file.realtimes, visit);
  each_symbol(NameKind::Service, file.services, visit);
  each_symbol(NameKind::Policy, file.policies, visit);
  each_symbol(NameKind::Tool, file.tools, visit);
  each_symbol(NameKind::Target, file.agents, visit);
  each_symbol(NameKind::Target, file.transfers, visit);
  each_symbol(NameKind::Channel, file.channels, visit);
  each_symbol(NameKind::Rule, file.rules, visit);
}

}  // namespace

auto describe(NameKind kind) -> std::string_view {
  switch (kind) {
    case NameKind::Type: return "type";
    case NameKind::State: return "state field";
    case NameKind::Realtime: return "realtime connection";
    case NameKind::Service: return "service";
    case NameKind::Policy: return "policy";
    case NameKind::Tool: return "tool";
    case NameKind::Target: return "agent";
    case NameKind::Channel: return "channel";
    case NameKind::Rule: return "rule";
    case NameKind::Flow: return "flow";
  }
  return {};
}

void Scope::declare(const Module& module, const OnDuplicate& on_duplicate) {
  auto& file = files_[module.tree.id];
  file.module = &module;
  each_symbol(module.tree, [&](Symbol symbol) {
    auto [place, fresh] = file.symbols.try_emplace({symbol.kind, symbol.name->text});
    if (!fresh) return on_duplicate(symbol, *place->second);
    place->second = std::make_unique<Symbol>(symbol);
    file.order.push_back(place->second.get());
  });
}

auto Scope::own(const Module& module, NameKind kind, std::string_view name) const -> const Symbol* {
  const auto file = files_.find(module.tree.id);
  if (file == files_.end()) return nullptr;
  const auto found = file->second.symbols.find({kind, name});
  return found == file->second.symbols.end() ? nullptr : found->second.get();
}

auto Scope::look_up(NameKind kind, const ast::Path& path) const -> Lookup {
  using State = Lookup::State;
  const auto* from = module_of(path.at.file);
  if (path.missing() || !from) return {State::Silent};
  // A state field may go on into its parts (`caller.name`); everything else is its name and no more.
  const bool whole = kind == NameKind::State || path.simple();
  if (whole) {
    if (const auto* symbol = own(*from, kind, path.parts[0].text)) return {State::Found, symbol};
    Lookup out;
    for (const auto* imported : from->imports) {
      const auto* symbol = own(*imported, kind, path.parts[0].text);
      if (!symbol) continue;
      out.symbol = symbol;
      out.declared_in.push_back(imported);
    }
    if (out.declared_in.size() == 1) return {State::Found, out.symbol};
    if (out.declared_in.size() > 1) return {State::Ambiguous, nullptr, std::move(out.declared_in)};
  }
  if (path.parts.size() >= 2) {
    for (const auto* imported : from->imports) {
      if (imported->name != path.parts[0].text || (kind != NameKind::State && path.parts.size() != 2)) continue;
      if (const auto* symbol = own(*imported, kind, path.parts[1].text)) return {State::Found, symbol};
    }
  }
  return {incomplete(path.at.file) ? State::Silent : State::Unknown};
}

auto Scope::visible(NameKind kind, FileId from) const -> std::vector<const Symbol*> {
  std::vector<const Symbol*> out;
  const auto take = [&](const Module& module) {
    const auto file = files_.find(module.tree.id);
    if (file == files_.end()) return;
    for (const auto* symbol : file->second.order) {
      if (symbol->kind == kind) out.push_back(symbol);
    }
  };
  const auto* module = module_of(from);
  if (!module) return out;
  take(*module);
  for (const auto* imported : module->imports) take(*imported);
  return out;
}

auto Scope::nearest(NameKind kind, const ast::Path& path) const -> const Symbol* {
  const auto symbols = visible(kind, path.at.file);
  std::vector<std::string_view> names;
  for (const auto* symbol : symbols) names.push_back(symbol->name->text);
  const auto near = diag::nearest(path.text(), names);
  if (!near) return nullptr;
  return *std::find_if(symbols.begin(), symbols.end(),
                       [&](const Symbol* symbol) { return symbol->name->text == *near; });
}

auto Scope::module_of(FileId file) const -> const Module* {
  const auto found = files_.find(file);
  return found == files_.end() ? nullptr : found->second.module;
}

// A file does not know all names if it, or one that it imports, could not be read whole.
auto Scope::incomplete(FileId file) const -> bool {
  const auto marked = [&](FileId id) {
    return std::find(incomplete_.begin(), incomplete_.end(), id) != incomplete_.end();
  };
  const auto* module = module_of(file);
  if (!module) return true;
  return marked(file) || std::any_of(module->imports.begin(), module->imports.end(),
                                     [&](const Module* each) { return marked(each->tree.id); });
}

auto builtin_types() -> const std::vector<std::string_view>& {
  static const std::vector<std::string_view> names{"string", "int",      "float", "bool",  "duration", "date",
                                                   "time",   "datetime", "money", "phone", "email",    "json"};
  return names;
}

auto is_builtin_type(std::string_view name) -> bool {
  const auto& names = builtin_types();
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace flow::check
