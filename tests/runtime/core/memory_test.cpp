// What outlives a call: state that is kept for the caller, and work whose result they are told when they call again.

#include <map>

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

using P = ir::Policy;

// A store too plain to be wrong: what is kept, by its id, and whose call has it.
struct Store {
  std::map<std::string, KeepJob> jobs;
  std::map<std::string, Value> values;  // by field and key

  void take(const EffectList& effects) {
    for (const auto& effect : effects) {
      if (const auto* e = std::get_if<KeepJob>(&effect)) jobs[e->job.id] = *e;
      if (const auto* e = std::get_if<ForgetJob>(&effect)) jobs.erase(e->id);
      if (const auto* e = std::get_if<Remember>(&effect)) values[std::to_string(e->memo.field.index) + e->memo.key] = e->value;
    }
  }
  auto known(const Recall& order, Millis later) const -> Recalled {
    Recalled out;
    for (const auto& memo : order.values) {
      const auto found = values.find(std::to_string(memo.field.index) + memo.key);
      if (found != values.end()) out.values.push_back({memo.field, found->second});
    }
    for (const auto& [id, kept] : jobs) {
      if (kept.caller != order.caller) continue;
      out.jobs.push_back(kept.job);
      out.jobs.back().age += later;
    }
    return out;
  }
};

struct Desk {
  Shop shop;
  Store store;
  std::unique_ptr<Call> call;

  Desk() {
    shop.rules().on_hangup = P::OnHangup::Resume;
    shop.rules().deliver = P::Deliver::WhenIdle;
    shop.rules().timeout = 1h;
  }
  // A work that goes on elsewhere, asked for every ten seconds and then less often.
  void goes_on_elsewhere() {
    auto& tool = shop.program.tools[shop.look];
    tool.body = ir::Tool::Body::Batch;
    tool.work = ir::Work{.poll_min = 10s, .poll_max = 60s};
  }
  void rings(Millis later = 5min, std::string id = "call-2") {
    call = std::make_unique<Call>(shop.program);
    call->step(CallerConnected{"+15550100", std::move(id)});
    if (const auto orders = call->effects<Recall>(); !orders.empty()) call->step(store.known(orders.front(), later));
    call->open();
  }
  void hangs_up() { call->step(CallerHungUp{}); }
  // The call is over, with whatever it waits for.
  void over() {
    call->wait(11s);
    CHECK(call->session.finished());
    store.take(call->all);
  }
  auto told() const -> int {
    int count = 0;
    for (const auto& decided : call->ever<Decided>()) count += decided.what == Decision::ToolDelivered ? 1 : 0;
    return count;
  }
};

}  // namespace

TEST_CASE("a flow that keeps nothing begins its call at once") {
  Shop shop;
  Call call{shop.program};
  call.step(CallerConnected{"+15550100", "call-1"});
  CHECK(call.effects<Recall>().empty());
  CHECK(call.effects<OpenLink>().size() == 1);
}

TEST_CASE("a call waits for what is known of the caller, but not for ever") {
  Desk d;
  d.call = std::make_unique<Call>(d.shop.program);
  d.call->step(CallerConnected{"+15550100", "call-1"});
  CHECK(d.call->the<Recall>().caller == "+15550100");
  CHECK(d.call->effects<OpenLink>().empty());
  d.call->wait(1999ms);
  CHECK(d.call->ever<OpenLink>().empty());
  d.call->wait(1ms);
  CHECK(d.call->ever<OpenLink>().size() == 1);
  SECTION("and what comes too late still counts") {
    d.call->open();
    d.call->step(Recalled{{}, {KeptJob{"call-0/1", "look", Value::Record{{"query", "orders"}}, "", Value("two boots"), 1min}}});
    CHECK(d.call->decided(Decision::ToolReady));
  }
}

TEST_CASE("of a caller without a number nothing is asked, and nothing is kept") {
  Desk d;
  d.call = std::make_unique<Call>(d.shop.program);
  d.call->step(CallerConnected{"", "call-1"});
  CHECK(d.call->effects<OpenLink>().size() == 1);
  d.call->open();
  d.call->lookup();
  CHECK(d.call->ever<KeepJob>().empty());
}

