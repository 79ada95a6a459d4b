#include "compiler/ir/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "compiler/ir/fields.h"
#include "compiler/ir/words.h"

namespace flow::ir {
namespace {

constexpr int ValueDepthMax = 60;

auto depth_of(const Value& value) -> int {
  int deepest = 0;
  if (const auto* list = value.list()) {
    for (const auto& each : *list) deepest = std::max(deepest, depth_of(each));
  }
  if (const auto* record = value.record()) {
    for (const auto& [name, each] : *record) deepest = std::max(deepest, depth_of(each));
  }
  return deepest + 1;
}

auto is_finite(const Value& value) -> bool {
  if (const auto* real = std::get_if<double>(&value.data)) return std::isfinite(*real);
  if (const auto* list = value.list()) return std::ranges::all_of(*list, is_finite);
  if (const auto* record = value.record()) return std::ranges::all_of(*record, [](const auto& field) { return is_finite(field.second); });
  return true;
}

auto operands(Expr::Op op) -> std::size_t {
  switch (op) {
    case Expr::Op::Field:
    case Expr::Op::Not: return 1;
    case Expr::Op::Literal:
    case Expr::Op::State:
    case Expr::Op::Form:
    case Expr::Op::Local:
    case Expr::Op::Call: return 0;
    default: return 2;
  }
}

auto has_name(Expr::Op op) -> bool { return op == Expr::Op::Local || op == Expr::Op::Call || op == Expr::Op::Field; }

class Verifier {
 public:
  explicit Verifier(const Program& program) : program_(program) {}
  std::vector<std::string> problems;

  void all() {
    expressions();
    types();
    if (!problems.empty()) return;  // what follows walks over both
    where_ = "program";
    fields(*this, program_);
    if (program_.name.empty()) problem("name", "it has none");
    if (program_.locale.empty()) problem("locale", "it has none");
    tables([this](std::string_view row, const auto& table) { rows(row, table); }, program_);
  }

