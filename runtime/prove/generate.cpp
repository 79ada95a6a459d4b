#include "runtime/prove/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "compiler/ir/words.h"
#include "runtime/core/state.h"
#include "runtime/prove/answers.h"
#include "runtime/prove/samples.h"
#include "runtime/prove/script_of.h"
#include "runtime/prove/walk.h"
#include "runtime/rehearse/rehearsal.h"

namespace flow::prove {

using namespace core;
using Kind = ir::TestStep::Kind;
using rehearse::Cell;
using rehearse::Covered;
using Steps = std::vector<ir::TestStep>;

namespace {

constexpr std::size_t WalksMax = 250;
constexpr std::size_t WaysMax = 6;      // to the same tool that are tried
constexpr Millis LongestWait{3'600'000};

auto step(Kind kind, std::string words = {}) -> ir::TestStep { return {.kind = kind, .at = {}, .about = {}, .words = std::move(words)}; }
auto at(ir::TestStep step, Millis after) -> ir::TestStep {
  step.after = after;
  return step;
}
auto lasting(ir::TestStep step, Millis time) -> ir::TestStep {
  step.lasts = time;
  return step;
}
auto waits(Millis time) -> ir::TestStep { return lasting(step(Kind::Waits), time); }

// Somebody talks, so that nobody's silence ends the call, and pauses to be answered: until so much time has passed.
auto talking(Millis time) -> Steps {
  constexpr Millis Stretch{60'000}, WithAnswer{65'000};
  Steps out;
  for (auto spent = Millis{0}; spent < std::min(time, LongestWait); spent += WithAnswer) out.push_back(lasting(step(Kind::Says, "Let me tell you more."), Stretch));
  return out;
}

auto joined(Steps a, const Steps& b) -> Steps {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// A call at rest, and where it stands.
struct Way {
  Steps steps;
  Id<ir::Agent> agent;
  std::set<std::string> offered;
  int jobs = 0;                // that have begun on the way
};

// How a run of a tool comes about: steps that follow the way, and how many other tools have run by then.
struct Calling {
  const Way* way = nullptr;
  Steps steps;
  int jobs = 0;
};

class Author {
 public:
  Author(const ir::Program& program, const Covered& wanted, const Covered& covered) : program_(&program), wanted_(wanted), done_(covered), deeds_(program) {}

  auto write() -> Generated {
    walk(*program_, deeds_, WalksMax, [&](const Branch& call) {
      auto script = script_of(*program_, call.path());
      std::erase_if(script.steps, [](const ir::TestStep& s) { return s.kind == Kind::Waits || s.kind == Kind::ToolNever || s.kind == Kind::TransferNever; });
      const auto& s = call.stage().state();
      Way way{.steps = std::move(script.steps), .agent = s.agent, .offered = {}, .jobs = static_cast<int>(s.last_job)};
      const auto offer = [&](const std::string& name) {
        if (call.stage().offered(name)) way.offered.insert(name);
      };
      for (const auto& tool : program_->tools) offer(tool.name);
      for (const auto& form : program_->forms) offer(form.function);
      ways_.push_back(std::move(way));
      return true;
    });
    std::ranges::stable_sort(ways_, {}, [](const Way& way) { return way.steps.size(); });
    agents();
    edges();
    handlers();
    cells();
    return std::move(out_);
  }

 private:
  // ── What is tried ──

  // A proposal that passes, and is in what it was made for, is kept.
  auto keep(std::string title, Steps steps, const std::function<bool(const Covered&)>& is_in, const Steps& expectations) -> bool {
    const auto namesakes = std::ranges::count_if(out_.tests, [&](const ir::Test& t) { return t.title == title || t.title.starts_with(title + ", another way"); });
    if (namesakes > 0) title += namesakes == 1 ? ", another way" : fmt::format(", another way {}", namesakes);
    ir::Test test{.title = std::move(title), .at = {}, .steps = std::move(steps)};
    complete_script(*program_, test);
    auto played = rehearse::rehearse(*program_, test);
    if (!played.passed() || !is_in(played.covered)) return false;
    for (const auto& expectation : expectations) {
      auto more = test;
      more.steps.push_back(expectation);
      if (rehearse::rehearse(*program_, more).passed()) test = std::move(more);
    }
    done_.add(played.covered);
    out_.covered.add(played.covered);
    out_.tests.push_back(std::move(test));
    return true;
  }

  auto expects(ir::Happening what) const -> ir::TestStep {
    auto out = step(Kind::Expect);
    out.expectation.what = std::move(what);
    return out;
  }
  auto expects_agent(Id<ir::Agent> agent) const -> ir::TestStep { return expects({.kind = ir::Happening::Kind::AgentActive, .agent = agent}); }
  // The words of a line that says the same in every call.
  auto expects_line(const std::vector<ir::Action>& actions) const -> Steps {
    for (const auto& action : actions) {
      if (!action.line || action.line->kind != ir::Line::Kind::Words || action.line->text.size() != 1 || action.line->text.front().kind != ir::TemplatePart::Kind::Text) continue;
      return {expects({.kind = ir::Happening::Kind::Said, .words = action.line->text.front().text})};
    }
    return {};
  }

  // ── Agents, edges, handlers ──

  void agents() {
    for (const auto i : wanted_.agents) {
      if (done_.agents.contains(i)) continue;
      const Id<ir::Agent> agent{i};
      const auto& name = program_->agents[agent].name;
      const auto in = [i](const Covered& c) { return c.agents.contains(i); };
      const auto found = std::ranges::any_of(ways_, [&](const Way& way) { return way.agent == agent && keep("agent " + name + " is reached", way.steps, in, {expects_agent(agent)}); });
      if (!found) out_.open.push_back("agent " + name);
    }
  }

  // What makes an event of this kind happen, in the order in which it is tried.
  auto causes(const ir::EventPattern& on) const -> std::vector<Steps> {
    using On = ir::EventPattern::Kind;
    const auto count = on.count;
    std::vector<Steps> out;
    Steps repeated;
    const auto repeat = [&](const Steps& once) {
      for (int i = 0; i < count; ++i) repeated.insert(repeated.end(), once.begin(), once.end());
      out.push_back(repeated);
      repeated.clear();
    };
    switch (on.kind) {
      case On::Silence:
        out.push_back({waits(on.after * count + Millis{10'000} * count)});
        repeat({waits(on.after + Millis{500})});
        break;
      case On::NoMatch: repeat({step(Kind::Coughs), waits(Millis{2'000})}), repeat({lasting(step(Kind::Coughs), Millis{2'000}), waits(Millis{2'000})}); break;
      case On::Dtmf: out.push_back({step(Kind::Presses, on.values.empty() ? "0" : on.values.front()), waits(Millis{3'000})}); break;
      case On::Phrase:
        repeat({step(Kind::Says, on.values.empty() ? "Hello." : on.values.front())});
        repeat({step(Kind::Types, on.values.empty() ? "Hello." : on.values.front())});
        break;
      case On::ToolFailed: break;  // with each tool: below
      case On::Voicemail: out.push_back({step(Kind::Voicemail), waits(Millis{10'000})}); break;
      case On::ProviderLost: {
        auto refuses = step(Kind::Refuses);
        out.push_back({step(Kind::Says, "Hello."), step(Kind::ModelFails), step(Kind::ModelFails), waits(Millis{5'000})});
        out.push_back({step(Kind::Says, "Hello."), refuses, step(Kind::Drops), waits(Millis{60'000})});
        break;
      }
      case On::Hangup: out.push_back({step(Kind::HangsUp)}); break;
      case On::CallStart: out.push_back({waits(Millis{1'000})}); break;
      case On::CallEnd: {
        for (const auto& tool : program_->tools) {
          if (tool.body != ir::Tool::Body::EndCall) continue;
          auto calls = step(Kind::ModelCalls);
          calls.calls.push_back({.tool = program_->tools.id_at(static_cast<std::size_t>(&tool - &*program_->tools.begin())), .name = tool.name, .arguments = sample_of(*program_, tool.params)});
          out.push_back({step(Kind::Says, "That is all. Goodbye."), calls});
        }
        for (const auto& handler : program_->handlers) {
          const bool ends = std::ranges::any_of(handler.actions, [](const ir::Action& a) { return a.kind == ir::Action::Kind::EndCall; });
          if (ends && handler.on.kind != On::CallEnd) for (auto& cause : causes(handler.on)) out.push_back(std::move(cause));
        }
        break;
      }
      case On::Limit:
        if (program_->max_duration > Millis{0} && program_->max_duration <= LongestWait) {
          // What has begun when the limit comes is said; nothing is after it.
          for (const auto before : {Millis{0}, Millis{65'000}, Millis{130'000}}) {
            if (program_->max_duration > before) out.push_back(joined(talking(program_->max_duration - before), {waits(Millis{5'000})}));
          }
        }
        break;
    }
    if (on.kind == On::ToolFailed) {
      for (const auto& [tool, callings] : callable()) {
        auto fails = step(Kind::ToolFails, "it is not there today");
        fails.tool = tool;
        const auto& policy = program_->policies[program_->tools[tool].policy];
        for (const auto& failed : {at(fails, policy.ack_after + Millis{2'000}), fails}) {  // the model was told that it runs; it was not
          Steps all;
          for (int i = 0; i < count; ++i) all = joined(joined(all, program_->tools[tool].confirm || callings.empty() ? calling(tool, i) : renamed(callings.front().steps, tool, i)), {failed});
          out.push_back(std::move(all));
        }
      }
    }
    return out;
  }

  void edges() {
    for (const auto i : wanted_.handoffs) {
      if (done_.handoffs.contains(i)) continue;
      const auto& edge = program_->handoffs[Id<ir::Handoff>{i}];
      const auto from = edge.from ? program_->agents[edge.from].name : std::string{"anybody"};
      const auto to = edge.target.kind == ir::Target::Kind::Back       ? std::string{"back"}
                      : edge.target.kind == ir::Target::Kind::Transfer ? program_->transfers[edge.target.transfer].name
                                                                       : program_->agents[edge.target.agent].name;
      const auto title = fmt::format("{} hands over to {}", from, to);
      const auto in = [i](const Covered& c) { return c.handoffs.contains(i); };
      const Steps expectations = edge.target.kind == ir::Target::Kind::Agent ? Steps{expects_agent(edge.target.agent)}
                                 : edge.target.kind == ir::Target::Kind::Transfer
                                     ? Steps{expects({.kind = ir::Happening::Kind::Transfer, .transfer = edge.target.transfer, .moved = ir::TransferNews::Ordered})}
                                     : Steps{};
      if (!edge_found(edge, title, in, expectations)) out_.open.push_back(title);
    }
  }
  auto edge_found(const ir::Handoff& edge, const std::string& title, const std::function<bool(const Covered&)>& in, const Steps& expectations) -> bool {
    std::vector<Steps> moves{{}};
    if (edge.trigger.kind == ir::Trigger::Kind::Model) {
      auto hands_off = step(Kind::ModelHandsOff);
      hands_off.target = edge.target;
      hands_off.carry = sample_of(*program_, edge.carry);
      moves = {{step(Kind::Says, "Please put me through."), hands_off}};
    }
    if (edge.trigger.kind == ir::Trigger::Kind::Event) moves = causes(edge.trigger.on);
    if (edge.trigger.kind == ir::Trigger::Kind::After) {
      moves = {{waits(edge.trigger.after + Millis{2'000})}};
      moves.push_back(joined(talking(edge.trigger.after), {waits(Millis{5'000})}));
    }
    for (const auto& way : ways_) {
      // A guard that becomes true does so on the way to where it leads.
      const bool begins_here = edge.trigger.kind == ir::Trigger::Kind::Becomes || !edge.from || way.agent == edge.from;
      if (!begins_here) continue;
      for (const auto& move : moves) {
        if (keep(title, joined(way.steps, move), in, expectations)) return true;
      }
    }
    return false;
  }

  void handlers() {
    for (const auto i : wanted_.handlers) {
      if (done_.handlers.contains(i)) continue;
      const auto& handler = program_->handlers[Id<ir::Handler>{i}];
      const auto title = fmt::format("on {}{}{}", ir::to_word(handler.on.kind), handler.on.count > 1 ? fmt::format(", the {}th time", handler.on.count) : "",
                                     handler.agent ? ", with " + program_->agents[handler.agent].name : "");
      const auto in = [i](const Covered& c) { return c.handlers.contains(i); };
      const auto found = std::ranges::any_of(ways_, [&](const Way& way) {
        if (handler.agent && way.agent != handler.agent) return false;
        return std::ranges::any_of(causes(handler.on), [&](const Steps& cause) { return keep(title, joined(way.steps, cause), in, expects_line(handler.actions)); });
      });
      if (!found) out_.open.push_back(title);
    }
  }

  // ── The cells of policies ──

  auto callable() const -> std::map<Id<ir::Tool>, std::vector<Calling>> {
    std::map<Id<ir::Tool>, std::vector<Calling>> out;
    const auto add = [&](Id<ir::Tool> tool, const Way& way, Steps steps, int jobs) {
      if (tool && out[tool].size() < WaysMax) out[tool].push_back({&way, std::move(steps), way.jobs + jobs});
    };
    for (const auto& way : ways_) {
      for (std::size_t i = 0; i < program_->tools.size(); ++i) {
        const auto id = program_->tools.id_at(i);
        if (!ir::is_builtin(program_->tools[id].body) && way.offered.contains(program_->tools[id].name)) add(id, way, calling(id), 0);
      }
      for (std::size_t i = 0; i < program_->forms.size(); ++i) {
        const auto id = program_->forms.id_at(i);
        const auto& form = program_->forms[id];
        if (form.agent != way.agent || !way.offered.contains(form.function)) continue;
        for (std::size_t field = 0; field < form.fields.size(); ++field) {
          if (form.fields[field].check_tool) add(form.fields[field].check_tool, way, answering(id, field), static_cast<int>(checks_before(id, field)));
        }
        add(form.submit, way, submitting(id), static_cast<int>(checks_before(id, form.fields.size())));
      }
    }
    return out;
  }

  auto calling(Id<ir::Tool> id, int nth = 0) const -> Steps {
    const auto& tool = program_->tools[id];
    auto calls = step(Kind::ModelCalls);
    calls.calls.push_back({.tool = id, .name = tool.name, .arguments = sample_of(*program_, tool.params, nth)});
    Steps out{step(Kind::Says, "Please see to it."), calls};
    if (tool.confirm) out = joined(out, {step(Kind::Says, "Yes, please."), calls});
    return out;
  }
  // The same with other arguments, where it is called by itself.
  auto renamed(Steps steps, Id<ir::Tool> tool, int nth) const -> Steps {
    for (auto& each : steps) {
      for (auto& call : each.calls) {
        if (call.tool == tool) call.arguments = sample_of(*program_, program_->tools[tool].params, nth);
      }
    }
    return steps;
  }

  // ── By way of a form ──

  auto fill(Id<ir::Form> id, Value::Record values, const std::string& words) const -> Steps {
    auto calls = step(Kind::ModelCalls);
    calls.calls.push_back({.tool = {}, .form = id, .name = program_->forms[id].function, .arguments = std::move(values)});
    return {step(Kind::Says, words), calls};
  }
  auto checks_before(Id<ir::Form> id, std::size_t field) const -> std::ptrdiff_t {
    const auto& fields = program_->forms[id].fields;
    return std::count_if(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(field), [](const ir::FormField& f) { return bool(f.check_tool); });
  }
  // The answer whose check is wanted, after all that its condition may read.
  auto answering(Id<ir::Form> id, std::size_t field) const -> Steps {
    const auto& form = program_->forms[id];
    Steps out;
    for (const auto& each : filled(id, field)) out.push_back(each);
    return joined(out, fill(id, {{form.fields[field].name, answers_of(*program_, form)[field].good}}, "This is the " + form.fields[field].name + "."));
  }
  // The fields before this one, each checked.
  auto filled(Id<ir::Form> id, std::size_t until) const -> Steps {
    const auto& form = program_->forms[id];
    const auto answers = answers_of(*program_, form);
    Value::Record values;
    Steps checks;
    for (std::size_t i = 0; i < until; ++i) {
      const auto& field = form.fields[i];
      values.emplace_back(field.name, answers[i].good);
      if (!field.check_tool) continue;
      auto returns = step(Kind::ToolReturns);
      returns.tool = field.check_tool;
      returns.result = sample(*program_, program_->tools[field.check_tool].result);
      checks.push_back(std::move(returns));
    }
    return values.empty() ? Steps{} : joined(fill(id, std::move(values), "I can tell you most of it."), checks);
  }
  auto submitting(Id<ir::Form> id) const -> Steps {
    const auto& form = program_->forms[id];
    auto out = filled(id, form.fields.size());
    return is_read_back(*program_, form) ? joined(out, fill(id, {{"confirmed", true}}, "Yes, please.")) : out;
  }

  // Calls of this tool that may come to this cell.
  auto recipes(Id<ir::Tool> id, Cell cell, const Calling& begun) const -> std::vector<Steps> {
    const auto& way = *begun.way;
    const auto& policy = program_->policies[program_->tools[id].policy];
    const auto of_tool = [&](Kind kind, std::string words = {}) {
      auto out = step(kind, std::move(words));
      out.tool = id;
      if (kind == Kind::ToolReturns) out.result = sample(*program_, program_->tools[id].result);
      return out;
    };
    const auto returns = of_tool(Kind::ToolReturns), never = of_tool(Kind::ToolNever), fails = of_tool(Kind::ToolFails, "it is not there today");
    auto fails_on_the_way = fails;
    fails_on_the_way.network = true;
    const auto& call = begun.steps;
    const auto then = [&](const Steps& more) { return joined(joined(way.steps, call), more); };
    const auto talk = step(Kind::Says, "And what about the rest?");
    const auto long_words = lasting(step(Kind::ModelSays, "There is a lot to say about the rest, and I will say all of it, one thing after the other."), Millis{20'000});
    const auto slow = policy.ack_after + Millis{2'000};
    switch (cell) {
      case Cell::Ack: return {then({at(returns, slow)}), then({never, waits(slow)})};
      case Cell::Progress: return {then({at(of_tool(Kind::ToolProgresses, "half way"), slow), at(returns, slow + Millis{3'000})}), then({at(returns, policy.progress_every + slow)})};
      case Cell::Deliver: return {then({at(returns, slow)}), then({at(returns, slow), talk})};
      case Cell::Busy: return {then({at(returns, Millis{8'000}), at(talk, Millis{2'000}), long_words}), then({at(returns, Millis{4'500}), at(talk, Millis{500}), long_words})};
      case Cell::CallerSpeaks: return {then({at(returns, Millis{4'000}), at(lasting(talk, Millis{3'000}), Millis{3'000})})};
      case Cell::IfInterrupted: {
        auto begins = expects({.kind = ir::Happening::Kind::Tool, .tool = id, .news = ir::ToolNews::Speaking});
        begins.expectation.within = Millis{60'000};
        const auto cut = step(Kind::Interrupts, "Hold on a second.");
        return {then({at(returns, slow), begins, cut}), then({at(returns, Millis{30'000}), begins, cut}), then({at(returns, Millis{8'000}), cut}), then({at(returns, slow), talk, cut}),
                then({at(returns, slow), cut, cut})};
      }
      case Cell::Escalate: {
        const auto speech = lasting(long_words, policy.escalate_after + Millis{30'000});
        return {then({at(returns, Millis{8'000}), at(talk, Millis{2'000}), speech})};
      }
      case Cell::Duplicates: return {then({at(returns, Millis{15'000}), at(call[call.size() - 2], Millis{3'000}), call.back()}), then(joined({returns}, call))};
      case Cell::Timeout: return {then({never, waits(std::min(policy.timeout, LongestWait) + Millis{5'000})}), then(joined({never}, joined(talking(policy.timeout), {waits(Millis{5'000})})))};
      case Cell::Retry: return {then({fails_on_the_way, returns}), then({fails, returns})};
      case Cell::Fails: return {then({fails}), then({at(fails, slow)})};
      case Cell::OnHandoff: {
        std::vector<Steps> out;
        for (const auto& edge : program_->handoffs) {
          if (edge.from && edge.from != way.agent) continue;
          if (edge.trigger.kind == ir::Trigger::Kind::Model) {
            auto hands_off = step(Kind::ModelHandsOff);
            hands_off.target = edge.target;
            hands_off.carry = sample_of(*program_, edge.carry);
            out.push_back(then({at(returns, Millis{15'000}), at(talk, Millis{2'000}), hands_off}));
          } else if (edge.trigger.kind == ir::Trigger::Kind::Event && edge.trigger.on.kind == ir::EventPattern::Kind::Dtmf) {
            out.push_back(then({at(returns, Millis{15'000}), at(step(Kind::Presses, edge.trigger.on.values.front()), Millis{2'000})}));
          }
        }
        if (out.empty()) {  // by what the tool itself, or another, sets
          for (const auto& outcome : deeds_.outcomes_of(id)) {
            if (outcome.act.kind == Kind::ToolReturns) out.push_back(then({outcome.act}));
          }
        }
        return out;
      }
      case Cell::OnHangup: return {then({never, at(step(Kind::HangsUp), Millis{1'000})})};
      case Cell::Cancel: {
        auto stops = step(Kind::ModelCalls);
        stops.calls.push_back({.tool = {}, .name = "stop_tool", .arguments = Value::Record{{"number", begun.jobs + 1}}});
        return {then({never, at(step(Kind::Says, "Never mind, leave it."), Millis{2'000}), stops})};
      }
      case Cell::Expires: return {};
    }
    return {};
  }

  auto expects_of(Id<ir::Tool> tool, Cell cell) const -> Steps {
    using News = ir::ToolNews;
    const auto news = [&]() -> std::vector<News> {
      switch (cell) {
        case Cell::Ack: return {News::Acked};
        case Cell::Progress: return {News::Progressed};
        case Cell::Deliver:
        case Cell::Busy:
        case Cell::CallerSpeaks: return {News::Delivered};
        case Cell::IfInterrupted: return {News::Interrupted};
        case Cell::Duplicates: return {News::Joined, News::Refused};
        case Cell::Timeout: return {News::TimedOut};
        case Cell::Retry: return {News::Retried};
        case Cell::Fails: return {News::Failed};
        case Cell::Expires: return {News::Expired};
        case Cell::Cancel: return {News::Cancelled};
        default: return {};
      }
    }();
    Steps out;
    for (const auto each : news) out.push_back(expects({.kind = ir::Happening::Kind::Tool, .tool = tool, .news = each}));
    return out;
  }

  void cells() {
    const auto callings = callable();
    for (const auto& [tool, cell] : wanted_.cells) {
      if (done_.cells.contains({tool, cell})) continue;
      const Id<ir::Tool> id{tool};
      const auto title = fmt::format("{}: {}", program_->tools[id].name, rehearse::to_word(cell));
      const auto in = [key = std::pair{tool, cell}](const Covered& c) { return c.cells.contains(key); };
      const auto mine = callings.find(id);
      const auto found = mine != callings.end() && std::ranges::any_of(mine->second, [&](const Calling& begun) {
        return std::ranges::any_of(recipes(id, cell, begun), [&](const Steps& steps) { return keep(title, steps, in, expects_of(id, cell)); });
      });
      if (!found) out_.open.push_back(title);
    }
  }

  const ir::Program* program_;
  Covered wanted_, done_;
  Deeds deeds_;
  std::vector<Way> ways_;
  Generated out_;
};

}  // namespace

auto generate(const ir::Program& program, const Covered& wanted, const Covered& covered) -> Generated { return Author(program, wanted, covered).write(); }

}  // namespace flow::prove
