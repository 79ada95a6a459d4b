// What could be written where the cursor stands. The attribute table says which clauses there are and what their values may
// be, so a clause that is added to it is offered without a line here.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/ast/walk.h"
#include "compiler/check/field_clauses.h"
#include "compiler/check/shape.h"
#include "compiler/lsp/analysis.h"
#include "compiler/lsp/place.h"
#include "compiler/lsp/snippets.h"
#include "compiler/parse/parse.h"

namespace flow::lsp {
namespace {

using check::NameKind;
using check::Where;
using Kind = Completion::Kind;

// A statement as the parser reads it, alone.
auto parsed(const Place& place) -> std::optional<ast::Clause> {
  const bool test = place.where == Where::Test;
  Sources sources;
  diag::Report unheard;
  const auto& source = sources.add("statement", fmt::format("{} {{\n{}\n}}\n", test ? "test \"t\"" : "agent a", place.statement));
  auto file = parse::parse(source, unheard);
  if (test) return file.tests.empty() || file.tests[0].steps.empty() ? std::nullopt : std::optional{file.tests[0].steps.back()};
  return file.agents.empty() || file.agents[0].block.clauses.empty() ? std::nullopt : std::optional{file.agents[0].block.clauses.back()};
}

// `if`, `else` and a block are values of a row, too.
auto row_of(const ast::Clause& clause) -> std::vector<check::ShapeValue> {
  using K = check::ShapeValue::Kind;
  std::vector<check::ShapeValue> row;
  for (const auto& arg : clause.args) {
    if (!arg.value.missing()) row.push_back({K::Arg, &arg, arg.value.at});
  }
  if (clause.condition) row.push_back({K::If, nullptr, clause.condition->at});
  return row;
}

// The clauses of the innermost block around a byte, but for the one whose name is being written.
struct Around {
  FileId file;
  std::uint32_t byte = 0;
  std::set<std::string_view> names = {};

  auto enter(const ast::Block& block) -> bool {
    if (block.at.begin > byte || byte > block.at.end) return false;
    names.clear();
    for (const auto& clause : block.clauses) {
      if (byte < clause.name.at.begin || clause.name.at.end < byte) names.insert(clause.name.text);
    }
    return true;
  }
  template <class Part>
  auto enter(const Part&) -> bool {
    return true;
  }
  template <class Part>
  void leave(const Part&) {}
};

class Completer {
 public:
  explicit Completer(const Spot& spot) : spot_(spot), place_(place_of(spot.source, spot.byte)) {}

  auto run() -> Completions {
    if (place_.kind == Place::Kind::Text) return {};
    if (after(".")) {
      members();
    } else {
      by_place();
    }
    return {spot_.range(place_.begun), std::move(items_)};
  }

 private:
  auto checked() const -> const check::Checked& { return spot_.analysis.checked; }
  auto file() const -> FileId { return spot_.source.id(); }
  auto first() const -> std::string_view { return place_.words.empty() ? std::string_view{} : place_.words.front(); }
  auto last() const -> std::string_view { return place_.words.empty() ? std::string_view{} : place_.words.back(); }
  auto has(std::string_view word) const -> bool { return std::ranges::find(place_.words, word) != place_.words.end(); }
  auto after(std::string_view text) const -> bool {
    const auto begin = place_.begun.begin;
    return begin >= text.size() && spot_.source.text({file(), begin - static_cast<std::uint32_t>(text.size()), begin}) == text;
  }

  void add(Completion item) {
    if (std::ranges::find(items_, item.label, &Completion::label) == items_.end()) items_.push_back(std::move(item));
  }
  void word(std::string_view text, std::string_view doc = {}, Kind kind = Kind::Word) { add({std::string{text}, kind, {}, std::string{doc}, std::string{text}}); }
  void snippet(std::string_view label, std::string text, std::string_view doc = {}) { add({std::string{label}, Kind::Snippet, {}, std::string{doc}, std::move(text)}); }

  void by_place() {
    switch (place_.kind) {
      case Place::Kind::File: return declarations();
      case Place::Kind::Header: return header();
      case Place::Kind::Block: return place_.words.empty() ? clauses() : statement();
      case Place::Kind::Actions: return place_.words.empty() ? actions() : action();
      case Place::Kind::Fields: return field();
      case Place::Kind::Hole: return hole();
      case Place::Kind::Values:
      case Place::Kind::Text: return;
    }
  }