  // ── How each kind of field is checked ──
  template <class T>
  void operator()(std::string_view name, Id<T> id) {
    if (!table_of(id).has(id)) problem(name, fmt::format("there is no row #{}", id.index));
  }
  template <class T>
  void maybe(std::string_view name, Id<T> id) {
    if (id) (*this)(name, id);
  }
  void flag(std::string_view, bool) {}
  void operator()(std::string_view, const std::string&) {}
  void operator()(std::string_view, const std::vector<std::string>&) {}
  void operator()(std::string_view, bool) {}
  void operator()(std::string_view name, int number) {
    if (number < 0) problem(name, fmt::format("{} is less than nothing", number));
  }
  void operator()(std::string_view name, double number) {
    if (!std::isfinite(number) || number < 0) problem(name, fmt::format("{} is out of range", number));
  }
  void operator()(std::string_view name, Millis time) {
    if (time < Millis::zero()) problem(name, fmt::format("{} ms is less than nothing", time.count()));
  }
  void operator()(std::string_view name, Worded auto word) {
    if (to_word(word) == "?") problem(name, "no value of that kind");
  }
  void operator()(std::string_view name, const Span& span) {
    if (span == Span{}) return;
    if (span.file.n >= program_.files.size() || span.begin > span.end) problem(name, "no place in a file of the program");
  }
  template <class T>
  void operator()(std::string_view name, const std::optional<T>& value) {
    if (value) (*this)(name, *value);
  }
  void operator()(std::string_view name, const std::vector<Id<Tool>>& ids) {
    for (const auto id : ids) (*this)(name, id);
    if (std::set(ids.begin(), ids.end()).size() != ids.size()) problem(name, "a tool is there twice");
  }
  void operator()(std::string_view name, const std::vector<std::pair<Id<StateField>, Id<Expr>>>& sets) {
    for (const auto& [state, expr] : sets) {
      (*this)(name, state);
      (*this)(name, expr);
    }
  }
  void operator()(std::string_view name, const std::vector<Field>& list) {
    unique(name, list);
    for (const auto& field : list) fields(*this, field);
  }
  void operator()(std::string_view, const std::vector<Header>& headers) {
    for (const auto& each : headers) fields(*this, each);
  }
  void operator()(std::string_view name, const std::vector<std::pair<std::string, Id<Expr>>>& args) {
    for (const auto& [arg, expr] : args) (*this)(name, expr);
  }
  void operator()(std::string_view name, const std::vector<FormField>& list) {
    unique(name, list);
    for (const auto& field : list) fields(*this, field);
  }
  void operator()(std::string_view, const Described auto& value) { fields(*this, value); }
  void operator()(std::string_view name, const Template& text) { parts(name, text, 0); }
  void operator()(std::string_view name, const std::vector<Action>& list) { actions(name, list, 0); }
  void operator()(std::string_view name, const Line& line) {
    (*this)(name, line.kind);
    (*this)(name, line.text);
  }
  void operator()(std::string_view name, const Target& target) {
    const bool stray = (target.agent && target.kind != Target::Kind::Agent) || (target.transfer && target.kind != Target::Kind::Transfer);
    if (stray || to_word(target.kind) == "?") return problem(name, "a target names what it leads to, and nothing else");
    if (target.kind == Target::Kind::Agent) (*this)(name, target.agent);
    if (target.kind == Target::Kind::Transfer) (*this)(name, target.transfer);
  }
  void operator()(std::string_view name, const Deed& deed) {
    (*this)(name, deed.kind);
    if (deed.kind == Deed::Kind::Tool) (*this)(name, deed.tool);
    if (deed.kind == Deed::Kind::Enter) (*this)(name, deed.target);
    auto used = Deed{.kind = deed.kind, .tool = {}, .target = {}, .words = {}};
    if (deed.kind == Deed::Kind::Tool) used.tool = deed.tool;
    if (deed.kind == Deed::Kind::Enter) used.target = deed.target;
    if (deed.kind == Deed::Kind::Heard) used.words = deed.words;
    if (used != deed) problem(name, fmt::format("`{}` has fields that it does not use", to_word(deed.kind)));
    if (deed.kind == Deed::Kind::Heard && deed.words.empty()) problem(name, "nothing to hear");
  }
  void operator()(std::string_view name, const EventPattern& pattern) {
    using enum EventPattern::Kind;
    (*this)(name, pattern.kind);
    (*this)(name, pattern.after);
    const bool valued = pattern.kind == Dtmf || pattern.kind == Phrase;
    if (valued == pattern.values.empty()) problem(name, "digits and phrases have values, other events none");
    if ((pattern.kind == Silence) != (pattern.after > Millis::zero())) problem(name, "silence lasts a time, other events none");
    if (pattern.count < 1) problem(name, "at least the first time");
  }
  void operator()(std::string_view name, const Trigger& trigger) {
    using enum Trigger::Kind;
    (*this)(name, trigger.kind);
    if (trigger.kind == Event) (*this)(name, trigger.on);
    if (trigger.kind != Event && trigger.on != EventPattern{}) problem(name, "only an event has a pattern");
    if ((trigger.kind == Model) == trigger.when.empty()) problem(name, "what the model judges has a text, other triggers none");
    if ((trigger.kind == After) != (trigger.after > Millis::zero())) problem(name, "`after` has a time, other triggers none");
  }

 private:
  void problem(std::string_view field, std::string text) {
    if (problems.size() < ProblemsMax) problems.push_back(fmt::format("{}: {}: {}", where_, field, text));
  }

