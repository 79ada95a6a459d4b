// A file as a list of what it declares, and the parts of it that can be folded.

#include <fmt/format.h>

#include <algorithm>

#include "compiler/lsp/analysis.h"
#include "compiler/parse/tokens.h"

namespace flow::lsp {
namespace {

using Kind = Outline::Kind;

class Outliner {
 public:
  explicit Outliner(const Spot& file) : file_(file) {}

  auto run() -> std::vector<Outline> {
    const auto& tree = file_.module.tree;
    all(tree.flows, Kind::File);
    for (const auto& each : tree.enums) add(each.name, Kind::Enum, each.at, "enum").inside = values(each);
    for (const auto& each : tree.types) add(each.name, Kind::Type, each.at, "type").inside = fields(each.fields);
    for (const auto& each : tree.states) add({"state", {each.at.file, each.at.begin, each.at.begin + 5}}, Kind::Type, each.at, "").inside = fields(each.fields);
    all(tree.realtimes, Kind::Connection);
    all(tree.services, Kind::Connection);
    all(tree.transfers, Kind::Agent);
    all(tree.channels, Kind::Connection);
    all(tree.policies, Kind::Policy);
    for (const auto& each : tree.tools) add(each.name, Kind::Tool, each.at, "tool").inside = fields(each.params);
    for (const auto& each : tree.agents) add(each.name, Kind::Agent, each.at, "agent").inside = parts(each.block);
    for (const auto& each : tree.handoffs) out_.push_back(handoff(each));
    for (const auto& each : tree.handlers) out_.push_back(handler(each));
    all(tree.rules, Kind::Rule);
    for (const auto& each : tree.tests) add({each.title, each.title_at}, Kind::Test, each.at, "test");
    std::ranges::sort(out_, {}, &Outline::range);
    return std::move(out_);
  }

 private:
  template <class List>
  void all(const List& list, Kind kind) {
    for (const auto& each : list) add(each.name, kind, each.at, "");
  }
  auto made(const ast::Name& name, Kind kind, Span at, std::string_view detail) const -> Outline {
    // A name that is not there yet is shown, so that the declaration does not come and go while it is written.
    const auto selection = name.missing() ? Span{at.file, at.begin, at.begin} : name.at;
    const Span whole{at.file, std::min(at.begin, selection.begin), std::max(at.end, selection.end)};
    return {name.missing() ? "…" : name.text, std::string{detail}, kind, file_.range(whole), file_.range(selection), {}};
  }
  auto add(const ast::Name& name, Kind kind, Span at, std::string_view detail) -> Outline& { return out_.emplace_back(made(name, kind, at, detail)); }

  auto values(const ast::EnumDecl& node) const -> std::vector<Outline> {
    std::vector<Outline> out;
    for (const auto& each : node.values) out.push_back(made(each.name, Kind::Value, each.name.at, ""));
    return out;
  }
  auto fields(const std::vector<ast::Field>& list) const -> std::vector<Outline> {
    std::vector<Outline> out;
    for (const auto& each : list) out.push_back(made(each.name, Kind::Field, each.at, file_.source.text(each.type.at)));
    return out;
  }
  auto handoff(const ast::Handoff& node) const -> Outline {
    return made({"handoff " + node.target.text(), node.target.at}, Kind::Handoff, node.at, "");
  }
  auto handler(const ast::Handler& node) const -> Outline {
    return made({"on " + std::string{file_.source.text(node.event.at)}, node.event.at}, Kind::Handler, node.at, "");
  }
  auto parts(const ast::Block& block) const -> std::vector<Outline> {
    std::vector<Outline> out;
    for (const auto& each : block.handoffs) out.push_back(handoff(each));
    for (const auto& each : block.handlers) out.push_back(handler(each));
    for (const auto& each : block.forms) out.push_back(made(each.name, Kind::Form, each.at, "form"));
    std::ranges::sort(out, {}, &Outline::range);
    return out;
  }

  const Spot& file_;
  std::vector<Outline> out_;
};

}  // namespace

auto outline(const Spot& file) -> std::vector<Outline> { return Outliner{file}.run(); }

// Blocks in braces, text blocks, and comments of several lines.
auto folds(const Spot& file) -> std::vector<Fold> {
  std::vector<Fold> out;
  std::vector<std::uint32_t> open;
  const auto line = [&](std::uint32_t byte) { return file.source.position(byte).line - 1; };
  const auto add = [&](std::uint32_t begin, std::uint32_t end, bool comment) {
    if (end > begin) out.push_back({begin, end, comment});
  };
  std::optional<std::pair<std::uint32_t, std::uint32_t>> comment;
  for (const auto& token : parse::tokens(file.source)) {
    using Of = parse::Token::Kind;
    const auto text = file.source.text(token.at);
    const auto at = line(token.at.begin);
    const bool is_comment = token.kind == Of::Comment || token.kind == Of::Doc;
    if (is_comment && comment && comment->second + 1 == at)
      comment->second = at;
    else if (is_comment || (token.kind != Of::LineEnd && comment)) {
      if (comment) add(comment->first, comment->second, true);
      comment = is_comment ? std::optional{std::pair{at, at}} : std::nullopt;
    }
    if (token.kind == Of::TextBlock) add(at, line(token.at.end), false);
    if (token.kind != Of::Symbol) continue;
    if (text == "{") open.push_back(at);
    if (text == "}" && !open.empty()) {
      add(open.back(), at == 0 ? 0 : at - 1, false);  // the brace itself stays to be seen
      open.pop_back();
    }
  }
  if (comment) add(comment->first, comment->second, true);
  std::ranges::sort(out, {}, &Fold::begin);
  return out;
}

}  // namespace flow::lsp