TEST_CASE("work that is running when the caller hangs up is told in their next call, once") {
  Desk d;
  d.rings(0ms, "call-1");
  const auto job = d.call->lookup();
  d.hangs_up();
  d.call->wait(3s);
  d.call->finishes(job);
  CHECK(d.call->session.finished());
  d.store.take(d.call->all);
  REQUIRE(d.store.jobs.size() == 1);
  CHECK(d.store.jobs.begin()->second.job.result == Value("two boots"));

  d.rings();
  CHECK(d.call->ever<StartTool>().empty());
  d.call->wait(1s);
  CHECK(d.call->ever<CreateMessage>().back().text.find("in an earlier call. Result: \"two boots\"") != std::string::npos);
  d.call->answers(1s, "You asked for your orders: two boots.");
  CHECK(d.told() == 1);
  d.hangs_up();
  d.store.take(d.call->all);
  CHECK(d.store.jobs.empty());

  d.rings();
  d.call->wait(10s);
  CHECK_FALSE(d.call->asked());
}

TEST_CASE("a result that waited to be told when the caller hung up is told in their next call") {
  Desk d;
  d.rings(0ms, "call-1");
  const auto job = d.call->lookup();
  d.call->speaks();  // the caller has the floor
  d.call->finishes(job);
  d.hangs_up();
  d.over();
  REQUIRE(d.store.jobs.size() == 1);
  d.rings();
  d.call->wait(1s);
  d.call->answers();
  CHECK(d.told() == 1);
}

TEST_CASE("a result that was told is not told again in the next call") {
  Desk d;
  d.rings(0ms, "call-1");
  const auto job = d.call->lookup();
  d.call->wait(2s);
  d.call->finishes(job);
  d.call->answers();
  CHECK(d.told() == 1);
  d.hangs_up();
  d.over();
  CHECK(d.store.jobs.empty());
}

TEST_CASE("work whose program ended with the call begins anew in the next one, within its old deadline") {
  Desk d;
  d.rings(0ms, "call-1");
  d.call->lookup();
  d.hangs_up();
  d.over();
  CHECK(d.call->ever<StopTool>().size() == 1);
  REQUIRE(d.store.jobs.size() == 1);
  d.rings(50min);
  const auto again = d.call->ever<StartTool>();
  REQUIRE(again.size() == 1);
  CHECK(again[0].arguments == Value(Value::Record{{"query", "orders"}}));
  CHECK(again[0].deadline <= 10min);
}

TEST_CASE("work whose time passed between two calls has failed, and the caller hears of it") {
  Desk d;
  d.rings(0ms, "call-1");
  d.call->lookup();
  d.hangs_up();
  d.over();
  d.rings(2h);
  d.call->wait(1s);
  CHECK(d.call->decided(Decision::ToolTimedOut));
  CHECK(d.call->asked());
}

TEST_CASE("a result is not told any more when it has expired between two calls") {
  Desk d;
  d.shop.rules().expires = 10min;
  d.rings(0ms, "call-1");
  const auto job = d.call->lookup();
  d.hangs_up();
  d.call->finishes(job);
  d.store.take(d.call->all);
  d.rings(11min);
  d.call->wait(2s);
  CHECK(d.call->decided(Decision::ToolExpired));
  CHECK(d.told() == 0);
  d.store.take(d.call->all);
  CHECK(d.store.jobs.empty());
}

TEST_CASE("a result does not live longer because calls come in which it is not told") {
  Desk d;
  d.shop.rules().expires = 10min;
  d.rings(0ms, "call-1");
  const auto job = d.call->lookup();
  d.hangs_up();
  d.call->finishes(job);
  d.store.take(d.call->all);
  d.rings(6min, "call-2");
  d.hangs_up();
  CHECK(d.call->session.finished());
  CHECK(d.call->ever<KeepJob>().empty());  // the store's own entry grows old
  CHECK(d.call->ever<ForgetJob>().empty());
}

TEST_CASE("a call that is lost without a word loses no work: it was kept when it began") {
  Desk d;
  d.rings(0ms, "call-1");
  d.call->lookup();
  d.store.take(d.call->all);  // and then the power fails
  d.rings();
  CHECK(d.call->ever<StartTool>().size() == 1);
}