  auto table_of(Id<Type>) const -> const auto& { return program_.types; }
  auto table_of(Id<Enum>) const -> const auto& { return program_.enums; }
  auto table_of(Id<Record>) const -> const auto& { return program_.records; }
  auto table_of(Id<Expr>) const -> const auto& { return program_.exprs; }
  auto table_of(Id<StateField>) const -> const auto& { return program_.state; }
  auto table_of(Id<Policy>) const -> const auto& { return program_.policies; }
  auto table_of(Id<Tool>) const -> const auto& { return program_.tools; }
  auto table_of(Id<Service>) const -> const auto& { return program_.services; }
  auto table_of(Id<Form>) const -> const auto& { return program_.forms; }
  auto table_of(Id<Agent>) const -> const auto& { return program_.agents; }
  auto table_of(Id<Realtime>) const -> const auto& { return program_.realtimes; }
  auto table_of(Id<Transfer>) const -> const auto& { return program_.transfers; }

  template <class T>
  void rows(std::string_view row, const Table<T>& table) {
    // Two agents may each have a form of one name.
    constexpr bool Named = requires(T value) { value.name; } && Described<T> && !std::same_as<T, Form>;
    for (std::size_t i = 0; i < table.size(); ++i) {
      const auto& value = table[table.id_at(i)];
      where_ = fmt::format("{} #{}", row, i);
      if constexpr (Named) where_ += fmt::format(" `{}`", value.name);
      if constexpr (Described<T>) fields(*this, value);
      if constexpr (requires { rules(value); }) rules(value);
    }
    where_ = fmt::format("{} table", row);
    if constexpr (Named) unique("name", table);
  }
  void unique(std::string_view field, const auto& list) {
    std::set<std::string_view> seen;
    for (const auto& each : list) {
      if (each.name.empty()) problem(field, "a name is missing");
      if (!seen.insert(each.name).second) problem(field, fmt::format("`{}` is there twice", each.name));
    }
  }

