// What an editor asks about a place, answered by the analysis of the file's programs.

#include <algorithm>
#include <cctype>

#include "compiler/fix/fix.h"
#include "compiler/format/format.h"
#include "compiler/lsp/workspace.h"
#include "compiler/view/graph.h"

namespace flow::lsp {
namespace {

auto whole_file(const std::string& path, const SourceFile& source, Encoding encoding, std::string text) -> TextEdit {
  const auto end = static_cast<std::uint32_t>(source.text().size());
  return {path, range_of(source, {source.id(), 0, end}, encoding), std::move(text)};
}

auto meets(Range a, Range b) -> bool { return a.begin <= b.end && b.begin <= a.end; }

auto lower(char c) -> char { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// The letters of the query, in their order.
auto resembles(std::string_view name, std::string_view query) -> bool {
  for (const char c : name) {
    if (!query.empty() && lower(query.front()) == lower(c)) query.remove_prefix(1);
  }
  return query.empty();
}

}  // namespace

auto Workspace::messages(const std::string& path) -> std::vector<Message> {
  const auto& known = analysis(path);
  const auto* module = module_of(known, path);
  if (!module || module->standard || is_standard(path)) return {};
  std::vector<Message> out;
  for (const auto& said : known.checked.report.sorted()) {
    if (said.at.file != module->tree.id) continue;
    Message message{location(known, said.at).range, said.severity, std::string{said.code}, said.text, {}};
    for (const auto& note : said.notes) message.notes.emplace_back(location(known, note.at), note.text);
    out.push_back(std::move(message));
  }
  return out;
}

auto Workspace::hover(const std::string& path, Position at) -> std::optional<Hover> {
  const auto where = spot(path, at);
  return where ? lsp::hover(*where) : std::nullopt;
}

auto Workspace::completions(const std::string& path, Position at) -> Completions {
  const auto where = spot(path, at);
  return where ? complete(*where) : Completions{};
}

auto Workspace::occurrence(const std::string& path, Position at) -> const Occurrence* {
  const auto where = spot(path, at);
  return where ? where->analysis.names().at(where->source.id(), where->byte) : nullptr;
}

auto Workspace::definition(const std::string& path, Position at) -> std::vector<Location> {
  const auto* found = occurrence(path, at);
  if (!found || found->thing.kind == Thing::Kind::Clause || found->thing.kind == Thing::Kind::Step) return {};
  return {location(analysis(path), found->thing.declared)};
}

auto Workspace::named(const Thing& thing, const std::string& declared_in) -> std::vector<const Occurrence*> {
  const auto& known = analysis(declared_in);
  const auto* module = module_of(known, declared_in);
  if (!module) return {};
  auto wanted = thing;
  wanted.declared.file = module->tree.id;  // the same place, in the programs of its own file
  return known.names().all_of(wanted);
}

auto Workspace::references(const std::string& path, Position at, bool with_declaration) -> std::vector<Location> {
  const auto* found = occurrence(path, at);
  if (!found) return {};
  const auto& here = analysis(path);
  const bool word = found->thing.kind == Thing::Kind::Clause || found->thing.kind == Thing::Kind::Step;
  const auto home = word ? path : path_of(here, found->thing.declared.file);
  const auto all = word ? here.names().all_of(found->thing) : named(found->thing, home);
  std::vector<Location> out;
  for (const auto* each : all) {
    if (with_declaration || !each->declares) out.push_back(location(analysis(home), each->at));
  }
  return out;
}

auto Workspace::actions(const std::string& path, Range range) -> std::vector<CodeAction> {
  const auto& known = analysis(path);
  const auto* module = module_of(known, path);
  if (!module || module->standard) return {};
  std::vector<CodeAction> out;
  std::size_t fixable = 0;
  for (const auto& said : known.checked.report.sorted()) {
    if (said.at.file != module->tree.id || said.fix.empty()) continue;
    ++fixable;
    if (!meets(location(known, said.at).range, range)) continue;
    const auto& fix = said.fix.front();
    const auto title = said.fix.size() > 1 ? "fix: " + said.text : fix.text.empty() ? "take it away" : fix.at.begin == fix.at.end ? "put in `" + fix.text + "`" : "write `" + fix.text + "`";
    out.push_back({title, std::string{said.code}, false, edits_of(known, said.fix)});
  }
  if (fixable == 0) return out;
  const auto& source = known.checked.sources[module->tree.id];
  auto options = load_options(nullptr);
  const auto fixed = fix::fix({path}, options);
  for (const auto& file : fixed.files) {
    if (file.path == path) out.push_back({"make all fixes of this file", {}, true, {whole_file(path, source, options_.encoding, file.after)}});
  }
  return out;
}

auto Workspace::outline(const std::string& path) -> std::vector<Outline> {
  const auto where = spot(path, {});
  return where ? lsp::outline(*where) : std::vector<Outline>{};
}

auto Workspace::symbols(const std::string& query) -> std::vector<std::pair<Outline, std::string>> {
  constexpr std::size_t Most = 200;
  std::set<std::string> paths{files_};
  for (const auto& [path, document] : documents_) paths.insert(path);
  std::vector<std::pair<Outline, std::string>> out;
  for (const auto& path : paths) {
    Sources sources;
    const auto text = text_of(path);
    if (!text) continue;
    diag::Report unheard;
    check::Module module;
    const auto& source = sources.add(path, *text);
    module.tree = reparsers_[path].parse(source, unheard);
    const Analysis none;
    for (auto& each : lsp::outline({none, module, source, 0, options_.encoding})) {
      if (out.size() < Most && resembles(each.name, query)) out.emplace_back(std::move(each), path);
    }
  }
  return out;
}

auto Workspace::colours(const std::string& path) -> std::vector<Coloured> {
  const auto where = spot(path, {});
  return where ? lsp::colours(*where) : std::vector<Coloured>{};
}

auto Workspace::folds(const std::string& path) -> std::vector<Fold> {
  const auto where = spot(path, {});
  return where ? lsp::folds(*where) : std::vector<Fold>{};
}

auto Workspace::hints(const std::string& path, Range within) -> std::vector<Hint> {
  const auto where = spot(path, {});
  return where ? lsp::hints(*where, within) : std::vector<Hint>{};
}

auto Workspace::lenses(const std::string& path) -> std::vector<Lens> {
  const auto where = spot(path, {});
  auto out = where ? lsp::lenses(*where) : std::vector<Lens>{};
  for (auto& lens : out) lens.arguments.insert(lens.arguments.begin(), path);
  return out;
}

auto Workspace::format(const std::string& path) -> std::vector<TextEdit> {
  const auto* text = this->text(path);
  if (!text || is_standard(path)) return {};
  Sources sources;
  diag::Report report;
  const auto& source = sources.add(path, *text);
  auto out = format::format(source, report);
  if (!out || *out == *text) return {};
  return {whole_file(path, source, options_.encoding, *std::move(out))};
}

auto Workspace::graph(const std::string& path, const std::string& form) -> Result<std::string> {
  const auto& known = analysis(path);
  const auto* module = module_of(known, path);
  const auto is_own = [&](const ir::Program& program) { return module && !module->tree.flows.empty() && module->tree.flows.front().name.text == program.name; };
  const auto& programs = known.programs();
  if (programs.empty()) return failure("no_flow", "there is nothing to draw: the file belongs to no flow that is free of errors");
  const auto own = std::ranges::find_if(programs, is_own);
  const auto& program = own == programs.end() ? programs.front() : *own;
  return form == "svg" ? view::graph_as_svg(program) : view::graph_as_html(program);
}

}  // namespace flow::lsp
