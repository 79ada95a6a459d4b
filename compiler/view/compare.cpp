#include "compiler/view/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "compiler/ir/describe.h"
#include "compiler/ir/words.h"
#include "compiler/view/renamed.h"
#include "compiler/view/words.h"

namespace flow::view {
namespace {

using Kind = Change::Kind;
using Area = Change::Area;
using ir::Program;

// What a part says before and after: `name` to text, in the order of the program.
using Facts = std::vector<std::pair<std::string, std::string>>;

auto value_of(const Facts& facts, const std::string& name) -> const std::string* {
  const auto found = std::ranges::find(facts, name, &Facts::value_type::first);
  return found == facts.end() ? nullptr : &found->second;
}

auto shown(const std::string& text) -> std::string { return text.empty() ? "nothing" : fmt::format("`{}`", text); }

auto sign(std::size_t before, std::size_t after) -> std::string {
  if (before == after) return fmt::format("{} words as before", after);
  return after > before ? fmt::format("+{} words", after - before) : fmt::format("−{} words", before - after);
}

class Comparison {
 public:
  Comparison(const Program& before, const Program& after) : a_(before), b_(after) {}

  auto run() -> std::vector<Change> {
    reachability();
    rules();
    agents();
    handoffs();
    forms();
    transfers();
    tools();
    policies();
    prompts();
    events();
    state();
    connection();
    return std::move(out_);
  }

 private:
  void add(Area area, Kind kind, std::string text) { out_.push_back({area, kind, std::move(text)}); }

  // `what` of one row, fact by fact.
  void facts(Area area, const std::string& what, const Facts& before, const Facts& after) {
    for (const auto& [name, value] : after) {
      const auto* old = value_of(before, name);
      if (old && *old != value) add(area, Kind::Changed, fmt::format("{}: {} {} → {}", what, name, shown(*old), shown(value)));
    }
  }

  // Calls `both(row before, row after)` for rows of one name, and says which are new or gone.
  template <class T, class Both>
  void rows(Area area, const char* what, const Table<T>& before, const Table<T>& after, const Both& both) {
    const auto find = [](const Table<T>& table, const std::string& name) { return std::ranges::find_if(table, [&](const T& row) { return row.name == name; }); };
    for (const auto& row : before) {
      if (find(after, row.name) == after.end()) add(area, Kind::Removed, fmt::format("{} `{}` is gone", what, row.name));
    }
    for (const auto& row : after) {
      const auto old = find(before, row.name);
      if (old == before.end()) add(area, Kind::Added, fmt::format("{} `{}` is new", what, row.name));
      else both(*old, row);
    }
  }

  // Texts without a name of their own: those that are gone and those that are new.
  void texts(Area area, const char* what, const std::vector<std::string>& before, const std::vector<std::string>& after) {
    auto left = after;
    for (const auto& text : before) {
      if (const auto same = std::ranges::find(left, text); same != left.end()) left.erase(same);
      else add(area, Kind::Removed, fmt::format("{} `{}` is gone", what, text));
    }
    for (const auto& text : left) add(area, Kind::Added, fmt::format("{} `{}` is new", what, text));
  }

  void reachability() {
    const auto a = reach(a_), b = reach(b_);
    const auto contains = [](const auto& list, const auto& value) { return std::ranges::find(list, value) != list.end(); };
    const auto lost = [&](const auto& before, const auto& after, const auto& table, const char* what) {
      const auto still_there = [&](const std::string& name) { return std::ranges::any_of(table, [&](const auto& row) { return row.name == name; }); };
      for (const auto& name : before) {
        if (!contains(after, name) && still_there(name)) add(Area::Reach, Kind::Removed, fmt::format("{} `{}` can no longer be reached", what, name));
      }
    };
    lost(a.agents, b.agents, b_.agents, "agent");
    lost(a.tools, b.tools, b_.tools, "tool");
    for (const auto& [tool, first] : a.first) {
      if (!contains(b.first, std::pair{tool, first}) && contains(b.tools, tool)) add(Area::Reach, Kind::Changed, fmt::format("`{}` is reachable without `{}`", tool, first));
    }
    for (const auto& [tool, first] : b.first) {
      if (!contains(a.first, std::pair{tool, first}) && contains(a.tools, tool)) add(Area::Reach, Kind::Changed, fmt::format("`{}` is reachable only after `{}`", tool, first));
    }
  }

