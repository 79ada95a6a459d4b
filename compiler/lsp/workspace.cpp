#include "compiler/lsp/workspace.h"

#include <algorithm>
#include <filesystem>

#include "compiler/lsp/imports.h"

namespace flow::lsp {
namespace {

namespace fs = std::filesystem;

// Of an open document, a moment; of another file whatever the edge says, but never a moment.
constexpr std::uint64_t OpenFile = std::uint64_t{1} << 63;

}  // namespace

void Workspace::set_files(const std::vector<std::string>& paths) {
  files_ = {paths.begin(), paths.begin() + static_cast<std::ptrdiff_t>(std::min(paths.size(), FilesMax))};
  for (const auto& path : files_) {
    if (is_open(path)) continue;
    const auto stamp = stamp_of(path);
    if (imports_.contains(path) && imports_.at(path).stamp == stamp) continue;
    const auto text = options_.read(path);
    note_imports(path, text ? *text : std::string{}, stamp);
  }
}

void Workspace::open(const std::string& path, std::string text) {
  auto& document = documents_[path];
  document.text = std::move(text);
  document.changed = ++now_;
  note_imports(path, document.text, stamp_of(path));
}

auto Workspace::change(const std::string& path, const std::vector<Change>& changes) -> bool {
  const auto found = documents_.find(path);
  if (found == documents_.end()) return false;
  open(path, changed(std::move(found->second.text), changes, options_.encoding));
  return true;
}

void Workspace::close(const std::string& path) {
  documents_.erase(path);
  known_.erase(path);
  const auto text = options_.read(path);
  note_imports(path, text ? *text : std::string{}, stamp_of(path));
}

auto Workspace::open_files() const -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const auto& [path, document] : documents_) out.push_back(path);
  return out;
}

auto Workspace::text(const std::string& path) const -> const std::string* {
  const auto found = documents_.find(path);
  return found == documents_.end() ? nullptr : &found->second.text;
}

// ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────

auto Workspace::text_of(const std::string& path) const -> Result<std::string> {
  if (const auto over = overlay_.find(path); over != overlay_.end()) return over->second;
  if (const auto* open = text(path)) return *open;
  return options_.read(path);
}

auto Workspace::stamp_of(const std::string& path) const -> std::uint64_t {
  if (const auto found = documents_.find(path); found != documents_.end()) return OpenFile | found->second.changed;
  return options_.stamp ? options_.stamp(path) : 1;
}

auto Workspace::is_standard(const std::string& path) const -> bool { return path.starts_with(options_.standard_folder + "/"); }

void Workspace::note_imports(const std::string& path, const std::string& text, std::uint64_t stamp) {
  auto& known = imports_[path];
  known.stamp = stamp;
  auto now = imports_in(text, path, options_.standard_folder);
  if (now == known.paths) return;
  for (const auto& each : known.paths) importers_[each].erase(path);
  for (const auto& each : now) importers_[each].insert(path);
  known.paths = std::move(now);
}

auto Workspace::roots_of(const std::string& path) const -> std::vector<std::string> {
  std::vector<std::string> out{path};
  for (std::size_t i = 0; i < out.size() && out.size() < RootsMax; ++i) {
    const auto importers = importers_.find(out[i]);
    if (importers == importers_.end()) continue;
    for (const auto& each : importers->second) {
      if (std::ranges::find(out, each) == out.end()) out.push_back(each);
    }
  }
  if (is_standard(path) && out.size() > 1) out.erase(out.begin());  // it is read as what it is by those who import it
  return out;
}

// ── Analyses ─────────────────────────────────────────────────────────────────────────────────────────────────

auto Workspace::load_options(std::map<std::string, std::uint64_t>* files) -> check::LoadOptions {
  check::LoadOptions out;
  out.read = [this, files](const std::string& path) {
    if (files) files->emplace(path, stamp_of(path));
    return text_of(path);
  };
  out.parse = [this](const SourceFile& source, diag::Report& report) {
    auto& reparser = reparsers_[source.path()];
    auto tree = reparser.parse(source, report);
    parsed_ += reparser.parsed();
    return tree;
  };
  return out;
}

auto Workspace::compile(const std::vector<std::string>& roots, std::map<std::string, std::uint64_t>* files) -> std::shared_ptr<Analysis> {
  auto compiled = lower::compile_files(roots, load_options(files));
  return std::make_shared<Analysis>(std::move(compiled.checked), std::make_shared<const std::vector<ir::Program>>(std::move(compiled.programs)));
}

auto Workspace::analysis(const std::string& path) -> const Analysis& {
  auto& known = known_[path];
  auto roots = roots_of(path);
  const auto as_before = [&](const auto& file) { return stamp_of(file.first) == file.second; };
  if (known.analysis && known.roots == roots && std::ranges::all_of(known.files, as_before)) return *known.analysis;
  known.files.clear();
  auto now = compile(roots, &known.files);
  if (now->programs().empty() && known.analysis) now->compiled = known.analysis->compiled;
  known.analysis = std::move(now);
  known.roots = std::move(roots);
  return *known.analysis;
}

auto Workspace::others_of(const std::string& path) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const auto& [other, document] : documents_) {
    const auto known = known_.find(other);
    const auto changed = [&](const auto& file) { return stamp_of(file.first) != file.second; };
    if (other != path && (known == known_.end() || known->second.roots != roots_of(other) || std::ranges::any_of(known->second.files, changed))) out.push_back(other);
  }
  return out;
}

auto Workspace::path_of(const Analysis& analysis, FileId file) const -> std::string {
  const auto* module = analysis.checked.scope.module_of(file);
  const auto& path = analysis.checked.sources[file].path();
  return module && module->standard ? options_.standard_folder + "/" + path : path;
}

auto Workspace::module_of(const Analysis& analysis, const std::string& path) const -> const check::Module* {
  for (const auto& module : analysis.checked.modules) {
    if (path_of(analysis, module->tree.id) == path) return module.get();
  }
  return nullptr;
}

auto Workspace::spot(const std::string& path, Position at) -> std::optional<Spot> {
  const auto& known = analysis(path);
  const auto* module = module_of(known, path);
  if (!module) return std::nullopt;
  const auto& source = known.checked.sources[module->tree.id];
  return Spot{known, *module, source, byte_of(source, at, options_.encoding), options_.encoding};
}

auto Workspace::location(const Analysis& analysis, Span at) const -> Location {
  return {path_of(analysis, at.file), range_of(analysis.checked.sources[at.file], at, options_.encoding)};
}

auto Workspace::edits_of(const Analysis& analysis, const std::vector<diag::Edit>& edits) const -> std::vector<TextEdit> {
  std::vector<TextEdit> out;
  for (const auto& edit : edits) {
    auto place = location(analysis, edit.at);
    out.push_back({std::move(place.path), place.range, edit.text});
  }
  return out;
}

}  // namespace flow::lsp