  // ── Beginnings ─────────────────────────────────────────────────────────────────────────────────────────────────

  void declarations() {
    for (const auto& each : Snippets) snippet(each.word, std::string{each.text}, each.doc);
  }

  // As much of the shape as can be put in: what must be chosen is left to the next completion.
  static auto begun(const check::ClauseInfo& info) -> std::string {
    if (info.shape == "{...}") return fmt::format("{} {{ $0 }}", info.name);
    if (info.shape == "TEXT" || info.shape == "TEMPLATE" || info.shape == "LINE") return fmt::format("{} \"$1\"$0", info.name);
    if (info.shape == "if EXPR") return fmt::format("{} if ", info.name);
    return std::string{info.name} + (info.shape.empty() ? "" : " ");
  }
  void table(Where where) {
    Around around{file(), spot_.byte};
    ast::walk(around, spot_.module.tree);
    for (const auto& info : check::clauses::all()) {
      if (info.where != where || !info.runs) continue;
      if (info.times == check::Times::Once && around.names.contains(info.name)) continue;
      auto doc = std::string{info.doc};
      if (!info.fallback.empty()) doc += fmt::format("\n\nDefault: `{}`", info.fallback);
      add({std::string{info.name}, Kind::Clause, check::shown_shape(info.shape), std::move(doc), begun(info)});
    }
  }
  void clauses() {
    if (place_.where == Where::Test) {
      for (const auto name : check::steps::clauses()) add({std::string{name}, Kind::Clause, {}, std::string{check::describe(Where::Test)}, std::string{name} + " "});
    }
    table(place_.where);
    if (place_.where == Where::Agent) {
      snippet("handoff", "handoff ${1:agent} when \"${2:the caller asks for it}\"$0", "a way to another agent");
      snippet("on", "on ${1:silence 8s} {\n  $0\n}", "what happens when an event does");
      snippet("form", "form ${1:name} {\n  $0\n}", "fields that the caller fills in, in any order");
    }
    if (place_.where == Where::Tool) snippet("sets", "sets ${1:field} = ${2:result}$0", "what a result changes in the state");
    if (place_.where == Where::Handoff) snippet("carry", "carry ${1:name}: ${2:string} \"${3:what the model fills in}\"$0", "a value that goes along");
    if (place_.where == Where::Form) table(Where::FormField);
  }
  void actions() {
    table(Where::Action);
    snippet("set", "set ${1:field} = ${2:value}$0", "change the state");
    snippet("handoff", "handoff ${1:agent}$0", "give the call away");
    snippet("if", "if ${1:condition} {\n  $0\n}", "only if it holds");
  }

  // ── Statements ─────────────────────────────────────────────────────────────────────────────────────────────────

  void header() {
    const auto names = [&](NameKind kind) { visible(kind); };
    if (first() == "import") return modules();
    if (first() == "handoff" || first() == "on") return statement();
    if (last() == ":" && first() == "agent") return names(NameKind::Target);
    if (last() == ":" && first() == "policy") return names(NameKind::Policy);
    if (first() == "tool" && (last() == "->" || last() == "[")) return types();
    if (first() == "tool" && has(")")) {
      for (const auto* each : {"pure", "reads", "writes", "writes once"}) word(each, "what the tool does to the world");
    }
  }

  void statement() {
    if (first() == "handoff") return handoff();
    if (first() == "on") return event(1);
    if (first() == "carry") return field();
    if (first() == "sets") return has("=") && last() != "," ? variables() : visible(NameKind::State);
    if (last() == "else" || (first() == "fails" && place_.words.size() == 1)) return actions(), word("handler", "the nearest `on tool_failed`");
    if (const auto at = std::ranges::find(place_.words, "else"); at != place_.words.end()) return values(Where::Action, *(at + 1), *at);
    if (has("if")) return variables();
    if (place_.where == Where::Form && place_.words.size() > 1 && place_.words[1] == ":") return field();
    values(place_.where, first(), {});
  }
  void action() {
    if (first() == "handoff" || last() == "handoff") return targets();
    if (first() == "set") return has("=") ? variables() : visible(NameKind::State);
    if (first() == "if") return variables();
    if (first() == "run") return visible(NameKind::Tool), variables();
    values(Where::Action, first(), {});
  }
  void handoff() {
    if (place_.words.size() == 1) return targets();
    if (last() == "when") return text();
    if (last() == "after") return durations();
    const auto on = std::ranges::find(place_.words, "on");
    if (on != place_.words.end()) return event(static_cast<std::size_t>(on - place_.words.begin()) + 1);
    if (has("if")) return variables();
    snippet("when", "when \"${1:the caller asks for it}\"$0", "judged by the model");
    word("on", "when an event happens");
    word("after", "when so much time has passed");
    word("if", "when it becomes true");
    snippet("{ }", "{\n  $0\n}");
  }
  void event(std::size_t from) {
    if (place_.words.size() == from) return table(Where::Event);
    values(Where::Event, place_.words[from], place_.words[from - 1]);
  }

