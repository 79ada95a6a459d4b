#pragma once
// Diagnostics for people, for programs, and for one line of a log. JSON's schema is documented in README.md.

#include <string>
#include <vector>

#include "compiler/base/source.h"
#include "compiler/diag/diag.h"

namespace flow::diag {

struct RenderOptions {
  bool colour = false;  // ANSI colours; only when the reader asked or is a terminal
};

// `file:line:column: error: text [code]`, the source line, a caret and the fix under it, then the notes.
auto render(const Diagnostic& diagnostic, const Sources& sources, RenderOptions options = {}) -> std::string;
// All of a report in the order of the source.
auto render(const Report& report, const Sources& sources, RenderOptions options = {}) -> std::string;
// `file:line:column: error: text [code]`, no line end.
auto render_line(const Diagnostic& diagnostic, const Sources& sources) -> std::string;
// One object with an array `diagnostics`; one line of text.
auto render_json(const Report& report, const Sources& sources) -> std::string;

// A log of SARIF 2.1.0 with one run of flowc, for code hosts and editors: rules with their pages, places, fixes.
auto render_sarif(const Report& report, const Sources& sources, std::string_view version) -> std::string;
// A line `::error file=…,line=…::text` a message: what GitHub Actions shows beside the code.
auto render_github(const Report& report, const Sources& sources) -> std::string;

// The text with the edits made, for tools and tests. Edits of other files are left out; of two that
// overlap the first is made.
auto apply(const SourceFile& file, std::vector<Edit> edits) -> std::string;

// The page of a code, as Markdown; empty if there is no such code.
auto explain(std::string_view code) -> std::string_view;

}  // namespace flow::diag
