#include "compiler/view/page.h"

#include <fmt/format.h>

namespace flow::view {
namespace {

constexpr std::string_view Style = R"(
:root { color-scheme: light dark; --page: #fbfaf8; --card: #ffffff; --ink: #23211f; --soft: #6d6862; --line: #ddd8d0; --accent: #2f6f6b;
  --accent-soft: #e3f0ee; --warm: #b4552d; --warm-soft: #fbeade; --violet: #5b4b8a; --violet-soft: #ece8f6; }
@media (prefers-color-scheme: dark) { :root { --page: #1b1d1f; --card: #24272a; --ink: #e8e4de; --soft: #a29c94; --line: #3a3e42; --accent: #7cc4bd;
  --accent-soft: #203735; --warm: #e5956b; --warm-soft: #3b2a20; --violet: #b4a5e2; --violet-soft: #2e2940; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .6rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p { margin: .4rem 0; }
.soft { color: var(--soft); }
code { font: .88em ui-monospace, "DejaVu Sans Mono", monospace; background: color-mix(in srgb, var(--line) 45%, transparent); padding: .1em .35em; border-radius: 4px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .7rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
blockquote { margin: .5rem 0; padding: .5rem .9rem; border-left: 3px solid var(--accent); background: var(--accent-soft); border-radius: 0 6px 6px 0; white-space: pre-line; }
ul { padding-left: 1.2rem; margin: .3rem 0; }
)";

}  // namespace

auto html_page(std::string_view title, std::string_view body, std::string_view style, std::string_view script) -> std::string {
  auto out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}{}</style>\n</head>\n<body>\n{}",
      escaped(title), Style, style, body);
  if (!script.empty()) out += fmt::format("<script>{}</script>\n", script);
  return out + "</body>\n</html>\n";
}

auto markdown_cell(std::string_view text) -> std::string {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '<') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace flow::view