  // What the shape of a clause lets follow. `behind`: the statement begins behind this word.
  void values(Where where, std::string_view name, std::string_view behind) {
    const auto* info = check::clauses::find(where, name);
    const auto shape = info ? info->shape : where == Where::Test ? std::string_view{check::steps::shape_of(name)} : std::string_view{};
    if (shape.empty()) return;
    auto place = place_;
    if (!behind.empty()) place.statement = place.statement.substr(std::min(place.statement.find(name, place.statement.find(behind)), place.statement.size()));
    const bool goes_on = place.words.back() == ",";
    if (goes_on) place.statement.erase(place.statement.find_last_of(','));
    auto clause = parsed(place);
    if (!clause) return;
    if (where == Where::Test) clause->args = check::steps::values_of(*clause);
    auto row = row_of(*clause);
    if (goes_on && !row.empty()) row.pop_back();  // after a comma comes what could have come before it
    const auto match = check::match_shape(shape, row);
    if (match.at < row.size()) return;
    for (const auto each : match.words) word(each, info ? info->doc : std::string_view{});
    for (const auto each : match.kinds) values_of_kind(each, info);
  }

  void values_of_kind(std::string_view kind, const check::ClauseInfo* info) {
    if (kind == "AGENT" || kind == "TARGET" || kind == "PATH") return targets();
    if (kind == "DEED") return targets(), visible(NameKind::Tool);
    if (kind == "TOOL" || kind == "TOOLS") return visible(NameKind::Tool);
    if (kind == "POLICY") return visible(NameKind::Policy), word("background", "what a policy is when nothing else is said", Kind::Policy);
    if (kind == "REALTIME") return visible(NameKind::Realtime);
    if (kind == "SERVICE") return visible(NameKind::Service);
    if (kind == "PARAMETER") return parameters();
    if (kind == "EXPR") return variables();
    if (kind == "CALL") return visible(NameKind::Tool), visible(NameKind::Type);
    if (kind == "TEXT" || kind == "TEMPLATE") return text();
    if (kind == "LINE") return text(), snippet("model", "model \"$1\"$0", "a hint: the model finds the words"), snippet("protected", "protected \"$1\"$0", "heard to its end");
    if (kind == "SECRET") return snippet("secret", "secret(\"${1:API_KEY}\")$0", "the name of a secret");
    if (kind == "ENV") return snippet("env", "env(\"${1:NAME}\")$0", "a variable of the environment");
    if (kind == "FILE") return snippet("file", "file(\"${1:prompt.md}\")$0", "the text of a file");
    if (kind == "VALUE") return values_of_kind("TEXT", info), values_of_kind("ENV", info), values_of_kind("SECRET", info);
    if (kind == "DURATION" || kind == "DURATIONS") return durations();
    if (kind == "if") return word("if", "only if it holds");
    if (kind == "else") return word("else", "what happens otherwise");
    if (kind == "{") return snippet("{ }", "{ $0 }");
    if (kind == "ACTION") return actions();
    if (info && !info->fallback.empty()) word(info->fallback, "the default");
  }

  void text() { snippet("\"…\"", "\"$1\"$0"); }
  void durations() {
    for (const auto* each : {"500ms", "2s", "10s", "1m"}) word(each, "a duration", Kind::Value);
  }

  // ── Fields ─────────────────────────────────────────────────────────────────────────────────────────────────────