  void rules() {
    const auto names = [](const Program& p) {
      std::vector<std::string> out;
      for (const auto& rule : p.rules) out.push_back(rule.text);
      return out;
    };
    texts(Area::Rules, "rule", names(a_), names(b_));
  }

  void agents() {
    const auto said = [](const Program& p, const std::optional<ir::Line>& l) { return l ? line(p, *l) : std::string{}; };
    const auto of = [&](const Program& p, const ir::Agent& agent) -> Facts {
      return {{"doc", agent.doc},
              {"voice", agent.voice},
              {"greet first", said(p, agent.greet_first)},
              {"greet return", said(p, agent.greet_return)},
              {"turn_detection", fmt::format("{} {:g} {} {} {}", static_cast<int>(agent.turn_detection.kind), agent.turn_detection.threshold, ir::describe(agent.turn_detection.prefix),
                                             ir::describe(agent.turn_detection.silence), static_cast<int>(agent.turn_detection.eagerness))},
              {"barge_in", fmt::format("after {}, resume {}, backchannels {}", ir::describe(agent.barge_in.after), ir::describe(agent.barge_in.resume), fmt::join(agent.barge_in.backchannels, ", "))},
              {"max_output_tokens", agent.max_output_tokens ? std::to_string(agent.max_output_tokens) : ""},
              {"speed", fmt::format("{:g}", agent.speed)},
              {"temperature", agent.temperature ? fmt::format("{:g}", *agent.temperature) : ""},
              {"realtime", agent.realtime ? p.realtimes[agent.realtime].name : ""}};
    };
    rows(Area::Agents, "agent", a_.agents, b_.agents, [&](const ir::Agent& before, const ir::Agent& after) {
      facts(Area::Agents, "agent `" + after.name + "`", of(a_, before), of(b_, after));
      const auto names = [](const Program& p, const ir::Agent& agent) {
        std::vector<std::string> out;
        for (const auto tool : agent.tools) out.push_back(p.tools[tool].name);
        return out;
      };
      texts(Area::Agents, fmt::format("agent `{}`: tool", after.name).c_str(), names(a_, before), names(b_, after));
    });
    if (a_.agents[a_.start].name != b_.agents[b_.start].name) {
      add(Area::Agents, Kind::Changed, fmt::format("the call begins with `{}` instead of `{}`", b_.agents[b_.start].name, a_.agents[a_.start].name));
    }
  }

  // An edge's own name: who to whom, and why. What else it says is compared.
  static auto edge_name(const Program& p, const ir::Handoff& e) -> std::string {
    const auto from = e.from ? p.agents[e.from].name : "every agent";
    auto out = fmt::format("{} → {}", from, target(p, e.target));
    for (const auto& part : {trigger(e), guard(p, e.guard)}) out += part.empty() ? "" : " " + part;
    return out;
  }
  static auto edge_facts(const Program& p, const ir::Handoff& e) -> Facts {
    return {{"carry", parameters(p, e.carry)},
            {"history", fmt::format("{}{}", history_word(e.history), e.history == ir::History::Last ? fmt::format(" {}", e.history_turns) : "")},
            {"switch", e.switch_when == ir::Switch::Interrupt ? "interrupt" : e.switch_when == ir::Switch::AtPause ? "at_pause" : "when_idle"},
            {"say", e.say ? line(p, *e.say) : ""}};
  }
  static auto history_word(ir::History history) -> const char* {
    static constexpr const char* Words[] = {"full", "last", "summary", "none"};
    return Words[static_cast<std::size_t>(history)];
  }
  void handoffs() {
    const auto names = [](const Program& p) {
      std::vector<std::string> out;
      for (const auto& edge : p.handoffs) out.push_back(edge_name(p, edge));
      return out;
    };
    texts(Area::Handoffs, "handoff", names(a_), names(b_));
    for (const auto& after : b_.handoffs) {
      const auto name = edge_name(b_, after);
      const auto before = std::ranges::find_if(a_.handoffs, [&](const ir::Handoff& e) { return edge_name(a_, e) == name; });
      if (before != a_.handoffs.end()) facts(Area::Handoffs, "handoff `" + name + "`", edge_facts(a_, *before), edge_facts(b_, after));
    }
  }

