// A thing gets another name everywhere, or nowhere: what comes of it is compiled before it is offered.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compiler/check/args.h"
#include "compiler/lsp/workspace.h"

namespace flow::lsp {
namespace {

using Kind = Thing::Kind;

auto is_name(std::string_view text) -> bool {
  constexpr std::string_view Reserved[] = {"if", "else", "and", "or", "not", "in", "true", "false", "none"};
  if (text.empty() || (text[0] >= '0' && text[0] <= '9') || std::ranges::find(Reserved, text) != std::end(Reserved)) return false;
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

auto is_word_char(char c) -> bool { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// The first error that was not there before. A message that names the thing has another text now, so their number decides.
auto new_error(const check::Checked& before, const check::Checked& after) -> std::optional<std::string> {
  if (after.report.errors() <= before.report.errors()) return std::nullopt;
  std::multiset<std::string> known;
  for (const auto& said : before.report.all()) known.insert(std::string{said.code} + said.text);
  for (const auto& said : after.report.sorted()) {
    if (said.severity == diag::Severity::Error && !known.contains(std::string{said.code} + said.text)) return said.text;
  }
  return "it would be wrong";
}

// The texts of files after the edits, which do not meet.
auto after(std::map<std::string, std::vector<TextEdit>> edits, const auto& text_of, Encoding encoding) -> std::map<std::string, std::string> {
  std::map<std::string, std::string> out;
  for (auto& [path, list] : edits) {
    std::ranges::sort(list, std::greater<>{});
    std::vector<Change> changes;
    for (auto& edit : list) changes.push_back({edit.range, edit.text});
    out[path] = changed(text_of(path), changes, encoding);
  }
  return out;
}

}  // namespace

auto Workspace::rename_range(const std::string& path, Position at) -> Result<Range> {
  const auto* found = occurrence(path, at);
  if (!found || found->thing.kind == Kind::Clause || found->thing.kind == Kind::Step || found->thing.kind == Kind::Module)
    return failure("no_name", "there is no name here that could be changed");
  const auto& here = analysis(path);
  if (is_standard(path_of(here, found->thing.declared.file)) || is_standard(path)) return failure("of_library", fmt::format("`{}` belongs to the library", found->thing.name));
  return location(here, found->at).range;
}

// The function of a Lua tool has the tool's name.
auto Workspace::lua_edits(const Thing& thing, const std::string& path, const std::string& name) -> std::vector<TextEdit> {
  const auto* const* tool = std::get_if<const ast::ToolDecl*>(&thing.node);
  const auto* clause = tool ? check::clause((*tool)->block, "lua") : nullptr;
  const auto file = clause ? check::Args{*clause}.constant() : std::nullopt;
  if (!file) return {};
  const auto lua = (std::filesystem::path{path}.parent_path() / *file).lexically_normal().string();
  const auto text = text_of(lua);
  if (!text) return {};
  const SourceFile source{{}, lua, *text};
  std::vector<TextEdit> out;
  const std::string old{thing.name};
  for (auto at = text->find("function " + old); at != text->npos; at = text->find("function " + old, at + 1)) {
    const auto begin = static_cast<std::uint32_t>(at + 9), end = static_cast<std::uint32_t>(begin + old.size());
    if (end < text->size() && is_word_char((*text)[end])) continue;
    out.push_back({lua, range_of(source, {{}, begin, end}, options_.encoding), name});
  }
  return out;
}

auto Workspace::rename(const std::string& path, Position at, const std::string& name) -> Result<std::vector<TextEdit>> {
  if (const auto range = rename_range(path, at); !range) return tl::unexpected(range.error());
  if (!is_name(name)) return failure("no_name", fmt::format("`{}` is no name; letters, digits and `_` are, but for the reserved words", name));
  const auto thing = occurrence(path, at)->thing;
  const auto home = path_of(analysis(path), thing.declared.file);
  const auto& before = analysis(home);
  if (roots_of(home).size() >= RootsMax) return failure("too_many", "more files import this one than can be looked at");

  std::map<std::string, std::vector<TextEdit>> edits;
  const auto places = named(thing, home);
  for (const auto* each : places) {
    auto place = location(before, each->at);
    edits[place.path].push_back({place.path, place.range, name});
  }
  for (auto& edit : lua_edits(thing, home, name)) edits[edit.path].push_back(edit);

  overlay_ = after(edits, [&](const std::string& file) { return text_of(file).value_or(""); }, options_.encoding);
  const auto then = compile(roots_of(home), nullptr);
  overlay_.clear();
  if (const auto broken = new_error(before.checked, then->checked)) return failure("breaks", fmt::format("`{}` cannot be called `{}`: {}", thing.name, name, *broken));
  // Nothing else may have become it, nor it anything else: it is named where it was before, and nowhere else.
  std::set<std::pair<std::string, std::uint32_t>> expected, found;
  std::optional<Thing> renamed;
  for (const auto* each : places) {
    const auto earlier = std::ranges::count_if(places, [&](const Occurrence* other) { return other->at.file == each->at.file && other->at.begin < each->at.begin; });
    const auto begin = static_cast<std::uint32_t>(each->at.begin + static_cast<std::size_t>(earlier) * name.size() - static_cast<std::size_t>(earlier) * thing.name.size());
    const auto file = path_of(before, each->at.file);
    expected.emplace(file, begin);
    const auto* module = each->declares ? module_of(*then, file) : nullptr;
    if (const auto* now = module ? then->names().at(module->tree.id, begin) : nullptr) renamed = now->thing;
  }
  for (const auto* each : renamed ? then->names().all_of(*renamed) : std::vector<const Occurrence*>{}) found.emplace(path_of(*then, each->at.file), each->at.begin);
  if (found != expected)
    return failure("taken", fmt::format("`{}` cannot be called `{}`: the name means something else there", thing.name, name));

  std::vector<TextEdit> out;
  for (auto& [file, list] : edits) out.insert(out.end(), list.begin(), list.end());
  std::ranges::sort(out);
  return out;
}

}  // namespace flow::lsp