  void field() {
    const auto colon = std::find(place_.words.rbegin(), place_.words.rend(), ":");
    if (colon == place_.words.rend() || last() == ",") return;
    if (last() == ":" || last() == "[") return types();
    if (last() == "=") return constants();
    if (part_of_field()) return;
    word("pii", "it says who somebody is: never logged");
    word("secret", "never in a prompt, a log or a URL");
    if (place_.where == Where::State) table(Where::State);
    if (place_.where == Where::Form) table(Where::FormField);
  }
  // `persist 30d by …`: a clause that stands behind the type.
  auto part_of_field() -> bool {
    const auto where = place_.where == Where::Form ? Where::FormField : place_.where;
    const auto is_clause = [&](std::string_view each) { return check::clauses::find(where, each) != nullptr; };
    const auto found = std::find_if(place_.words.rbegin(), place_.words.rend(), is_clause);
    if (found == place_.words.rend() || (where != Where::State && where != Where::FormField)) return false;
    const auto before = items_.size();
    auto outer = place_;
    place_.statement = place_.statement.substr(place_.statement.rfind(*found));
    values(where, *found, {});
    place_ = std::move(outer);
    return items_.size() > before;
  }
  void types() {
    for (const auto each : check::builtin_types()) word(each, "a type of the language", Kind::Type);
    visible(NameKind::Type);
  }

  // ── Names ──────────────────────────────────────────────────────────────────────────────────────────────────────

  static auto kind_of(NameKind kind) -> Kind {
    switch (kind) {
      case NameKind::Target: return Kind::Agent;
      case NameKind::Tool: return Kind::Tool;
      case NameKind::Policy: return Kind::Policy;
      case NameKind::Type: return Kind::Type;
      case NameKind::State: return Kind::Variable;
      default: return Kind::Value;
    }
  }
  void visible(NameKind kind) {
    for (const auto* symbol : checked().scope.visible(kind, file())) {
      const auto thing = thing_of(*symbol);
      const auto doc = std::visit([](const auto* node) { return node->doc.text; }, symbol->declaration);
      add({symbol->name->text, kind_of(kind), std::string{describe(thing.kind)}, doc, symbol->name->text});
    }
    for (const auto* imported : spot_.module.imports) word(imported->name, "names of this file", Kind::Module);
  }
  void targets() {
    visible(NameKind::Target);
    word("back", "whoever had the call before", Kind::Agent);
  }
  void modules() {
    for (auto path : check::standard_paths()) {
      path.remove_suffix(5);  // `.flow`
      auto name = std::string{path};
      std::ranges::replace(name, '/', '.');
      word(name, "a module of the library", Kind::Module);
    }
    snippet("\"file.flow\"", "\"${1:file}.flow\"$0", "a file beside this one");
  }
  void add_fields(const std::vector<ast::Field>& fields, std::string_view what) {
    for (const auto& field : fields) {
      if (field.name.missing()) continue;
      const auto doc = field.description ? field.description->constant().value_or("") : field.doc.text;
      add({field.name.text, Kind::Variable, std::string{what}, doc, field.name.text});
    }
  }
  void parameters() {
    for (const auto& module : checked().modules) {
      for (const auto& tool : module->tree.tools) {
        if (place_.declaration == "policy" || tool.name.text == place_.name) add_fields(tool.params, "parameter");
      }
    }
  }
  void carried() {
    const auto take = [&](const ast::Handoff& handoff) {
      if (!handoff.target.missing() && handoff.target.parts.back().text == place_.name) add_fields(handoff.block.carries, "carried value");
    };
    for (const auto& handoff : spot_.module.tree.handoffs) take(handoff);
    for (const auto& agent : spot_.module.tree.agents) {
      for (const auto& handoff : agent.block.handoffs) take(handoff);
      if (agent.name.text != place_.name) continue;
      for (const auto& form : agent.block.forms) word(form.name.text, "a form", Kind::Variable);
    }
  }
  // Whose fields are names here.
  auto form_here() const -> const ast::Form* {
    const auto at = place_.begun.begin;
    for (const auto& agent : spot_.module.tree.agents) {
      for (const auto& form : agent.block.forms) {
        if (form.at.begin <= at && at <= form.at.end) return &form;
      }
    }
    return nullptr;
  }
  // By an agent's own expressions, and by tests.
  auto form_named(std::string_view name) const -> const ast::Form* {
    for (const auto& agent : spot_.module.tree.agents) {
      if (place_.declaration != "test" && agent.name.text != place_.name) continue;
      const auto found = std::ranges::find_if(agent.block.forms, [&](const ast::Form& form) { return form.name.text == name; });
      if (found != agent.block.forms.end()) return &*found;
    }
    return nullptr;
  }
  void constants() {
    for (const auto* symbol : checked().scope.visible(NameKind::Type, file())) {
      const auto* node = std::get_if<const ast::EnumDecl*>(&symbol->declaration);
      if (!node) continue;
      for (const auto& value : (*node)->values) add({value.name.text, Kind::Value, symbol->name->text, value.doc.text, value.name.text});
    }
    for (const auto* each : {"true", "false", "none"}) word(each);
  }
  void variables() {
    if (place_.declaration == "tool" || place_.declaration == "policy") {
      parameters();
      word("result", "what the tool gave", Kind::Variable);
    }
    if (place_.declaration == "agent") carried();
    if (const auto* form = form_here()) add_fields(form->fields, "field of this form");
    visible(NameKind::State);
    word("call", "facts of the call: `call.from`, `call.id`", Kind::Variable);
    constants();
    for (const auto* each : {"and", "or", "not", "in"}) word(each);
  }
  void hole() {
    variables();
    snippet("if", "if ${1:condition}}$2{/if", "only if it holds");
    word("else");
    word("/if");
  }