  // By the agent and the form: two agents may each have one of a name.
  static auto form_name(const Program& p, const ir::Form& form) -> std::string { return fmt::format("{}.{}", p.agents[form.agent].name, form.name); }
  static auto given(const Program& p, const std::vector<std::pair<std::string, Id<ir::Expr>>>& args) -> std::string {
    std::string out;
    for (const auto& [name, value] : args) out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", name, describe(p, value));
    return out;
  }
  static auto form_facts(const Program& p, const ir::Form& form) -> Facts {
    return {{"doc", form.doc},
            {"tries", form.tries ? fmt::format("{}{}", form.tries, form.tries_else.empty() ? "" : " else " + actions(p, form.tries_else)) : ""},
            {"confirm", form.confirm ? text(p, *form.confirm) : ""},
            {"submit", form.submit ? fmt::format("{}({})", p.tools[form.submit].name, given(p, form.submit_args)) : ""}};
  }
  static auto field_facts(const Program& p, const ir::FormField& field) -> Facts {
    const auto tool = field.check_tool ? fmt::format("{}({})", p.tools[field.check_tool].name, given(p, field.check_args)) : "";
    return {{"type", describe(p, field.type)},
            {"doc", field.doc},
            {"personal", field.pii ? "yes" : "no"},
            {"at the start", field.fallback ? describe(p, field.fallback) : ""},
            {"ask", field.ask ? line(p, *field.ask) : ""},
            {"check", fmt::format("{}{}{}", field.check ? describe(p, field.check) : "", field.check && field.check_tool ? " and " : "", tool)},
            {"else", actions(p, field.rejected)},
            {"dtmf", field.keys_max ? fmt::format("{}..{}{}", field.keys_min, field.keys_max, field.keys_until.empty() ? "" : " until " + field.keys_until) : ""}};
  }
  void forms() {
    const auto names = [](const Program& p) {
      std::vector<std::string> out;
      for (const auto& form : p.forms) out.push_back(form_name(p, form));
      return out;
    };
    texts(Area::Forms, "form", names(a_), names(b_));
    for (const auto& after : b_.forms) {
      const auto name = form_name(b_, after);
      const auto before = std::ranges::find_if(a_.forms, [&](const ir::Form& form) { return form_name(a_, form) == name; });
      if (before == a_.forms.end()) continue;
      facts(Area::Forms, "form `" + name + "`", form_facts(a_, *before), form_facts(b_, after));
      const auto fields = [](const ir::Form& form) {
        std::vector<std::string> out;
        for (const auto& field : form.fields) out.push_back(field.name);
        return out;
      };
      texts(Area::Forms, fmt::format("form `{}`: field", name).c_str(), fields(*before), fields(after));
      for (const auto& field : after.fields) {
        const auto old = std::ranges::find(before->fields, field.name, &ir::FormField::name);
        if (old != before->fields.end()) facts(Area::Forms, fmt::format("form `{}`: `{}`", name, field.name), field_facts(a_, *old), field_facts(b_, field));
      }
    }
  }

