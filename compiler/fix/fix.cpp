#include "compiler/fix/fix.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/diag/render.h"
#include "compiler/lower/compile.h"

namespace flow::fix {
namespace {

using Texts = std::map<std::string, std::string>;

// Reads what was changed from `texts`, all else as before.
auto with(const Texts& texts, const check::LoadOptions& options) -> check::LoadOptions {
  auto out = options;
  const auto read = options.read ? options.read : check::read_from_disk;
  out.read = [&texts, read](const std::string& path) -> Result<std::string> {
    const auto changed = texts.find(path);
    return changed == texts.end() ? read(path) : changed->second;
  };
  return out;
}

auto is_ours(const check::Checked& checked, FileId file) -> bool {
  const auto* module = checked.scope.module_of(file);
  return module && !module->standard;
}

// A message, as it is known again after other edits.
auto name_of(const diag::Diagnostic& d, const Sources& sources) -> std::string { return sources[d.at.file].path() + "\n" + std::string(d.code) + "\n" + d.text; }

auto times_said(const std::string& name, const check::Checked& checked) -> std::size_t {
  return static_cast<std::size_t>(std::ranges::count_if(checked.report.all(), [&](const diag::Diagnostic& d) { return name_of(d, checked.sources) == name; }));
}

class Fixer {
 public:
  Fixer(const std::vector<std::string>& paths, const check::LoadOptions& options) : paths_(paths), options_(options) {}

  auto run() -> Fixed {
    auto checked = check_now();
    for (auto n = RoundsMax; n > 0; --n) {
      const auto* next = next_fix(checked);
      if (!next) break;
      const auto name = name_of(*next, checked.sources);
      const auto before = texts_;
      edit(checked, next->fix);
      auto after = check_now();
      const bool helps = times_said(name, after) < times_said(name, checked);
      if (helps && seen_.insert(texts_).second) {
        ++fixes_;
        checked = std::move(after);
      } else {
        tried_.insert(name);
        texts_ = before;
      }
    }
    Fixed out{.files = {}, .fixes = fixes_, .rest = std::move(checked)};
    for (const auto& source : out.rest.sources) {
      const auto original = originals_.find(source.path());
      if (original != originals_.end() && original->second != source.text()) out.files.push_back({source.path(), original->second, source.text()});
    }
    return out;
  }

 private:
  static constexpr int RoundsMax = 1000;  // a report holds no more

  auto check_now() const -> check::Checked { return lower::check_files(paths_, with(texts_, options_)); }

  auto next_fix(const check::Checked& checked) const -> const diag::Diagnostic* {
    for (const auto& d : checked.report.all()) {
      const auto ours = [&](const diag::Edit& edit) { return is_ours(checked, edit.at.file); };
      if (!d.fix.empty() && std::ranges::all_of(d.fix, ours) && !tried_.contains(name_of(d, checked.sources))) return &d;
    }
    return nullptr;
  }

  void edit(const check::Checked& checked, const std::vector<diag::Edit>& edits) {
    for (const auto& each : edits) {
      const auto& source = checked.sources[each.at.file];
      originals_.emplace(source.path(), source.text());
      texts_[source.path()] = diag::apply(source, edits);
    }
  }

  const std::vector<std::string>& paths_;
  const check::LoadOptions& options_;
  Texts texts_, originals_;
  std::set<Texts> seen_{{}};  // so that no two fixes undo each other for ever
  std::set<std::string> tried_;
  std::size_t fixes_ = 0;
};

}  // namespace

auto fix(const std::vector<std::string>& paths, const check::LoadOptions& options) -> Fixed { return Fixer{paths, options}.run(); }

}  // namespace flow::fix