  // ── What no single field says ──
  void rules(const Enum& e) {
    if (e.values.empty()) problem("values", "it has none");
    if (std::set(e.values.begin(), e.values.end()).size() != e.values.size()) problem("values", "one is there twice");
  }
  void rules(const Policy& p) {
    if (p.heard_percent < 1 || p.heard_percent > 100) problem("heard_percent", "1 to 100");
    if (p.concurrency < 1) problem("concurrency", "at least 1");
    if (p.coalesce_max < 1) problem("coalesce_max", "at least 1");
    if (p.retry_min > p.retry_max) problem("retry_min", "more than retry_max");
    if (p.timeout == Millis::zero()) problem("timeout", "every wait has an end");
    if (!p.supersedes && !p.supersedes_by.empty()) problem("supersedes_by", "names without `supersedes`");
    if (p.fails_to_handler && !p.fails.actions.empty()) problem("fails", "actions beside a handler");
  }
  void rules(const Tool& t) {
    if (t.schema.empty()) problem("schema", "it has none");
    if ((t.body == Tool::Body::Lua) == t.lua_source.empty()) problem("lua_source", "a Lua tool has its text, another tool none");
    const bool works = t.body != Tool::Body::Lua && !is_builtin(t.body);
    if (works != t.work.has_value()) problem("work", "a tool that is neither Lua nor the runtime's says what it does, another does not");
    if (t.work) rules(t, *t.work);
    const auto named = [&](const Field& field) { return field.name == t.idempotency_key; };
    if (!t.idempotency_key.empty() && std::ranges::none_of(t.params, named)) problem("idempotency_key", "no parameter of that name");
  }
  void rules(const Tool& t, const Work& w) {
    using enum Tool::Body;
    const auto at_service = t.body == Http || t.body == Mcp || t.body == Sql;
    if (at_service != bool(w.service)) problem("service", "a tool of http, mcp and sql names its service, another none");
    if (w.service && program_.services.has(w.service) && program_.services[w.service].kind != kind_for(t.body)) problem("service", "a service of another kind");
    if ((t.body == Http) == w.method.empty()) problem("method", "a tool of http has one, another none");
    if ((t.body == Exec) == w.command.empty()) problem("command", "a tool of exec has one, another none");
    if ((t.body == Sql || t.body == Http) == w.text.empty()) problem("text", "a tool of http has a path, one of sql a query, another nothing");
    if (t.body == Batch && (w.poll_min <= Millis::zero() || w.poll_max < w.poll_min)) problem("poll_min", "a span of time goes here");
  }
  static auto kind_for(Tool::Body body) -> Service::Kind {
    return body == Tool::Body::Mcp ? Service::Kind::Mcp : body == Tool::Body::Sql ? Service::Kind::Database : Service::Kind::Http;
  }
  void rules(const Service& s) {
    if (s.at.text.empty() == s.command.empty()) problem("at", "a service has an address, or a program that is one");
    if (s.kind != Service::Kind::Mcp && !s.command.empty()) problem("command", "only an MCP server is a program");
    if ((s.auth.kind == Auth::Kind::Bearer || s.auth.kind == Auth::Kind::Header) == s.auth.secret.empty()) problem("auth", "a key has the name of its secret");
  }
  void rules(const StateField& f) {
    if (f.kept_for.has_value() != bool(f.kept_by)) problem("kept_by", "a time and whose it is go together");
  }
  void rules(const Form& f) {
    if (f.name.empty() || f.fields.empty()) problem("fields", "a form has a name and a field");
    if (f.function.empty() || f.schema.empty()) problem("function", "a form is a function with a schema");
    if (!f.submit && !f.submit_args.empty()) problem("submit_args", "arguments without a tool");
    for (const auto& field : f.fields) {
      if (field.keys_min > field.keys_max) problem("keys_min", "more than keys_max");
      if (field.keys_max == 0 && !field.keys_until.empty()) problem("keys_until", "a key that ends nothing");
      if (field.keys_until.size() > 1) problem("keys_until", "one key");
      if (!field.check_tool && !field.check_args.empty()) problem("check_args", "arguments without a tool");
    }
  }
  void rules(const Handoff& h) {
    const bool judged = h.trigger.kind == Trigger::Kind::Model;
    if (judged == h.function.empty() || judged == h.schema.empty()) problem("function", "what the model judges is a function with a schema");
    if (!judged && !h.carry.empty()) problem("carry", "only the model fills values in");
    if (h.trigger.kind == Trigger::Kind::Becomes && !h.guard) problem("guard", "nothing can become true");
    if ((h.history == History::Last) != (h.history_turns > 0)) problem("history_turns", "a number of turns goes with `last` alone");
  }
  void rules(const Agent& a) {
    if (a.turn_detection.threshold > 1) problem("threshold", "0 to 1");
    if (a.speed < 0.25 || a.speed > 1.5) problem("speed", "0.25 to 1.5");
    if (a.temperature && (*a.temperature < 0 || *a.temperature > 2)) problem("temperature", "0 to 2");
  }
  void rules(const Realtime& r) {
    if (r.provider.empty()) problem("provider", "it has none");
    if (r.prices && r.prices->currency.empty()) problem("prices", "they have no currency");
    if (!r.url.empty() && !r.url_env.empty()) problem("url_env", "an address beside a name of one");
    if (r.reconnect.first > r.reconnect.last) problem("reconnect", "first is more than last");
    fallbacks_end(r);
  }
  // A connection that falls back to itself would be looked for for ever.
  void fallbacks_end(const Realtime& r) {
    const auto* at = &r;
    for (std::size_t steps = 0; at->fallback && program_.realtimes.has(at->fallback); ++steps) {
      if (steps == program_.realtimes.size()) return problem("fallback", "it leads back to itself");
      at = &program_.realtimes[at->fallback];
    }
  }
  void rules(const Transfer& t) {
    if (t.address.empty()) problem("address", "it has none");
    if (t.timeout == Millis::zero()) problem("timeout", "every wait has an end");
    if (t.brief && t.mode != Transfer::Mode::Warm) problem("brief", "only who answers a warm one is told anything");
  }
  void rules(const Rule& r) {
    if (r.declaration.empty()) problem("declaration", "it has none");
    if ((r.kind == Rule::Kind::Unless) != bool(r.unless)) problem("unless", "a condition goes with `unless` alone");
    if ((r.kind == Rule::Kind::Before) != r.first.has_value()) problem("first", "what comes first goes with `before` alone");
    const bool counts = r.kind == Rule::Kind::AtMost || r.kind == Rule::Kind::Reaches;
    if (counts != (r.most > 0)) problem("most", "a number goes with `at most` and `within` alone");
    if (r.what.kind == Deed::Kind::Heard) problem("what", "what is heard cannot be forbidden");
    if (r.kind == Rule::Kind::Reaches && r.what.kind != Deed::Kind::Enter) problem("what", "only an agent can be reached");
  }