  // Ways out, and where calls come from.
  void transfers() {
    const auto of = [](const Program& p, const ir::Transfer& t) -> Facts {
      return {{"to", place_of(t)},
              {"mode", std::string(ir::to_word(t.mode))},
              {"say", t.say ? line(p, *t.say) : ""},
              {"brief", t.brief ? line(p, *t.brief) : ""},
              {"timeout", ir::describe(t.timeout)},
              {"fails", actions(p, t.fails.actions)}};
    };
    rows(Area::Handoffs, "transfer", a_.transfers, b_.transfers,
         [&](const ir::Transfer& before, const ir::Transfer& after) { facts(Area::Handoffs, "transfer `" + after.name + "`", of(a_, before), of(b_, after)); });
    const auto place = [](const ir::Channel& c) -> Facts {
      return {{"kind", std::string(ir::to_word(c.kind))}, {"address", c.address}, {"active", c.active ? "yes" : "no"}, {"headset", c.headset ? "yes" : "no"},
              {"audio", c.audio ? std::string(ir::to_word(*c.audio)) : ""}, {"dtmf", std::string(ir::to_word(c.keys))}};
    };
    rows(Area::Connection, "channel", a_.channels, b_.channels,
         [&](const ir::Channel& before, const ir::Channel& after) { facts(Area::Connection, "channel `" + after.name + "`", place(before), place(after)); });
  }

  void tools() {
    const auto of = [](const Program& p, const ir::Tool& tool) -> Facts {
      std::string sets;
      for (const auto& [field, value] : tool.sets) sets += fmt::format("{}{} = {}", sets.empty() ? "" : ", ", p.state[field].name, describe(p, value));
      static constexpr const char* Effects[] = {"pure", "reads", "writes", "writes once"};
      return {{"doc", tool.doc},
              {"parameters", parameters(p, tool.params)},
              {"result", tool.result ? describe(p, tool.result) : ""},
              {"effect", Effects[static_cast<std::size_t>(tool.effects)]},
              {"available", guard(p, tool.available_if)},
              {"confirm", tool.confirm ? text(p, *tool.confirm) : ""},
              {"idempotency_key", tool.idempotency_key},
              {"compensate", tool.compensate ? p.tools[tool.compensate].name : ""},
              {"sets", sets},
              {"env", fmt::format("{}", fmt::join(tool.env, ", "))},
              {"work", tool.work ? work(p, tool) : ""},
              {"examples", fmt::format("{}", fmt::join(tool.examples, ", "))}};
    };
    const auto of_service = [](const ir::Service& service) -> Facts {
      return {{"place", place(service)}, {"auth", auth(service)}, {"env", fmt::format("{}", fmt::join(service.env, ", "))}};
    };
    rows(Area::Tools, "service", a_.services, b_.services, [&](const ir::Service& before, const ir::Service& after) { facts(Area::Tools, "service `" + after.name + "`", of_service(before), of_service(after)); });
    rows(Area::Tools, "tool", a_.tools, b_.tools, [&](const ir::Tool& before, const ir::Tool& after) {
      facts(Area::Tools, "tool `" + after.name + "`", of(a_, before), of(b_, after));
      if (before.body != after.body) add(Area::Tools, Kind::Changed, fmt::format("tool `{}` is run by something else", after.name));
      if (before.lua_source != after.lua_source) add(Area::Tools, Kind::Changed, fmt::format("tool `{}`: its Lua is another", after.name));
    });
  }