TEST_CASE("what the program does not know any more is forgotten, not told") {
  Desk d;
  d.call = std::make_unique<Call>(d.shop.program);
  d.call->step(CallerConnected{"+15550100", "call-2"});
  d.call->step(Recalled{{}, {KeptJob{"call-1/1", "gone", Value::Record{}, "", Value("x"), 1s}, KeptJob{"call-1/2", "look", Value::Record{{"wrong", 1}}, "", {}, 1s},
                             KeptJob{"call-1/3", "look", Value::Record{{"query", "a"}}, "", Value(7), 1s}}});
  CHECK(d.call->effects<ForgetJob>().size() == 3);
  CHECK(d.call->effects<StartTool>().empty());
}

TEST_CASE("work that goes on elsewhere is asked for again, ever less often, until it is done") {
  Desk d;
  d.goes_on_elsewhere();
  d.rings(0ms, "call-1");
  const auto job = d.call->lookup();
  std::vector<Millis> asked;
  auto last = d.call->now;
  for (int poll = 0; poll < 5; ++poll) {
    const auto attempt = d.call->session.state().jobs.back().attempt;
    last = d.call->now;
    d.call->step(ToolPending{job, attempt, "batch_7"});
    const auto before = d.call->ever<StartTool>().size();
    while (d.call->ever<StartTool>().size() == before) d.call->wait(1s);
    CHECK(d.call->ever<StartTool>().back().handle == "batch_7");
    asked.push_back(d.call->now - last);
  }
  CHECK(asked == std::vector<Millis>{10s, 20s, 40s, 60s, 60s});
  d.call->finishes(job);
  CHECK(d.call->decided(Decision::ToolReady));
}

TEST_CASE("whoever cannot be asked is asked again; the work is not begun a second time") {
  Desk d;
  d.goes_on_elsewhere();
  d.rings(0ms, "call-1");
  const auto job = d.call->lookup();
  d.call->step(ToolPending{job, 1, "batch_7"});
  d.call->wait(10s);
  d.call->step(ToolFailed{job, 2, "R0101", "cannot reach it", true});
  CHECK_FALSE(d.call->decided(Decision::ToolFailed));
  d.call->wait(20s);
  CHECK(d.call->ever<StartTool>().back().handle == "batch_7");
  SECTION("but a service that says no has failed") {
    d.call->step(ToolFailed{job, 3, "R0213", "the job came to nothing", false});
    CHECK(d.call->decided(Decision::ToolFailed));
  }
}

TEST_CASE("work elsewhere goes on over a hang-up and is asked for in the next call") {
  Desk d;
  d.goes_on_elsewhere();
  d.rings(0ms, "call-1");
  const auto job = d.call->lookup();
  d.call->step(ToolPending{job, 1, "batch_7"});
  SECTION("while it waits to be asked") { d.hangs_up(); }
  SECTION("while it is being asked") {
    d.call->wait(10s);
    d.hangs_up();
    d.call->step(ToolPending{job, 2, "batch_7"});
  }
  SECTION("and nobody answers any more") {
    d.call->wait(10s);
    d.hangs_up();
    d.call->wait(10s);
  }
  CHECK(d.call->session.finished());
  for (const auto& stopped : d.call->ever<StopTool>()) CHECK(stopped.handle.empty());  // it is not given up
  d.store.take(d.call->all);
  REQUIRE(d.store.jobs.size() == 1);
  d.rings(5min);
  REQUIRE(d.call->ever<StartTool>().size() == 1);
  CHECK(d.call->ever<StartTool>()[0].handle == "batch_7");
  const JobId now{d.call->session.state().last_job};
  d.call->step(ToolFinished{now, 1, "the plan"});
  d.call->wait(1s);
  d.call->answers();
  CHECK(d.told() == 1);
  d.store.take(d.call->all);
  CHECK(d.store.jobs.empty());
}

TEST_CASE("work elsewhere that is stopped or too late is given up there") {
  Desk d;
  d.goes_on_elsewhere();
  d.shop.rules().timeout = 15s;
  d.rings(0ms, "call-1");
  const auto job = d.call->lookup();
  d.call->step(ToolPending{job, 1, "batch_7"});
  d.call->wait(16s);
  CHECK(d.call->decided(Decision::ToolTimedOut));
  const auto stopped = d.call->ever<StopTool>();
  REQUIRE(stopped.size() == 1);
  CHECK(stopped[0].handle == "batch_7");
  CHECK(stopped[0].tool == d.shop.look);
}

