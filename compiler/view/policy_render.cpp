// The matrix of policies in its four forms.

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/value.h"
#include "compiler/view/page.h"
#include "compiler/view/policy.h"

namespace flow::view {
namespace {

using Record = Value::Record;

auto place(const check::Checked& checked, const PolicyCell& cell) -> std::string {
  if (cell.origin == Origin::Language || !checked.sources.has(cell.at.file)) return {};
  const auto& source = checked.sources[cell.at.file];
  return fmt::format("{}:{}", source.path(), source.position(cell.at.begin).line);
}

auto padded(std::string_view text, std::size_t width) -> std::string {
  const auto wide = count_characters(text);
  return std::string{text} + std::string(width > wide ? width - wide : 0, ' ');
}

auto origin_word(Origin origin) -> const char* {
  static constexpr const char* Words[] = {"own", "named", "std", "default"};
  return Words[static_cast<std::size_t>(origin)];
}

void table(const ToolPolicy& tool, const check::Checked& checked, bool colour, std::string& out) {
  constexpr std::size_t ValueMax = 60;  // a longer value pushes its origin to the right, and no other
  std::size_t value = 0, origin = 0;
  for (const auto& cell : tool.cells) {
    if (const auto wide = count_characters(cell.value); wide <= ValueMax) value = std::max(value, wide);
    origin = std::max(origin, count_characters(origin_text(cell)));
  }
  const auto* bold = colour ? "\x1b[1m" : "";
  const auto* dim = colour ? "\x1b[2m" : "";
  const auto* off = colour ? "\x1b[0m" : "";
  out += fmt::format("{}{}{}  {}, policy {}\n", bold, tool.tool, off, tool.effects, tool.policy);
  std::string_view event;
  for (const auto& cell : tool.cells) {
    const auto shown = cell.event == event ? std::string_view{} : cell.event;
    event = cell.event;
    const bool chosen = cell.origin == Origin::Own || cell.origin == Origin::Named;
    out += fmt::format("  {}  {}  {}{}{}  {}{}  {}{}\n", padded(shown, 23), padded(cell.name, 19), chosen ? bold : "", padded(cell.value, value), chosen ? off : "", dim,
                       padded(origin_text(cell), origin), place(checked, cell), off);
    while (out.size() > 1 && out[out.size() - 2] == ' ') out.erase(out.size() - 2, 1);
  }
}

// Calls `visit(event, cell name, cells of all tools)` for every row of the matrix.
template <class Visit>
void each_row(const std::vector<ToolPolicy>& tools, const Visit& visit) {
  for (std::size_t i = 0; !tools.empty() && i < tools.front().cells.size(); ++i) {
    std::vector<const PolicyCell*> row;
    for (const auto& tool : tools) row.push_back(&tool.cells[i]);
    visit(row);
  }
}

constexpr std::string_view MatrixStyle = R"(
main { max-width: none; }
.matrix { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
.matrix table { min-width: 100%; }
.matrix th, .matrix td { white-space: nowrap; }
.matrix td.value { white-space: normal; min-width: 11rem; max-width: 22rem; }
.matrix tr:last-child td { border-bottom: 0; }
.matrix thead th { position: sticky; top: 0; background: var(--card); }
.matrix th small { display: block; font-weight: 400; color: var(--soft); }
td .from { display: block; color: var(--soft); font-size: .82em; }
td.own { background: var(--warm-soft); } td.named { background: var(--accent-soft); }
td.std code, td.default code { background: none; padding: 0; color: var(--soft); }
.event { font-weight: 600; }
.legend span { padding: .15em .6em; border-radius: 5px; margin-right: .5rem; }
)";

}  // namespace

auto policies_as_text(const PolicyPage& page, bool colour) -> std::string {
  std::string out;
  for (const auto& tool : page.tools) {
    if (!out.empty()) out += "\n";
    table(tool, page.checked, colour, out);
  }
  return out;
}

auto policies_as_markdown(const PolicyPage& page) -> std::string {
  std::string out = "| when | cell |";
  std::string rule = "|---|---|";
  for (const auto& tool : page.tools) {
    out += fmt::format(" `{}` ({}) |", tool.tool, tool.effects);
    rule += "---|";
  }
  out += "\n" + rule + "\n";
  std::string_view event;
  each_row(page.tools, [&](const std::vector<const PolicyCell*>& row) {
    out += fmt::format("| {} | `{}` |", row[0]->event == event ? "" : row[0]->event, row[0]->name);
    event = row[0]->event;
    for (const auto* cell : row) {
      const auto value = markdown_cell(cell->value);
      const bool chosen = cell->origin == Origin::Own || cell->origin == Origin::Named;
      out += fmt::format(" {}{}{} ({}) |", chosen ? "**" : "", value, chosen ? "**" : "", origin_text(*cell));
    }
    out += "\n";
  });
  return out + "\nIn parentheses: who says so. `own` is the tool's block, `default` the language; bold is what this flow decides.\n";
}

auto policies_as_html(const PolicyPage& page, const std::string& title) -> std::string {
  auto body = fmt::format(
      "<main>\n<h1>{}</h1>\n<p class=\"soft\">What happens to a tool's result, event by event, and who says so.</p>\n"
      "<p class=\"legend\"><span style=\"background:var(--warm-soft)\">the tool itself</span><span style=\"background:var(--accent-soft)\">a policy of this flow</span>"
      "<span class=\"soft\">the library or the language</span></p>\n<div class=\"matrix\"><table>\n<thead><tr><th>when</th><th>cell</th>",
      escaped(title));
  for (const auto& tool : page.tools) body += fmt::format("<th>{}<small>{}, {}</small></th>", escaped(tool.tool), tool.effects, escaped(tool.policy));
  body += "</tr></thead>\n<tbody>\n";
  std::string_view event;
  each_row(page.tools, [&](const std::vector<const PolicyCell*>& row) {
    body += fmt::format("<tr><td class=\"event\">{}</td><td><code>{}</code></td>", row[0]->event == event ? "" : row[0]->event, row[0]->name);
    event = row[0]->event;
    for (const auto* cell : row) {
      body += fmt::format("<td class=\"value {}\" title=\"{}\"><code>{}</code><span class=\"from\">{}</span></td>", origin_word(cell->origin), escaped(place(page.checked, *cell)),
                          escaped(cell->value), escaped(origin_text(*cell)));
    }
    body += "</tr>\n";
  });
  return html_page(title, body + "</tbody>\n</table></div>\n</main>\n", MatrixStyle);
}

auto policies_as_json(const PolicyPage& page) -> std::string {
  Value::List tools;
  for (const auto& tool : page.tools) {
    Value::List cells;
    for (const auto& cell : tool.cells) {
      Value at;
      if (const auto text = place(page.checked, cell); !text.empty()) at = text;
      cells.push_back(Record{{"event", cell.event}, {"cell", cell.name}, {"value", cell.value}, {"origin", origin_word(cell.origin)}, {"from", cell.from}, {"at", at}});
    }
    tools.push_back(Record{{"tool", tool.tool}, {"effects", tool.effects}, {"policy", tool.policy}, {"cells", std::move(cells)}});
  }
  return to_json(Record{{"version", 1}, {"tools", std::move(tools)}}) + "\n";
}

}  // namespace flow::view
