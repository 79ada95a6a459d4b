#include "compiler/check/load.h"

#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <span>

#include "compiler/base/embedded.h"
#include "compiler/check/names.h"
#include "compiler/diag/nearest.h"
#include "compiler/parse/parse.h"

namespace flow::check {

auto stdlib_files() -> std::span<const EmbeddedFile>;  // generated from stdlib/**

namespace {

namespace fs = std::filesystem;

// Modules that give the call to a `human` whom the importing file declares.
auto sees_importer(std::string_view path) -> bool { return path == "std/escalation.flow"; }

class Loader {
 public:
  Loader(const LoadOptions& options, Checked& out) : options_(options), out_(out) {}

  void root(const std::string& path) {
    const auto key = key_of(path);
    if (const auto known = modules_.find(key); known != modules_.end()) {
      if (known->second) known->second->root = true;
      return;
    }
    auto text = read(path);
    if (!text) {
      const auto& source = out_.sources.add(path, {});
      out_.report.add({source.id(), 0, 0}, diag::UnreadableFile, diag::Text{path}, diag::Text{text.error().text});
      return;
    }
    auto* module = add(path, key, std::move(*text), fs::path{path}.stem().string());
    module->root = true;
    // Read by itself it cannot know what its importers declare.
    const auto file = fs::path{path};
    if (sees_importer((file.parent_path().filename() / file.filename()).string())) module->tree.complete = false;
  }

 private:
  auto read(const std::string& path) const -> Result<std::string> {
    return options_.read ? options_.read(path) : read_from_disk(path);
  }

  // One file may be reached by several paths.
  auto key_of(const std::string& path) const -> std::string {
    if (options_.read) return fs::path{path}.lexically_normal().string();
    std::error_code error;
    const auto canonical = fs::weakly_canonical(path, error);
    return error ? path : canonical.string();
  }

  auto add(const std::string& path, const std::string& key, std::string text, std::string name) -> Module* {
    const auto& source = out_.sources.add(path, std::move(text));
    auto* module = out_.modules.emplace_back(std::make_unique<Module>()).get();
    modules_[key] = module;
    module->path = path;
    module->name = std::move(name);
    module->tree = options_.parse ? options_.parse(source, out_.report) : parse::parse(source, out_.report);
    open_.push_back(module);
    for (const auto& import : module->tree.imports) take(import, *module);
    open_.pop_back();
    return module;
  }

  void take(const ast::Import& import, Module& importer) {
    Module* imported = nullptr;
    if (!import.file.empty())
      imported = file(import, importer);
    else if (!import.module.missing())
      imported = standard(import, importer);
    if (!imported) {
      importer.tree.complete = false;  // its names may be among those that this file uses
      return;
    }
    if (std::find(open_.begin(), open_.end(), imported) != open_.end()) {
      out_.report.add(import.at, diag::ImportCycle, diag::Text{circle(*imported)});
    } else if (std::find(importer.imports.begin(), importer.imports.end(), imported) != importer.imports.end()) {
      out_.report.add(import.at, diag::ImportedTwice, diag::Text{imported->path});
      return;
    }
    importer.imports.push_back(imported);
  }

  auto circle(const Module& back_to) const -> std::string {
    std::string out;
    auto from = std::find(open_.begin(), open_.end(), &back_to);
    for (; from != open_.end(); ++from) out += (*from)->path + " → ";
    return out + back_to.path;
  }

  // Beside the file that imports it, unless its path is absolute.
  auto file(const ast::Import& import, const Module& importer) -> Module* {
    const auto path = (fs::path{importer.path}.parent_path() / import.file).lexically_normal().string();
    const auto key = key_of(path);
    if (const auto known = modules_.find(key); known != modules_.end()) return known->second;
    auto text = read(path);
    if (!text) {
      out_.report.add(import.at, diag::UnreadableFile, diag::Text{path}, diag::Text{text.error().text});
      modules_[key] = nullptr;
      return nullptr;
    }
    return add(path, key, std::move(*text), fs::path{path}.stem().string());
  }