  // ── Templates and actions ──
  void parts(std::string_view name, const Template& text, int depth) {
    if (depth > ConditionDepthMax) return problem(name, "conditions nested too deep");
    for (const auto& part : text) {
      const bool is_text = part.kind == TemplatePart::Kind::Text;
      const bool is_if = part.kind == TemplatePart::Kind::If;
      if (is_text == part.text.empty()) problem(name, "a part of kind text has a text, others none");
      if (is_text && part.expr) problem(name, "a text with an expression");
      if (!is_text) (*this)(name, part.expr);
      if (!is_if && !(part.then.empty() && part.otherwise.empty())) problem(name, "two sides without a condition");
      parts(name, part.then, depth + 1);
      parts(name, part.otherwise, depth + 1);
    }
  }
  void actions(std::string_view name, const std::vector<Action>& list, int depth) {
    if (depth > ConditionDepthMax) return problem(name, "conditions nested too deep");
    for (const auto& action : list) {
      this->action(name, action);
      actions(name, action.then, depth + 1);
      actions(name, action.otherwise, depth + 1);
    }
  }
  void action(std::string_view name, const Action& a) {
    using enum Action::Kind;
    (*this)(name, a.kind);
    (*this)(name, a.line);
    if (a.kind == Say && !a.line) problem(name, "nothing to say");
    if (a.kind == Set) (*this)(name, a.state);
    if (a.kind == Ask) {
      (*this)(name, a.form);
      const auto named = [&](const FormField& field) { return field.name == a.field; };
      if (program_.forms.has(a.form) && std::ranges::none_of(program_.forms[a.form].fields, named)) problem(name, "a form asks for what it does not have");
    }
    if (a.kind == Set || a.kind == If) (*this)(name, a.expr);
    if (a.kind == Run) (*this)(name, a.tool);
    for (const auto& [arg, expr] : a.args) (*this)(name, expr);
    if (a.kind == Handoff) (*this)(name, a.target);
    auto used = Action{.kind = a.kind};
    if (a.kind == Say || a.kind == EndCall) used.line = a.line;
    if (a.kind == Ask) used.form = a.form, used.field = a.field;
    if (a.kind == Set) used.state = a.state;
    if (a.kind == Set || a.kind == If) used.expr = a.expr;
    if (a.kind == Run) used.tool = a.tool, used.args = a.args;
    if (a.kind == Handoff) used.target = a.target;
    if (a.kind == If) used.then = a.then, used.otherwise = a.otherwise;
    if (used != a) problem(name, fmt::format("`{}` has fields that it does not use", to_word(a.kind)));
  }