  // One line for all tools to which the same happens.
  void policies() {
    std::vector<std::pair<std::string, std::vector<std::string>>> changes;
    for (const auto& after : b_.tools) {
      const auto before = std::ranges::find_if(a_.tools, [&](const ir::Tool& tool) { return tool.name == after.name; });
      if (before == a_.tools.end()) continue;
      const auto old = cells(a_, a_.policies[before->policy]);
      const auto now = cells(b_, b_.policies[after.policy]);
      for (std::size_t i = 0; i < now.size(); ++i) {
        if (old[i] == now[i]) continue;
        const auto text = fmt::format("{} `{}` → `{}`", now[i].name, old[i].value, now[i].value);
        auto row = std::ranges::find(changes, text, &decltype(changes)::value_type::first);
        if (row == changes.end()) row = changes.insert(changes.end(), {text, {}});
        row->second.push_back("`" + after.name + "`");
      }
    }
    for (const auto& [text, names] : changes) add(Area::Policies, Kind::Changed, fmt::format("{}: {}", fmt::join(names, ", "), text));
  }

  void prompts() {
    const auto prompt = [&](const std::string& what, const ir::Template& before, const ir::Template& after) {
      if (text(a_, before) != text(b_, after)) add(Area::Prompts, Kind::Changed, fmt::format("{}: {}", what, sign(word_count(before), word_count(after))));
    };
    prompt("what every agent is told", a_.instructions, b_.instructions);
    for (const auto& after : b_.agents) {
      const auto before = std::ranges::find_if(a_.agents, [&](const ir::Agent& agent) { return agent.name == after.name; });
      if (before != a_.agents.end()) prompt("what `" + after.name + "` is told", before->instructions, after.instructions);
    }
  }

  // By what happens; a different wait or a different answer is a change of the same handler.
  void events() {
    const auto all = [](const Program& p) {
      Facts out;
      for (const auto& handler : p.handlers) {
        auto on = handler.on;
        on.after = {};
        const auto who = handler.agent ? p.agents[handler.agent].name + ": " : std::string{};
        auto key = fmt::format("{}on {}{}", who, ir::describe(on), handler.guard ? " " + guard(p, handler.guard) : "");
        const auto wait = handler.on.kind == ir::EventPattern::Kind::Silence ? ir::describe(handler.on.after) + ": " : "";
        out.emplace_back(std::move(key), wait + actions(p, handler.actions));
      }
      return out;
    };
    const auto before = all(a_), after = all(b_);
    for (const auto& [name, value] : before) {
      if (!value_of(after, name)) add(Area::Events, Kind::Removed, fmt::format("`{}` is gone", name));
    }
    for (const auto& [name, value] : after) {
      const auto* old = value_of(before, name);
      if (!old) add(Area::Events, Kind::Added, fmt::format("`{}` is new: `{}`", name, value));
      else if (*old != value) add(Area::Events, Kind::Changed, fmt::format("`{}`: `{}` → `{}`", name, *old, value));
    }
  }

  void state() {
    const auto of = [](const Program& p, const ir::StateField& field) -> Facts {
      return {{"type", describe(p, field.type)}, {"at the start", field.initial ? describe(p, field.initial) : ""}, {"personal", field.pii ? "yes" : "no"},
              {"kept", field.kept_for ? fmt::format("{} by {}", ir::describe(*field.kept_for), describe(p, field.kept_by)) : ""},
              {"extract", field.extract}};
    };
    rows(Area::State, "state", a_.state, b_.state, [&](const ir::StateField& before, const ir::StateField& after) { facts(Area::State, "state `" + after.name + "`", of(a_, before), of(b_, after)); });
    rows(Area::State, "type", a_.records, b_.records,
         [&](const ir::Record& before, const ir::Record& after) { facts(Area::State, "type `" + after.name + "`", {{"fields", parameters(a_, before.fields)}}, {{"fields", parameters(b_, after.fields)}}); });
    rows(Area::State, "enum", a_.enums, b_.enums, [&](const ir::Enum& before, const ir::Enum& after) {
      facts(Area::State, "enum `" + after.name + "`", {{"values", fmt::format("{}", fmt::join(before.values, ", "))}}, {{"values", fmt::format("{}", fmt::join(after.values, ", "))}});
    });
  }

