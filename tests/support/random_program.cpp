#include "tests/support/random_program.h"

#include <fmt/format.h>

namespace flow::test {

using namespace ir;

RandomProgram::RandomProgram(std::uint64_t seed) : random_(seed) {}

auto RandomProgram::text() -> std::string {
  static const std::vector<std::string> Pieces{"a",  "\n", "\"", "\\", "\t", "\r", std::string(1, '\0'), "|", "//", "  ", "{if x}", "é", "漢", "\xff", "\x7f", "#3",
                                               "\n\n", " if ", "\\x41", "\\n", "word"};
  std::string out;
  for (int i = below(6); i >= 0; --i) out += Pieces[static_cast<std::size_t>(below(static_cast<int>(Pieces.size())))];
  return out;
}

auto RandomProgram::name() -> std::string {
  ++names_;
  return below(4) == 0 ? text() + std::to_string(names_) : fmt::format("name_{}", names_);
}

auto RandomProgram::texts() -> std::vector<std::string> {
  std::vector<std::string> all(static_cast<std::size_t>(below(3)));
  for (auto& each : all) each = coin() ? "" : text();
  return all;
}

auto RandomProgram::value(int depth) -> Value {
  switch (below(depth > 0 ? 7 : 5)) {
    case 0: return {};
    case 1: return coin();
    case 2: return static_cast<std::int64_t>(random_());
    case 3: return coin() ? static_cast<double>(below(100)) : static_cast<double>(static_cast<std::int64_t>(random_())) * 1e-300;
    case 4: return coin() ? std::string{} : text();
    case 5: {
      Value::List list;
      for (int i = below(3); i > 0; --i) list.push_back(value(depth - 1));
      return list;
    }
    default: {
      Value::Record record;
      for (int i = below(3); i > 0; --i) record.emplace_back(text(), value(depth - 1));
      return record;
    }
  }
}

auto RandomProgram::type() -> Id<Type> {
  Type t{.kind = any<Kind>(15), .optional = coin()};
  if (t.kind == Kind::Enum && p_.enums.empty()) t.kind = Kind::Date;
  if (t.kind == Kind::Record && p_.records.empty()) t.kind = Kind::Json;
  if (t.kind == Kind::List) t.element = type();
  if (t.kind == Kind::Enum) t.enumeration = any(p_.enums);
  if (t.kind == Kind::Record) t.record = any(p_.records);
  return p_.types.add(t);
}

auto RandomProgram::expr(int depth) -> Id<Expr> {
  Expr e{.op = depth > 0 ? any<Expr::Op>(18) : any<Expr::Op>(5)};
  using enum Expr::Op;
  if (e.op == State && p_.state.empty()) e.op = Call;
  if (e.op == Form && p_.forms.empty()) e.op = Call;
  if (e.op == Literal) e.literal = value(2);
  if (e.op == State) e.state = any(p_.state);
  if (e.op == Form) e.form = any(p_.forms);
  if (e.op == Local || e.op == Call || e.op == Field) e.name = name();
  int count = e.op >= And ? 2 : e.op == Not || e.op == Field ? 1 : 0;
  if (e.op == List || e.op == Record) count = below(3);
  for (; count > 0; --count) {
    e.args.push_back(expr(depth - 1));
    if (e.op == Record) e.names.push_back(text());
  }
  return p_.exprs.add(std::move(e));
}

auto RandomProgram::words(int depth) -> Template {
  Template all;
  for (int i = below(4); i > 0; --i) {
    TemplatePart part{.kind = any<TemplatePart::Kind>(depth > 0 ? 3 : 2)};
    if (part.kind == TemplatePart::Kind::Text) part.text = text();
    if (part.kind != TemplatePart::Kind::Text) part.expr = expr();
    if (part.kind == TemplatePart::Kind::If) part.then = words(depth - 1), part.otherwise = words(depth - 1);
    all.push_back(std::move(part));
  }
  return all;
}

auto RandomProgram::actions(int depth) -> std::vector<Action> {
  std::vector<Action> all;
  for (int i = below(4); i > 0; --i) all.push_back(action(depth));
  return all;
}

auto RandomProgram::action(int depth) -> Action {
  Action a{.kind = any<Action::Kind>(depth > 0 ? 7 : 6)};
  using enum Action::Kind;
  if ((a.kind == Set && p_.state.empty()) || (a.kind == Run && p_.tools.empty()) || (a.kind == Handoff && p_.agents.empty()) || (a.kind == Ask && p_.forms.empty())) a.kind = Say;
  if (a.kind == Say || (a.kind == EndCall && coin())) a.line = line();
  if (a.kind == Ask) a.form = any(p_.forms), a.field = p_.forms[a.form].fields[0].name;
  if (a.kind == Set) a.state = any(p_.state);
  if (a.kind == Set || a.kind == If) a.expr = expr();
  if (a.kind == Run) a.tool = any(p_.tools);
  for (int i = a.kind == Run ? below(3) : 0; i > 0; --i) a.args.emplace_back(text(), expr());
  if (a.kind == Handoff) a.target = target();
  if (a.kind == If) a.then = actions(depth - 1), a.otherwise = actions(depth - 1);
  return a;
}

auto RandomProgram::fields() -> std::vector<Field> {
  std::vector<Field> all;
  for (int i = below(4); i > 0; --i) {
    all.push_back({.name = name(), .type = type(), .doc = coin() ? text() : "", .pii = coin(), .fallback = maybe_expr()});
  }
  return all;
}

auto RandomProgram::pattern() -> EventPattern {
  EventPattern e{.kind = any<EventPattern::Kind>(11), .count = 1 + below(3)};
  if (e.kind == EventPattern::Kind::Silence) e.after = time() + Millis{1};
  if (e.kind == EventPattern::Kind::Dtmf || e.kind == EventPattern::Kind::Phrase) e.values = {text(), ""};
  return e;
}

auto RandomProgram::policy() -> Policy {
  Policy p;
  p.name = name();
  p.mode = any<Policy::Mode>(2);
  if (coin()) p.ack = line();
  p.ack_after = time();
  p.progress = any<Policy::Progress>(3);
  p.progress_every = time();
  if (coin()) p.progress_line = line();
  p.deliver = any<Policy::Deliver>(6);
  p.grace = time();
  if (coin()) p.escalate_to = any<Policy::Deliver>(6);
  p.escalate_after = time();
  p.while_caller_speaks = any<Policy::CallerSpeaks>(3);
  p.override_after = time();
  if (coin()) p.announce = words();
  p.read = any<Policy::Read>(4);
  p.read_words = below(100);
  p.coalesce_window = time();
  p.coalesce_max = 1 + below(5);
  p.priority = any<Policy::Priority>(3);
  p.supersedes = coin();
  if (p.supersedes) p.supersedes_by = texts();
  p.heard_percent = 1 + below(100);
  p.if_interrupted = any<Policy::IfInterrupted>(3);
  p.interrupted_retries = below(4);
  p.interrupted_then = any<Policy::Late>(2);
  p.duplicates = any<Policy::Duplicates>(5);
  p.duplicates_within = time();
  p.duplicates_by = texts();
  p.concurrency = 1 + below(5);
  p.concurrency_else.actions = actions();
  p.timeout = time() + Millis{1};
  p.timeout_else.actions = actions();
  p.retries = below(4);
  p.retry_min = time();
  p.retry_max = p.retry_min + time();
  p.retry_on = any<Policy::RetryOn>(2);
  p.fails_to_handler = coin();
  if (!p.fails_to_handler) p.fails.actions = actions();
  p.expires = time();
  p.expires_else.actions = actions();
  p.on_handoff = any<Policy::OnHandoff>(3);
  p.on_hangup = any<Policy::OnHangup>(3);
  p.cancel = any<Policy::Cancel>(3);
  return p;
}

auto RandomProgram::tool() -> Tool {
  Tool t;
  t.name = name();
  t.doc = coin() ? text() : "";
  t.params = fields();
  t.schema = "{}";
  if (coin()) t.result = type();
  t.effects = any<Effects>(4);
  t.body = any<Tool::Body>(8);
  if (t.body == Tool::Body::Lua) t.lua_file = text(), t.lua_source = text();
  if (t.body != Tool::Body::Lua && !is_builtin(t.body)) t.work = work(t.body);
  t.policy = any(p_.policies);
  t.available_if = maybe_expr();
  if (coin()) t.confirm = words();
  if (!t.params.empty() && coin()) t.idempotency_key = t.params.back().name;
  t.examples = texts();
  if (!p_.state.empty() && coin()) t.sets = {{any(p_.state), expr()}, {any(p_.state), expr()}};
  t.env = texts();
  if (!p_.tools.empty() && coin()) t.compensate = any(p_.tools);
  t.declared_at = place();
  return t;
}

auto RandomProgram::setting() -> Setting { return {any<Setting::From>(3), "S" + text()}; }

auto RandomProgram::service(Service::Kind kind) -> Service {
  Service s{.name = name(), .kind = kind, .at = setting(), .declared_at = place()};
  if (kind == Service::Kind::Mcp && coin()) s.at = {}, s.command = {"node", text()};
  s.auth.kind = any<Auth::Kind>(4);
  if (s.auth.kind == Auth::Kind::Header) s.auth.header = text();
  if (s.auth.kind == Auth::Kind::Bearer || s.auth.kind == Auth::Kind::Header) s.auth.secret = "KEY";
  if (s.auth.kind == Auth::Kind::OAuth) s.auth.provider = text(), s.auth.token_url = setting(), s.auth.client = setting(), s.auth.scopes = texts();
  return s;
}

auto RandomProgram::work(Tool::Body body) -> Work {
  Work w;
  using enum Tool::Body;
  if (body == Http) w.service = p_.services.add(service(Service::Kind::Http)), w.method = "POST", w.headers = {{"X-A", setting()}, {"X-B", setting()}}, w.content = maybe_expr();
  if (body == Mcp) w.service = p_.services.add(service(Service::Kind::Mcp)), w.name = text();
  if (body == Sql) w.service = p_.services.add(service(Service::Kind::Database));
  if (body == Http || body == Sql) {
    while (w.text.empty()) w.text = words();
  }
  if (body == Exec) w.command = {"program", text()}, w.folder = coin() ? text() : "";
  if (body == Batch) w.url = setting(), w.key = "KEY", w.model = text(), w.poll_min = time() + Millis{1}, w.poll_max = w.poll_min + time();
  return w;
}

auto RandomProgram::agent() -> Agent {
  Agent a;
  a.name = name();
  a.doc = coin() ? text() : "";
  a.voice = coin() ? "marin" : "";
  a.instructions = words();
  if (coin()) a.greet_first = line();
  if (coin()) a.greet_return = line();
  for (std::size_t i = 0; i < p_.tools.size(); ++i) {
    if (coin()) a.tools.push_back(p_.tools.id_at(i));
  }
  a.turn_detection = {any<TurnDetection::Kind>(3), below(11) / 10.0, time(), time(), any<TurnDetection::Eagerness>(4)};
  a.barge_in = {time(), time(), texts()};
  a.max_output_tokens = below(5000);
  a.speed = 0.25 + below(5) / 4.0;
  if (coin()) a.temperature = below(9) / 4.0;
  a.declared_at = place();
  return a;
}

auto RandomProgram::form() -> Form {
  Form f;
  f.name = name();
  f.doc = coin() ? text() : "";
  f.agent = any(p_.agents);
  for (int i = below(3); i >= 0; --i) {
    FormField field{.name = name(), .type = type(), .doc = coin() ? text() : "", .pii = coin(), .fallback = maybe_expr()};
    if (coin()) field.ask = line();
    field.check = maybe_expr();
    if (!p_.tools.empty() && coin()) field.check_tool = any(p_.tools), field.check_args = {{text(), expr()}};
    field.rejected = actions(1);
    field.keys_min = below(4);
    field.keys_max = field.keys_min + below(4);
    if (field.keys_max > 0 && coin()) field.keys_until = "#";
    f.fields.push_back(std::move(field));
  }
  f.tries = below(4);
  f.tries_else = actions(1);
  if (coin()) f.confirm = words();
  if (!p_.tools.empty() && coin()) f.submit = any(p_.tools), f.submit_args = {{text(), expr()}, {text(), expr()}};
  f.function = name();
  f.schema = "{}";
  f.declared_at = place();
  return f;
}

auto RandomProgram::handoff() -> Handoff {
  Handoff h;
  if (coin()) h.from = any(p_.agents);
  h.target = target();
  h.trigger.kind = any<Trigger::Kind>(4);
  using enum Trigger::Kind;
  if (h.trigger.kind == Model) h.trigger.when = text(), h.function = name(), h.schema = "{}", h.carry = fields();
  if (h.trigger.kind == Event) h.trigger.on = pattern();
  if (h.trigger.kind == After) h.trigger.after = time() + Millis{1};
  if (coin() || h.trigger.kind == Becomes) h.guard = expr();
  h.history = any<History>(4);
  if (h.history == History::Last) h.history_turns = 1 + below(9);
  h.switch_when = any<Switch>(3);
  if (coin()) h.say = line();
  h.declared_at = place();
  return h;
}

auto RandomProgram::deed() -> Deed {
  if (!p_.tools.empty() && coin()) return {.kind = Deed::Kind::Tool, .tool = any(p_.tools), .target = {}, .words = {}};
  return {.kind = Deed::Kind::Enter, .tool = {}, .target = {.kind = Target::Kind::Agent, .agent = any(p_.agents)}, .words = {}};
}

auto RandomProgram::rule() -> Rule {
  Rule r{.declaration = name(), .text = text(), .doc = coin() ? text() : "", .kind = any<Rule::Kind>(4), .what = deed(), .unless = {}, .first = {}, .declared_at = place()};
  using enum Rule::Kind;
  if (r.kind == Unless) r.unless = expr();
  if (r.kind == Before) r.first = coin() ? deed() : Deed{.kind = Deed::Kind::Heard, .tool = {}, .target = {}, .words = "odd \"words\n"};
  if (r.kind == AtMost || r.kind == Reaches) r.most = 1 + below(5);
  if (r.kind == Reaches) r.what = {.kind = Deed::Kind::Enter, .tool = {}, .target = {.kind = Target::Kind::Agent, .agent = any(p_.agents)}, .words = {}};
  return r;
}

auto RandomProgram::target() -> Target {
  if (!p_.transfers.empty() && below(3) == 0) return {Target::Kind::Transfer, {}, any(p_.transfers)};
  return coin() ? Target{Target::Kind::Agent, any(p_.agents), {}} : Target{Target::Kind::Back, {}, {}};
}

auto RandomProgram::transfer() -> Transfer {
  Transfer t;
  t.name = name();
  t.doc = coin() ? text() : "";
  t.to = any<Transfer::To>(3);
  t.address = "x" + text();
  t.mode = any<Transfer::Mode>(3);
  if (coin()) t.say = line();
  if (coin() && t.mode == Transfer::Mode::Warm) t.brief = line();
  t.timeout = time() + Millis{1};
  t.fails.actions = actions();
  t.declared_at = place();
  return t;
}

auto RandomProgram::realtime() -> Realtime {
  Realtime r;
  r.name = name();
  r.provider = "simulated";
  r.model = text();
  if (coin()) r.url_env = "URL";
  r.key_secret = "KEY";
  r.turn_control = any<TurnControl>(2);
  if (coin()) r.transcription = "whisper-1";
  r.audio_in = any<AudioFormat>(3);
  r.audio_out = any<AudioFormat>(3);
  r.echo_cancellation = coin();
  r.reconnect = {below(9), time(), {}};
  r.reconnect.last = r.reconnect.first + time();
  if (coin()) r.prices = Prices{"usd", 4.0, 32.5, 0.4, 16.0, 64.0};
  if (!p_.services.empty() && coin()) r.exact_speech = any(p_.services);
  if (!p_.realtimes.empty() && coin()) r.fallback = any(p_.realtimes);
  return r;
}

auto RandomProgram::channel() -> Channel {
  Channel c;
  c.name = name();
  c.doc = coin() ? text() : "";
  c.kind = any<Channel::Kind>(3);
  c.address = text();
  c.active = coin();
  c.headset = coin();
  if (coin()) c.audio = any<AudioFormat>(3);
  c.keys = any<Channel::Keys>(3);
  c.declared_at = place();
  return c;
}

auto RandomProgram::place() -> Span {
  const auto begin = static_cast<std::uint32_t>(below(1000));
  return {FileId{static_cast<std::uint32_t>(below(2))}, begin, begin + static_cast<std::uint32_t>(below(50))};
}

auto RandomProgram::make() -> Program {
  p_ = {};
  p_.name = name();
  p_.files = {"a.flow", "odd \"name\n.flow"};
  p_.max_duration = time();
  for (int i = below(3); i > 0; --i) p_.enums.add({name(), {"a", "b " + text()}});
  for (int i = below(3); i > 0; --i) {
    auto record_fields = fields();
    p_.records.add({name(), std::move(record_fields)});
  }
  for (int i = below(4); i > 0; --i) {
    StateField f{.name = name(), .type = type(), .pii = coin(), .extract = coin() ? text() : "", .initial = maybe_expr()};
    if (coin()) f.kept_for = time(), f.kept_by = expr();
    p_.state.add(std::move(f));
  }
  for (int i = below(2); i >= 0; --i) p_.policies.add(policy());
  for (int i = below(4); i > 0; --i) p_.tools.add(tool());
  for (int i = below(3); i >= 0; --i) p_.agents.add(agent());
  for (int i = below(3); i > 0; --i) p_.forms.add(form());
  for (int i = below(3); i > 0; --i) p_.transfers.add(transfer());
  for (int i = below(3); i > 0; --i) p_.channels.add(channel());
  for (int i = below(4); i > 0; --i) p_.handoffs.add(handoff());
  for (int i = below(4); i > 0; --i) {
    auto owner = coin() ? any(p_.agents) : Id<Agent>{};
    p_.handlers.add({owner, pattern(), maybe_expr(), actions(), place()});
  }
  for (int i = below(2); i >= 0; --i) {
    p_.realtimes.add(realtime());
  }
  for (std::size_t i = 0; i < p_.agents.size(); ++i) {
    if (coin()) p_.agents[p_.agents.id_at(i)].realtime = any(p_.realtimes);
  }
  for (int i = below(3); i > 0; --i) p_.rules.add(rule());
  if (coin()) p_.max_cost = 0.5, p_.currency = "usd";
  if (coin()) p_.budget = SpendingLimit{20, "usd", any<SpendingLimit::Per>(2)};
  if (coin()) p_.otlp = Setting{any<Setting::From>(3), text()};
  p_.instructions = words();
  p_.start = any(p_.agents);
  p_.realtime = any(p_.realtimes);
  return p_;
}

}  // namespace flow::test
