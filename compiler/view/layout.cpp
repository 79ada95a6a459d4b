#include "compiler/view/layout.h"

#include <fmt/format.h>
#include <graphviz/gvc.h>

#include <memory>

namespace flow::view {
namespace {

constexpr double PointsPerInch = 72;

void set(void* object, const char* name, const std::string& value) { agsafeset(object, const_cast<char*>(name), const_cast<char*>(value.c_str()), const_cast<char*>("")); }

struct Freed {
  void operator()(GVC_t* context) const { gvFreeContext(context); }
  void operator()(Agraph_t* graph) const { agclose(graph); }
};

// The label is an empty table of the size that we shall draw it in.
void reserve_label(Agraph_t* graph, Agedge_t* edge, const Box& label) {
  const auto table = fmt::format("<TABLE BORDER=\"0\" CELLPADDING=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\"{:.0f}\" HEIGHT=\"{:.0f}\"><TR><TD></TD></TR></TABLE>", label.width, label.height);
  auto* html = agstrdup_html(graph, const_cast<char*>(table.c_str()));
  agsafeset(edge, const_cast<char*>("label"), html, const_cast<char*>(""));
}

auto point(pointf p, double height) -> Point { return {p.x, height - p.y}; }

auto curve_of(Agedge_t* edge, double height) -> std::vector<Point> {
  std::vector<Point> out;
  const auto* splines = ED_spl(edge);
  if (!splines || splines->size == 0) return out;
  const auto& bezier = splines->list[0];
  for (decltype(bezier.size) i = 0; i < bezier.size; ++i) out.push_back(point(bezier.list[i], height));
  if (bezier.eflag) {  // the arrow's tip lies beyond the curve
    const auto tip = point(bezier.ep, height);
    for (int i = 0; i < 3; ++i) out.push_back(tip);
  }
  return out;
}

}  // namespace

auto lay_out(Layout layout) -> Result<Layout> {
  const std::unique_ptr<GVC_t, Freed> context{gvContext()};
  const std::unique_ptr<Agraph_t, Freed> graph{agopen(const_cast<char*>("flow"), Agdirected, nullptr)};
  if (!context || !graph) return failure("R0507", "the picture cannot be laid out", "is Graphviz installed?");
  set(graph.get(), "ranksep", "0.55");
  set(graph.get(), "nodesep", "0.45");
  std::vector<Agnode_t*> nodes;
  for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
    auto* node = agnode(graph.get(), const_cast<char*>(fmt::format("n{}", i).c_str()), 1);
    set(node, "shape", "box");
    set(node, "fixedsize", "true");
    set(node, "label", "");
    set(node, "width", fmt::format("{:.4f}", layout.boxes[i].width / PointsPerInch));
    set(node, "height", fmt::format("{:.4f}", layout.boxes[i].height / PointsPerInch));
    nodes.push_back(node);
  }
  std::vector<Agedge_t*> edges;
  for (std::size_t i = 0; i < layout.arrows.size(); ++i) {
    const auto& arrow = layout.arrows[i];
    auto* edge = agedge(graph.get(), nodes.at(arrow.from), nodes.at(arrow.to), const_cast<char*>(fmt::format("e{}", i).c_str()), 1);
    if (arrow.label.width > 0) reserve_label(graph.get(), edge, arrow.label);
    edges.push_back(edge);
  }
  if (gvLayout(context.get(), graph.get(), "dot") != 0) return failure("R0507", "the picture cannot be laid out", "is Graphviz with its `dot` layout installed?");
  const auto box = GD_bb(graph.get());
  layout.width = box.UR.x;
  layout.height = box.UR.y;
  for (std::size_t i = 0; i < nodes.size(); ++i) layout.boxes[i].centre = point(ND_coord(nodes[i]), layout.height);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    layout.arrows[i].curve = curve_of(edges[i], layout.height);
    if (const auto* label = ED_label(edges[i])) layout.arrows[i].label.centre = point(label->pos, layout.height);
  }
  gvFreeLayout(context.get(), graph.get());
  return layout;
}

}  // namespace flow::view