TEST_CASE("a work that was asked for in an earlier call is not begun again when it is asked for in this one") {
  Desk d;
  d.rings(0ms, "call-1");
  d.call->lookup("orders");
  d.hangs_up();
  d.over();
  d.rings();
  REQUIRE(d.call->ever<StartTool>().size() == 1);
  d.call->turn();
  const auto response = d.call->starts();
  d.call->calls_tool("look", Value::Record{{"query", "orders"}}, response);
  CHECK(d.call->ever<StartTool>().size() == 1);
  CHECK(d.call->decided(Decision::ToolJoined));
}

// ── State ──

namespace {

struct Shelf : Desk {
  Id<ir::StateField> name;
  Shelf() {
    shop.rules().on_hangup = P::OnHangup::Finish;
    auto& p = shop.program;
    const auto text = p.types.add({.kind = ir::Type::Kind::String, .optional = true});
    const auto from = p.exprs.add({.op = ir::Expr::Op::Call, .name = "from"});
    name = p.state.add({.name = "name", .type = text, .kept_for = 24h, .kept_by = from});
    ir::Expr result{.op = ir::Expr::Op::Local, .name = "result"};
    p.tools[shop.look].sets = {{name, p.exprs.add(result)}};
  }
};

}  // namespace

TEST_CASE("state that is kept is there when the caller calls again, before the first word") {
  Shelf d;
  d.rings(0ms, "call-1");
  CHECK(d.call->session.state().values[d.name.index].is_none());
  d.call->finishes(d.call->lookup(), "Ada");
  const auto kept = d.call->ever<Remember>();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0] == Remember{{d.name, "+15550100"}, "Ada", 24h});
  d.hangs_up();
  d.store.take(d.call->all);

  d.call = std::make_unique<Call>(d.shop.program);
  d.call->step(CallerConnected{"+15550100", "call-2"});
  const auto order = d.call->the<Recall>();
  CHECK(order.values == std::vector<Memo>{{d.name, "+15550100"}});
  CHECK(order.caller.empty());
  d.call->step(d.store.known(order, 1h));
  CHECK(d.call->effects<OpenLink>().size() == 1);
  CHECK(d.call->session.state().values[d.name.index] == Value("Ada"));
}

TEST_CASE("at the end of a call what is known is kept for its whole time again") {
  Shelf d;
  d.call = std::make_unique<Call>(d.shop.program);
  d.call->step(CallerConnected{"+15550100", "call-2"});
  d.call->step(Recalled{{{d.name, "Ada"}}, {}});
  d.call->open();
  CHECK(d.call->ever<Remember>().empty());
  d.hangs_up();
  CHECK(d.call->ever<Remember>() == std::vector{Remember{{d.name, "+15550100"}, "Ada", 24h}});
}

TEST_CASE("a kept value of another type than the program has now is left alone") {
  Shelf d;
  d.call = std::make_unique<Call>(d.shop.program);
  d.call->step(CallerConnected{"+15550100", "call-2"});
  d.call->step(Recalled{{{d.name, Value(7)}, {d.shop.flag, Value(true)}}, {}});
  CHECK(d.call->session.state().values[d.name.index].is_none());
  CHECK(d.call->session.state().values[d.shop.flag.index] == Value(false));  // is not declared to be kept
}

TEST_CASE("what is kept does not hand the call over as if it had just become true") {
  Shelf d;
  auto& p = d.shop.program;
  ir::Handoff edge;
  edge.from = d.shop.desk;
  edge.target = {ir::Target::Kind::Agent, d.shop.other};
  edge.trigger.kind = ir::Trigger::Kind::Becomes;
  edge.guard = p.exprs.add({.op = ir::Expr::Op::State, .state = d.name});
  p.handoffs.add(edge);
  d.call = std::make_unique<Call>(p);
  d.call->step(CallerConnected{"+15550100", "call-2"});
  d.call->step(Recalled{{{d.name, "Ada"}}, {}});
  d.call->open();
  CHECK_FALSE(d.call->decided(Decision::HandoffStarted));
}
