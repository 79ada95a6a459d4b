#include "compiler/lower/context.h"

#include <filesystem>

namespace flow::lower {

auto Context::path_beside(Span at, const std::string& name) const -> std::string {
  const std::filesystem::path named{name};
  if (named.is_absolute()) return name;
  return (std::filesystem::path{checked.sources[at.file].path()}.parent_path() / named).lexically_normal().string();
}

auto Context::file_beside(Span at, const std::string& name) -> std::optional<std::string> {
  const auto path = path_beside(at, name);
  const auto* module = scope().module_of(at.file);
  if (module && module->standard && stdlib_folder.empty()) {
    const auto built_in = check::standard_text(path);
    if (!built_in.empty()) return std::string(built_in);
  }
  auto text = read(module && module->standard ? (std::filesystem::path{stdlib_folder} / path).string() : path);
  if (text && text->size() <= SourceFile::BytesMax) return *std::move(text);
  if (text) {
    report().add(at, diag::FileTooBig, diag::Text{name}, diag::Count{SourceFile::BytesMax});
  } else {
    report().add(at, diag::UnreadableFile, diag::Text{name}, diag::Text{text.error().text});
  }
  return std::nullopt;
}

void unknown(Context& context, const char* kind, const ast::Path& name) {
  if (name.missing() || context.report().has_error_in(name.at) || context.scope().incomplete(name.at.file)) return;
  context.report().add(name.at, diag::UnknownName, diag::Kind{kind}, diag::Name{name.text()});
}

void not_yet(Context& context, Span at, const std::string& what) {
  if (!context.report().has_error_in(at)) context.report().add(at, diag::NotYet, diag::Text{what});
}

}  // namespace flow::lower
