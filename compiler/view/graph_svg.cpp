#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/view/graph_parts.h"
#include "compiler/view/layout.h"
#include "compiler/view/page.h"

namespace flow::view {
namespace {

constexpr double Letter = 7.0;       // of the text in labels, generously
constexpr double TitleLetter = 8.9;  // of agents' names
constexpr double LineHeight = 17;
constexpr double Margin = 18;
constexpr double ChipHeight = 22;
constexpr std::size_t LabelWidth = 28;  // characters
constexpr std::size_t LabelLines = 3;

// Words in lines of at most `LabelWidth` characters, the rest cut off.
auto wrapped(const std::string& text) -> std::vector<std::string> {
  std::vector<std::string> out;
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const auto word = text.substr(at, end - at);
    at = end + 1;
    if (!line.empty() && count_characters(line) + 1 + count_characters(word) > LabelWidth) {
      out.push_back(std::move(line));
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) out.push_back(line);
  if (out.size() > LabelLines) {
    out.resize(LabelLines);
    out.back() += " …";
  }
  return out;
}

auto widest(const std::vector<std::string>& lines) -> double {
  std::size_t most = 0;
  for (const auto& each : lines) most = std::max(most, count_characters(each));
  return static_cast<double>(most);
}

// The tools of an agent as chips in rows.
struct Chip {
  Id<ir::Tool> tool;
  double x, y, width;  // from the card's corner
};
struct Card {
  double width = 0, height = 0;
  std::vector<Chip> chips;
};

auto card_of(const ir::Program& program, const ir::Agent& agent) -> Card {
  constexpr double WidthMax = 250, Pad = 14, Gap = 6, Title = 40;
  Card card;
  double x = Pad, y = Title, right = Pad + TitleLetter * static_cast<double>(count_characters(agent.name)) + 26;
  for (const auto tool : agent.tools) {
    const auto width = Letter * static_cast<double>(count_characters(program.tools[tool].name)) + 16;
    if (x > Pad && x + width > WidthMax - Pad) {
      x = Pad;
      y += ChipHeight + Gap;
    }
    card.chips.push_back({tool, x, y, width});
    x += width + Gap;
    right = std::max(right, x - Gap);
  }
  card.width = std::max(140.0, right + Pad);
  card.height = card.chips.empty() ? Title + 4 : y + ChipHeight + Pad;
  return card;
}

auto class_of(const GraphEdge& edge) -> std::string {
  static constexpr const char* Names[] = {"start", "model", "event", "time", "data", "action"};
  return std::string{Names[static_cast<std::size_t>(edge.kind)]} + (edge.back ? " back" : "");
}

class Picture {
 public:
  Picture(const ir::Program& program, Graph graph) : p_(program), graph_(std::move(graph)) {}

  auto draw() -> Result<std::string> {
    measure();
    auto done = lay_out(std::move(layout_));
    if (!done) return tl::unexpected(done.error());
    layout_ = std::move(*done);
    const auto width = layout_.width + 2 * Margin;
    const auto height = layout_.height + 2 * Margin;
    out_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flow\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" aria-label=\"{2}\">\n<style>{3}</style>\n",
        width, height, escaped("The agents of " + p_.name + " and who hands over to whom"), svg_style());
    out_ += "<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"11\" markerHeight=\"11\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 1 10 5 0 9z\" fill=\"context-stroke\"/></marker></defs>\n";
    out_ += fmt::format("<g transform=\"translate({0},{0})\">\n", Margin);
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) curve(i);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) node(i);
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) label(i);
    return out_ + "</g>\n</svg>\n";
  }

 private:
  void measure() {
    for (const auto& node : graph_.nodes) {
      cards_.push_back(node.kind == GraphNode::Kind::Agent ? card_of(p_, p_.agents[node.agent]) : Card{});
      const auto name = static_cast<double>(count_characters(name_of(p_, node)));
      if (node.kind == GraphNode::Kind::Agent) layout_.boxes.push_back({cards_.back().width, cards_.back().height, {}});
      else layout_.boxes.push_back({TitleLetter * name + 36, 34, {}});
    }
    for (const auto& edge : graph_.edges) {
      labels_.push_back(wrapped((edge.back ? "back " : "") + edge.label));
      Arrow arrow{.from = edge.from, .to = edge.to, .label = {}, .curve = {}};
      if (edge.kind != GraphEdge::Kind::Start) arrow.label = {widest(labels_.back()) * Letter + 14, static_cast<double>(labels_.back().size()) * LineHeight + 6, {}};
      layout_.arrows.push_back(std::move(arrow));
    }
  }

  void curve(std::size_t i) {
    const auto& points = layout_.arrows[i].curve;
    if (points.empty()) return;
    auto path = fmt::format("M{:.1f} {:.1f}", points[0].x, points[0].y);
    for (std::size_t n = 1; n + 2 < points.size(); n += 3) {
      path += fmt::format("C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", points[n].x, points[n].y, points[n + 1].x, points[n + 1].y, points[n + 2].x, points[n + 2].y);
    }
    out_ += fmt::format("<path class=\"edge {}\" d=\"{}\" marker-end=\"url(#tip)\" data-show=\"edge-{}\"/>\n", class_of(graph_.edges[i]), path, i);
  }

  void label(std::size_t i) {
    const auto& edge = graph_.edges[i];
    const auto& box = layout_.arrows[i].label;
    if (edge.kind == GraphEdge::Kind::Start) return;
    const auto left = box.centre.x - box.width / 2;
    const auto top = box.centre.y - box.height / 2;
    out_ += fmt::format("<g class=\"label {}\" data-show=\"edge-{}\" tabindex=\"0\"><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"6\"/>", class_of(edge), i, left, top,
                        box.width, box.height);
    for (std::size_t n = 0; n < labels_[i].size(); ++n) {
      out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", box.centre.x, top + 16 + static_cast<double>(n) * LineHeight, escaped(labels_[i][n]));
    }
    out_ += "</g>\n";
  }

  void node(std::size_t i) {
    const auto& row = graph_.nodes[i];
    const auto& box = layout_.boxes[i];
    const auto left = box.centre.x - box.width / 2;
    const auto top = box.centre.y - box.height / 2;
    const auto name = escaped(name_of(p_, row));
    if (row.kind != GraphNode::Kind::Agent) {
      out_ += fmt::format("<g class=\"node {}\" data-show=\"{}\" tabindex=\"0\"><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"{:.1f}\"/><text class=\"name\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text></g>\n",
                          row.kind == GraphNode::Kind::Start ? "start" : row.kind == GraphNode::Kind::Outside ? "outside" : "every",
                          row.transfer ? fmt::format("transfer-{}", row.transfer.index) : "flow", left, top, box.width, box.height, box.height / 2, box.centre.x, box.centre.y + 5, name);
      return;
    }
    out_ += fmt::format("<g class=\"node agent\" data-show=\"agent-{}\" tabindex=\"0\"><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"12\"/><text class=\"name\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text></g>\n",
                        row.agent.index, left, top, box.width, box.height, left + 14, top + 26, name);
    for (const auto& chip : cards_[i].chips) {
      out_ += fmt::format("<g class=\"tool\" data-show=\"tool-{}\" tabindex=\"0\"><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"6\"/><text x=\"{:.1f}\" y=\"{:.1f}\">{}</text></g>\n",
                          chip.tool.index, left + chip.x, top + chip.y, chip.width, ChipHeight, left + chip.x + chip.width / 2, top + chip.y + 15.5, escaped(p_.tools[chip.tool].name));
    }
  }

  const ir::Program& p_;
  Graph graph_;
  Layout layout_;
  std::vector<Card> cards_;
  std::vector<std::vector<std::string>> labels_;
  std::string out_;
};

}  // namespace