  // ── Expressions: trees, built from the front of the table to its back ──
  void expressions() {
    std::vector<int> depth(program_.exprs.size());
    std::vector<bool> used(program_.exprs.size());
    for (std::uint32_t i = 0; i < program_.exprs.size(); ++i) {
      where_ = fmt::format("expr #{}", i);
      const auto& expr = program_.exprs[Id<Expr>{i}];
      shape(expr);
      for (const auto arg : expr.args) {
        if (arg.index >= i) {
          problem("args", fmt::format("#{} does not stand before it", arg.index));
          continue;
        }
        if (used[arg.index]) problem("args", fmt::format("#{} is part of two expressions", arg.index));
        used[arg.index] = true;
        depth[i] = std::max(depth[i], depth[arg.index] + 1);
      }
      if (depth[i] > ExprDepthMax) problem("args", "nested too deep");
    }
  }
  void shape(const Expr& e) {
    using enum Expr::Op;
    (*this)("op", e.op);
    const bool open = e.op == List || e.op == Record;
    if (!open && e.args.size() != operands(e.op)) problem("args", fmt::format("{} takes {}", to_word(e.op), operands(e.op)));
    if (e.names.size() != (e.op == Record ? e.args.size() : 0)) problem("names", "a record names each argument, nothing else does");
    if (has_name(e.op) == e.name.empty()) problem("name", "a name is missing, or one too many");
    if (e.op == State) (*this)("state", e.state);
    if (e.op == Form) (*this)("form", e.form);
    if (e.op != Form && e.form) problem("form", "a form that is not used");
    if (e.op != State && e.state) problem("state", "a field of the state that is not used");
    if (e.op != Literal && !e.literal.is_none()) problem("literal", "a value that is not used");
    if (!is_finite(e.literal) || depth_of(e.literal) > ValueDepthMax) problem("literal", "a number that is not finite, or nested too deep");
  }

  // ── Types: lists after their elements, records that end ──
  void types() {
    for (std::uint32_t i = 0; i < program_.types.size(); ++i) {
      where_ = fmt::format("type #{}", i);
      const auto& type = program_.types[Id<Type>{i}];
      using enum Type::Kind;
      (*this)("kind", type.kind);
      if (type.kind == Enum) (*this)("enum", type.enumeration);
      if (type.kind == Record) (*this)("record", type.record);
      if (type.kind == List && type.element.index >= i) problem("element", "it does not stand before its list");
      const bool clean = (type.kind == Enum || !type.enumeration) && (type.kind == Record || !type.record) && (type.kind == List || !type.element);
      if (!clean) problem("kind", "it points to what it does not use");
    }
    if (!problems.empty()) return;
    record_depth_.assign(program_.records.size(), Unknown);
    for (std::uint32_t i = 0; i < program_.records.size(); ++i) {
      where_ = fmt::format("record #{}", i);
      if (depth(Id<Record>{i}, 0) > TypeDepthMax) problem("fields", "it contains itself, or is nested too deep");
    }
    for (std::uint32_t i = 0; i < program_.types.size(); ++i) {
      where_ = fmt::format("type #{}", i);
      if (depth(Id<Type>{i}, 0) > TypeDepthMax) problem("element", "nested too deep");
    }
  }
  auto depth(Id<Type> id, int above) -> int {
    if (above > TypeDepthMax || !program_.types.has(id)) return above;
    const auto& type = program_.types[id];
    if (type.kind == Type::Kind::List) return 1 + depth(type.element, above + 1);
    return type.kind == Type::Kind::Record ? 1 + depth(type.record, above + 1) : 1;
  }
  auto depth(Id<Record> id, int above) -> int {
    auto& known = record_depth_[id.index];
    if (known == InProgress || above > TypeDepthMax) return TypeDepthMax + 1;
    if (known != Unknown) return known;
    known = InProgress;
    int deepest = 0;
    for (const auto& field : program_.records[id].fields) deepest = std::max(deepest, depth(field.type, above + 1));
    return record_depth_[id.index] = std::min(deepest, TypeDepthMax + 1);
  }

  static constexpr int Unknown = -1;
  static constexpr int InProgress = -2;
  const Program& program_;
  std::string where_;
  std::vector<int> record_depth_;
};

}  // namespace

auto verify(const Program& program) -> std::vector<std::string> {
  Verifier verifier{program};
  verifier.all();
  return std::move(verifier.problems);
}

}  // namespace flow::ir