  auto standard(const ast::Import& import, const Module& importer) -> Module* {
    std::string path;
    for (const auto& part : import.module.parts) path += (path.empty() ? "" : "/") + part.text;
    path += ".flow";
    // One for each file that imports it, if it speaks of what that file declares.
    const auto key = "<std>/" + path + (sees_importer(path) ? " of " + importer.path : "");
    if (const auto known = modules_.find(key); known != modules_.end()) return known->second;
    auto text = import.module.parts[0].text == "std" ? read_standard(path) : failure("F0803", "");
    if (!text) {
      unknown_module(import);
      modules_[key] = nullptr;
      return nullptr;
    }
    auto* module = add(path, key, std::move(*text), import.module.parts.back().text);
    module->standard = true;
    if (sees_importer(path)) module->imports.push_back(&importer);
    return module;
  }

  auto read_standard(const std::string& path) const -> Result<std::string> {
    if (!options_.stdlib_folder.empty()) return read((fs::path{options_.stdlib_folder} / path).string());
    const auto text = standard_text(path);
    if (text.empty()) return failure("F0803", "no such module");
    return std::string{text};
  }

  void unknown_module(const ast::Import& import) {
    const auto name = import.module.text();
    auto added = out_.report.add(import.at, diag::UnknownModule, diag::Name{name});
    std::vector<std::string> modules;
    for (const auto path : standard_paths()) {
      auto module = std::string{path.substr(0, path.size() - 5)};  // without `.flow`
      std::replace(module.begin(), module.end(), '/', '.');
      modules.push_back(std::move(module));
    }
    if (const auto near = diag::nearest(name, {modules.begin(), modules.end()}))
      added.fix(import.at, std::string{*near});
    else if (import.module.parts[0].text != "std")
      added.fix(import.at, fmt::format("\"{}.flow\"", name));
  }

  const LoadOptions& options_;
  Checked& out_;
  std::map<std::string, Module*> modules_;  // by key; null: could not be read
  std::vector<const Module*> open_;         // being read, the outermost first
};

}  // namespace

auto standard_text(std::string_view path) -> std::string_view {
  for (const auto& file : stdlib_files()) {
    if (file.name == path) return file.text;
  }
  return {};
}

auto standard_paths() -> std::vector<std::string_view> {
  std::vector<std::string_view> out;
  for (const auto& file : stdlib_files()) {
    if (file.name.ends_with(".flow")) out.push_back(file.name);
  }
  return out;
}

auto read_from_disk(const std::string& path) -> Result<std::string> {
  std::error_code error;
  if (fs::is_directory(path, error)) return failure("F0801", "it is a folder");
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file{std::fopen(path.c_str(), "rb")};
  if (!file) return failure("F0801", std::strerror(errno));
  std::string text;
  char buffer[65'536];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, file.get())) > 0;) {
    text.append(buffer, n);
    if (text.size() > SourceFile::BytesMax) break;  // the parser says that it is too big
  }
  if (std::ferror(file.get())) return failure("F0801", std::strerror(errno));
  return text;
}

namespace {

// A line that could not be read as it was meant: what its parts mean is a guess, and not worth a message.
void silence_broken_lines(Checked& out) {
  std::vector<Span> lines;
  for (const auto& d : out.report.all()) {
    if (!d.code.starts_with("F01") && !d.code.starts_with("F02")) continue;
    const auto& source = out.sources[d.at.file];
    const auto line = source.position(d.at.begin).line;
    lines.push_back({d.at.file, source.line_start(line), source.line_start(line + 1)});
  }
  for (const auto& line : lines) out.report.silence(line);
}

}  // namespace

auto Checked::roots() const -> std::vector<const Module*> {
  std::vector<const Module*> out;
  for (const auto& module : modules) {
    if (module->root) out.push_back(module.get());
  }
  return out;
}

auto Checked::closure(const Module& root) const -> std::vector<const Module*> {
  std::vector<const Module*> out{&root};
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const auto* imported : out[i]->imports) {
      if (std::find(out.begin(), out.end(), imported) == out.end()) out.push_back(imported);
    }
  }
  return out;
}

auto load(const std::vector<std::string>& paths, const LoadOptions& options) -> Checked {
  Checked out;
  Loader loader{options, out};
  for (const auto& path : paths) loader.root(path);
  silence_broken_lines(out);
  std::vector<std::vector<Reference>> references;
  for (const auto& module : out.modules)
    references.push_back(check_clauses(module->tree, out.sources[module->tree.id], out.report));
  declare_all(out);
  for (std::size_t i = 0; i < out.modules.size(); ++i) {
    check_references(references[i], out);
    check_declared_names(*out.modules[i], out);
    check_variables(*out.modules[i], out);
  }
  return out;
}

}  // namespace flow::check