auto svg_style() -> std::string_view {
  return R"(
.flow { --page: #fbfaf8; --card: #ffffff; --ink: #23211f; --soft: #6d6862; --line: #cfc9c0; --accent: #2f6f6b; --accent-soft: #e3f0ee; --warm: #b4552d;
  --warm-soft: #fbeade; --violet: #5b4b8a; --violet-soft: #ece8f6; background: var(--page); font-family: system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
@media (prefers-color-scheme: dark) { .flow { --page: #1b1d1f; --card: #26292c; --ink: #e8e4de; --soft: #a29c94; --line: #4a4f54; --accent: #7cc4bd;
  --accent-soft: #203735; --warm: #e5956b; --warm-soft: #3b2a20; --violet: #b4a5e2; --violet-soft: #2e2940; } }
.flow [data-show] { cursor: pointer; outline: none; }
.flow .edge { fill: none; stroke: var(--soft); stroke-width: 1.6; }
.flow .edge.model { stroke: var(--accent); } .flow .edge.event, .flow .edge.action { stroke: var(--warm); } .flow .edge.time { stroke: var(--violet); }
.flow .edge.back { stroke-dasharray: 5 4; }
.flow .label rect { fill: var(--page); stroke: none; }
.flow .label text { font-size: 12.5px; text-anchor: middle; fill: var(--soft); }
.flow .label.model text { fill: var(--accent); } .flow .label.event text, .flow .label.action text { fill: var(--warm); } .flow .label.time text { fill: var(--violet); }
.flow .node rect { fill: var(--card); stroke: var(--line); stroke-width: 1.2; }
.flow .node.agent rect { filter: drop-shadow(0 1px 2px rgb(0 0 0 / .08)); }
.flow .node.start rect { fill: var(--accent); stroke: none; } .flow .node.start .name { fill: var(--card); }
.flow .node.every rect { fill: none; stroke-dasharray: 4 3; } .flow .node.every .name { fill: var(--soft); font-weight: 500; }
.flow .name { font-size: 15px; font-weight: 650; fill: var(--ink); } .flow .start .name, .flow .every .name, .flow .outside .name { text-anchor: middle; }
.flow .node.outside rect { fill: var(--warm-soft); stroke: var(--warm); }
.flow .tool rect { fill: var(--accent-soft); } .flow .tool text { font-size: 12px; text-anchor: middle; fill: var(--accent); }
.flow [data-show]:hover rect, .flow [data-show]:focus-visible rect, .flow .chosen rect { stroke: var(--accent); stroke-width: 1.8; }
.flow .edge:hover, .flow .edge.chosen { stroke-width: 3; }
)";
}

auto graph_as_svg(const ir::Program& program) -> Result<std::string> { return Picture{program, graph_of(program)}.draw(); }

}  // namespace flow::view
