#include <algorithm>
#include <tuple>

#include "compiler/diag/diag.h"

namespace flow::diag {
namespace {

auto fill(std::string_view text, const std::vector<Argument>& args) -> std::string {
  std::string out;
  std::size_t next = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool brace = text[at] == '{' || text[at] == '}';
    if (brace && text[at + 1] == '}' && text[at] == '{')
      out += args[next++].text;
    else
      out += text[at];
    if (brace) ++at;
  }
  return out;
}

}  // namespace

auto all_entries() -> const std::vector<Entry>& {
  static const std::vector<Entry> entries{
#define FLOW_DIAG(code, severity, name, text, ...) Entry{#code, Severity::severity, #name, text},
#include "compiler/diag/diag.def"
#undef FLOW_DIAG
  };
  return entries;
}

auto Added::note(Span at, std::string text) -> Added& {
  if (index_ != Unheard) report_->diagnostics_[index_].notes.push_back({at, std::move(text)});
  return *this;
}

auto Added::fix(Span at, std::string replacement) -> Added& {
  if (index_ != Unheard) report_->diagnostics_[index_].fix.push_back({at, std::move(replacement)});
  return *this;
}

auto Report::add(Entry entry, Span at, std::vector<Argument> args) -> Added {
  const auto covers = [&](Span each) { return each.file == at.file && each.begin <= at.begin && at.begin < each.end; };
  if (std::any_of(silent_.begin(), silent_.end(), covers)) return {*this, Added::Unheard};
  const auto kept = entry.severity == Severity::Error ? errors() : warnings();
  if (kept >= KeptMax) return {*this, Added::Unheard};
  auto text = fill(entry.text, args);
  // Said again: the later notes and fix replace the earlier ones.
  const auto same = [&](const Diagnostic& d) { return d.at == at && d.code == entry.code && d.text == text; };
  const auto found = std::find_if(diagnostics_.begin(), diagnostics_.end(), same);
  if (found != diagnostics_.end()) {
    found->notes.clear();
    found->fix.clear();
    return {*this, static_cast<std::size_t>(found - diagnostics_.begin())};
  }
  if (entry.severity == Severity::Error) ++errors_;
  diagnostics_.push_back({entry.code, entry.severity, entry.name, std::move(text), std::move(args), at, {}, {}});
  return {*this, diagnostics_.size() - 1};
}

auto Report::sorted() const -> std::vector<Diagnostic> {
  auto out = diagnostics_;
  std::stable_sort(out.begin(), out.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.at.file, a.at.begin, a.at.end, a.code) < std::tie(b.at.file, b.at.begin, b.at.end, b.code);
  });
  return out;
}

auto Report::has(std::string_view code) const -> bool {
  return std::any_of(diagnostics_.begin(), diagnostics_.end(), [&](const Diagnostic& d) { return d.code == code; });
}

auto Report::has_error_in(Span at) const -> bool {
  return std::any_of(diagnostics_.begin(), diagnostics_.end(), [&](const Diagnostic& d) {
    return d.severity == Severity::Error && d.at.file == at.file && d.at.begin >= at.begin && d.at.end <= at.end;
  });
}

auto Report::has_error_in(FileId file) const -> bool {
  return std::any_of(diagnostics_.begin(), diagnostics_.end(), [&](const Diagnostic& d) { return d.severity == Severity::Error && d.at.file == file; });
}

void Report::weigh(const Weight& weight) {
  std::vector<Diagnostic> kept;
  for (auto& d : diagnostics_) {
    const auto severity = weight(d);
    if (!severity) continue;
    d.severity = *severity;
    kept.push_back(std::move(d));
  }
  diagnostics_ = std::move(kept);
  errors_ = static_cast<std::size_t>(std::count_if(diagnostics_.begin(), diagnostics_.end(), [](const Diagnostic& d) { return d.severity == Severity::Error; }));
}

void Report::append(const Report& other) {
  for (const auto& d : other.diagnostics_) {
    if (d.severity == Severity::Error) ++errors_;
    diagnostics_.push_back(d);
  }
}

void Report::append(Diagnostic said) {
  const bool error = said.severity == Severity::Error;
  if ((error ? errors() : warnings()) >= KeptMax) return;
  if (error) ++errors_;
  diagnostics_.push_back(std::move(said));
}

}  // namespace flow::diag