  // ── After a dot ────────────────────────────────────────────────────────────────────────────────────────────────

  void members() {
    const auto path = path_before_dot();
    if (path.empty()) return;
    if (path[0] == "call") return word("from", "the caller's number", Kind::Variable), word("id", "the call's own id", Kind::Variable);
    for (const auto* imported : spot_.module.imports) {
      if (imported->name == path[0]) return module_names(*imported);
    }
    for (const auto* symbol : checked().scope.visible(NameKind::Type, file())) {
      const auto* node = std::get_if<const ast::EnumDecl*>(&symbol->declaration);
      if (!node || symbol->name->text != path[0]) continue;
      for (const auto& value : (*node)->values) word(value.name.text, value.doc.text, Kind::Value);
    }
    if (const auto* form = path.size() == 1 ? form_named(path[0]) : nullptr) {
      add_fields(form->fields, "field");
      word("done", "whether it was submitted", Kind::Variable);
      if (check::clause(form->clauses, "submit")) word("result", "what its tool gave", Kind::Variable);
      return;
    }
    const auto* type = type_of(path[0]);
    for (std::size_t i = 1; type && i < path.size(); ++i) {
      const auto* record = record_of(checked(), *type);
      type = record ? type_in(record->fields, path[i]) : nullptr;
    }
    if (const auto* record = type ? record_of(checked(), *type) : nullptr) add_fields(record->fields, "field");
  }
  auto path_before_dot() const -> std::vector<std::string_view> {
    const auto text = std::string_view{spot_.source.text()};
    const auto part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    std::vector<std::string_view> out;
    for (auto at = place_.begun.begin; at > 0 && text[at - 1] == '.';) {
      auto begin = at - 1;
      while (begin > 0 && part(text[begin - 1])) --begin;
      out.insert(out.begin(), text.substr(begin, at - 1 - begin));
      at = begin;
    }
    return out;
  }
  static auto type_in(const std::vector<ast::Field>& fields, std::string_view name) -> const ast::TypeRef* {
    const auto found = std::ranges::find_if(fields, [&](const ast::Field& field) { return field.name.text == name; });
    return found == fields.end() ? nullptr : &found->type;
  }
  auto type_of(std::string_view name) const -> const ast::TypeRef* {
    for (const auto& tool : spot_.module.tree.tools) {
      if (place_.declaration != "tool" || tool.name.text != place_.name) continue;
      if (name == "result") return &tool.result;
      if (const auto* type = type_in(tool.params, name)) return type;
    }
    for (const auto* symbol : checked().scope.visible(NameKind::State, file())) {
      if (symbol->name->text == name) return &std::get<const ast::Field*>(symbol->declaration)->type;
    }
    return nullptr;
  }
  void module_names(const check::Module& module) {
    const auto all = [&](const auto& list, Kind kind) {
      for (const auto& each : list) word(each.name.text, each.doc.text, kind);
    };
    all(module.tree.agents, Kind::Agent);
    all(module.tree.tools, Kind::Tool);
    all(module.tree.policies, Kind::Policy);
    all(module.tree.types, Kind::Type);
    all(module.tree.enums, Kind::Type);
    for (const auto& state : module.tree.states) all(state.fields, Kind::Variable);
  }

  const Spot& spot_;
  Place place_;
  std::vector<Completion> items_;
};

}  // namespace

auto complete(const Spot& spot) -> Completions { return Completer{spot}.run(); }

}  // namespace flow::lsp