  void connection() {
    const auto of = [](const Program& p) -> Facts {
      const auto& link = p.realtimes[p.realtime];
      return {{"locale", p.locale},
              {"max_duration", p.max_duration.count() ? ir::describe(p.max_duration) : ""},
              {"dead_air", ir::describe(p.dead_air)},
              {"max_cost", p.max_cost ? fmt::format("{:g} {}", *p.max_cost, p.currency) : ""},
              {"budget", p.budget ? fmt::format("{:g} {} per {}", p.budget->most, p.budget->currency, ir::to_word(p.budget->per)) : ""},
              {"otlp", p.otlp ? setting(*p.otlp) : ""},
              {"price", link.prices ? fmt::format("{} {:g} {:g} {:g} {:g} {:g}", link.prices->currency, link.prices->text_in, link.prices->audio_in, link.prices->cached_in, link.prices->text_out, link.prices->audio_out) : ""},
              {"provider", link.provider},
              {"model", link.model},
              {"url", link.url_env.empty() ? link.url : "env " + link.url_env},
              {"reconnect", fmt::format("{} every {}..{}", link.reconnect.tries, ir::describe(link.reconnect.first), ir::describe(link.reconnect.last))},
              {"exact_speech", link.exact_speech ? p.services[link.exact_speech].name : ""},
              {"fallback", link.fallback ? p.realtimes[link.fallback].name : ""},
              {"audio", fmt::format("{}, {}", ir::to_word(link.audio_in), ir::to_word(link.audio_out))},
              {"echo_cancellation", link.echo_cancellation ? "on" : "off"},
              {"key", link.key_secret},
              {"turn_control", link.turn_control == ir::TurnControl::Own ? "own" : "server"},
              {"transcription", link.transcription},
              {"noise_reduction", link.noise_reduction}};
    };
    facts(Area::Connection, "the flow", of(a_), of(b_));
  }

  const Program& a_;
  const Program& b_;
  std::vector<Change> out_;
};

auto heading(Area area) -> const char* {
  static constexpr const char* Words[] = {"What can be reached", "Rules", "Agents", "Handoffs", "Forms", "Tools", "Policies", "Prompts", "Events", "State and types", "The call and its connection"};
  return Words[static_cast<std::size_t>(area)];
}

auto sign_of(Kind kind) -> char { return kind == Kind::Added ? '+' : kind == Kind::Removed ? '-' : '~'; }

}  // namespace

auto compare(const Program& before, const Program& after) -> std::vector<Change> {
  const auto renamed = with_names_of(after, before);
  return Comparison{renamed, after}.run();
}

auto changes_as_text(const std::vector<Change>& changes, bool colour) -> std::string {
  std::string out;
  const char* last = nullptr;
  for (const auto& change : changes) {
    if (const auto* now = heading(change.area); now != last) {
      out += fmt::format("{}{}{}{}\n", last ? "\n" : "", colour ? "\x1b[1m" : "", now, colour ? "\x1b[0m" : "");
      last = now;
    }
    const auto* paint = !colour ? "" : change.area == Area::Reach ? "\x1b[35m" : change.kind == Kind::Added ? "\x1b[32m" : change.kind == Kind::Removed ? "\x1b[31m" : "\x1b[33m";
    out += fmt::format("  {}{}{} {}\n", paint, sign_of(change.kind), colour ? "\x1b[0m" : "", change.text);
  }
  return out.empty() ? "they behave alike\n" : out;
}

auto changes_as_markdown(const std::vector<Change>& changes, const std::string& before, const std::string& after) -> std::string {
  auto out = fmt::format("### `{}` → `{}`\n", before, after);
  const char* last = nullptr;
  for (const auto& change : changes) {
    if (const auto* now = heading(change.area); now != last) out += fmt::format("\n**{}**\n\n", now);
    last = heading(change.area);
    out += fmt::format("- {}{}\n", change.area == Area::Reach ? "⚠ " : "", change.text);
  }
  return changes.empty() ? out + "\nThey behave alike.\n" : out;
}

}  // namespace flow::view
