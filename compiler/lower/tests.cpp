#include "compiler/lower/tests.h"

#include <algorithm>
#include <map>

#include "compiler/check/args.h"
#include "compiler/check/names.h"
#include "compiler/check/steps.h"
#include "compiler/ir/eval.h"
#include "compiler/lower/expressions.h"
#include "compiler/lower/forms.h"
#include "compiler/lower/types.h"

namespace flow::lower {
namespace {

using check::Args;
using Kind = ir::TestStep::Kind;

constexpr ir::Millis LongestStep{24 * 3'600'000};  // of virtual time; what is beyond it is a slip of the unit

class Steps {
 public:
  explicit Steps(Context& context) : context_(context) {}

  auto all(const ast::TestDecl& test) -> ir::Test {
    ir::Test row{.title = test.title, .at = test.title_at, .steps = {}};
    for (const auto& source : test.steps) {
      const auto values = check::steps::values_of(source);
      ir::TestStep step{.at = source.at, .about = source.name.at};
      Args args{values};
      if (one(source.name.text, args, step)) row.steps.push_back(std::move(step));
    }
    return row;
  }

 private:
  auto one(const std::string& clause, Args& args, ir::TestStep& step) -> bool {
    if (const auto* first = args.peek()) step.about = {step.at.file, step.at.begin, first->at.end};
    if (clause == "caller") return caller(args, step);
    if (clause == "model") return model(args, step);
    if (clause == "tool") return tool(args, step);
    if (clause == "provider") return provider(args, step);
    if (clause == "transfer") return transfer(args, step);
    if (clause == "earlier") return earlier(args, step);
    if (clause == "expect") return expect(args, step);
    return clause == "check" && check(args, step);
  }

  // ── Times ──

  auto time(Args& args) -> std::optional<ir::Millis> {
    const auto* at = args.peek();
    const auto given = args.duration();
    if (given && (*given < ir::Millis{0} || *given > LongestStep)) {
      context_.report().add(at->at, diag::OutOfRange, diag::Name{"a time of a test"}, diag::Text{"between nothing and a day"});
    }
    return given;
  }
  void times(Args& args, ir::TestStep& step) {
    if (args.word("after")) step.after = time(args);
    if (args.word("for")) step.lasts = time(args);
  }

  // ── Steps ──

  auto caller(Args& args, ir::TestStep& step) -> bool {
    static const std::map<std::string_view, Kind> verbs{{"says", Kind::Says},       {"interrupts", Kind::Interrupts}, {"coughs", Kind::Coughs}, {"waits", Kind::Waits},
                                                        {"presses", Kind::Presses}, {"types", Kind::Types},           {"voicemail", Kind::Voicemail},   {"hangs_up", Kind::HangsUp}};
    const auto verb = verbs.find(args.word());
    if (verb == verbs.end()) return false;
    step.kind = verb->second;
    if (step.kind == Kind::Waits) {
      step.lasts = time(args);
      return true;
    }
    const auto* text = args.peek();
    if (!text) return verb->second == Kind::Coughs || verb->second == Kind::HangsUp || verb->second == Kind::Voicemail;
    step.words = args.constant().value_or("");
    if (step.kind == Kind::Presses && (step.words.empty() || step.words.find_first_not_of("0123456789*#") != std::string::npos)) {
      context_.report().add(text->at, diag::OutOfRange, diag::Name{"presses"}, diag::Text{"keys of a phone: 0 to 9, `*` and `#`"});
      return false;
    }
    const auto* first = args.peek();
    times(args, step);
    if (step.lasts.value_or(ir::Millis{0}) > ir::LongestSpeech && first) {
      context_.report().add(first->at, diag::OutOfRange, diag::Name{"for"}, diag::Text{"two minutes at the most; who speaks for longer pauses, and is several steps"});
    }
    return true;
  }

  auto model(Args& args, ir::TestStep& step) -> bool {
    const auto verb = args.word();
    if (verb == "fails") step.kind = Kind::ModelFails;
    if (verb == "says") {
      step.kind = args.word("nothing") ? Kind::ModelSaysNothing : Kind::ModelSays;
      step.words = args.constant().value_or("");
      times(args, step);
    }
    if (verb == "calls") {
      step.kind = Kind::ModelCalls;
      while (const auto* expr = args.expr()) {
        auto call = this->call(*expr, true);
        if (!call) return false;
        step.calls.push_back(*std::move(call));
      }
    }
    if (verb == "hands_off") {
      step.kind = Kind::ModelHandsOff;
      return hands_off(args, step);
    }
    return true;
  }

  // The tool's name and the arguments of `lookup_orders(query: "x")`. `whole`: nothing may be missing.
  auto call(const ast::Expr& expr, bool whole) -> std::optional<ir::TestCall> {
    const auto* call = expr.as<ast::Call>();
    if (!call) return std::nullopt;
    const auto name = call->callee.text();
    if (const auto form = form_of(call->callee)) return form_call(*call, expr.at, *form);
    if (name == "remember" && !context_.program.extract_schema.empty() && !context_.scope().tool(call->callee)) {
      const auto params = extracted_fields(context_.program);
      auto learned = this->arguments(*call, expr.at, params, "the state", name, whole);
      return learned ? std::optional{ir::TestCall{.tool = {}, .name = name, .arguments = *std::move(learned)}} : std::nullopt;
    }
    const auto edge = std::ranges::find_if(context_.program.handoffs, [&](const ir::Handoff& h) { return h.trigger.kind == ir::Trigger::Kind::Model && h.function == name; });
    if (call->callee.simple() && edge != context_.program.handoffs.end()) return edge_call(*call, expr.at, *edge);
    const auto tool = tool_of(call->callee, name == "read_result" || name == "stop_tool");
    if (!tool && name != "read_result" && name != "stop_tool") return std::nullopt;
    ir::TestCall out{.tool = tool.value_or(Id<ir::Tool>{}), .name = tool ? context_.program.tools[*tool].name : name};
    const auto params = tool ? context_.program.tools[*tool].params
                             : std::vector<ir::Field>{{.name = "number", .type = type_row(context_.program, {.kind = ir::Type::Kind::Int}), .doc = {}, .fallback = {}}};
    auto arguments = this->arguments(*call, expr.at, params, "tool `" + out.name + "`", out.name, whole);
    if (!arguments) return std::nullopt;
    out.arguments = *std::move(arguments);
    return out;
  }

  // `request(order: "A1")`, or by its function: `fill_request(…)`. Forms of one name have one function.
  auto form_of(const ast::Path& path) const -> std::optional<Id<ir::Form>> {
    if (context_.scope().tool(path)) return std::nullopt;
    for (std::size_t i = 0; i < context_.program.forms.size(); ++i) {
      const auto id = context_.program.forms.id_at(i);
      const auto& form = context_.program.forms[id];
      if (path.is(form.name.c_str()) || path.is(form.function.c_str())) return id;
    }
    return std::nullopt;
  }
  auto form_call(const ast::Call& call, Span at, Id<ir::Form> id) -> std::optional<ir::TestCall> {
    const auto params = form_parameters(context_.program, context_.program.forms[id]);
    const auto name = context_.program.forms[id].function;
    auto answers = arguments(call, at, params, "form `" + context_.program.forms[id].name + "`", name, true);
    if (!answers) return std::nullopt;
    return ir::TestCall{.tool = {}, .form = id, .name = name, .arguments = *std::move(answers)};
  }
  // The function by which the model takes an edge: beside others in one response.
  auto edge_call(const ast::Call& call, Span at, const ir::Handoff& edge) -> std::optional<ir::TestCall> {
    const auto carry = edge.carry;
    ir::TestCall out{.tool = {}, .name = edge.function};
    auto values = arguments(call, at, carry, "the handoff `" + out.name + "`", out.name, true);
    if (!values) return std::nullopt;
    out.arguments = *std::move(values);
    return out;
  }

  auto arguments(const ast::Call& call, Span at, const std::vector<ir::Field>& params, const std::string& what, const std::string& name, bool whole) -> std::optional<Value> {
    Value::Record values;
    bool wrong = false;
    std::size_t place = 0;
    for (const auto& arg : call.args) {
      const auto wanted = arg.name.missing() && place < params.size() ? params[place++].name : arg.name.text;
      const auto param = std::ranges::find(params, wanted, &ir::Field::name);
      if (param == params.end()) {
        context_.report().add(arg.name.missing() ? arg.at : arg.name.at, diag::NoField, diag::Text{what}, diag::Name{wanted});
        wrong = true;
      } else if (auto value = constant(arg.value, param->type)) {
        values.emplace_back(wanted, *std::move(value));
      } else {
        wrong = true;
      }
    }
    for (const auto& param : params) {
      const bool given = std::ranges::any_of(values, [&](const auto& value) { return value.first == param.name; });
      if (!whole || wrong || given || param.fallback || context_.program.types[param.type].optional) continue;
      context_.report().add(at, diag::MissingField, diag::Name{name}, diag::Name{param.name});
      wrong = true;
    }
    return wrong ? std::nullopt : std::optional{Value{std::move(values)}};
  }

  auto constant(const ast::Expr& expr, Id<ir::Type> type) -> std::optional<Value> {
    Expressions names{context_, {}, true};
    const auto lowered = names.value_for(expr, type);
    if (!lowered) return std::nullopt;
    return ir::evaluate(context_.program, *lowered, {});
  }

  // `perhaps`: the name may stand for something else, so nothing is said if there is no such tool.
  auto tool_of(const ast::Path& path, bool perhaps = false) -> std::optional<Id<ir::Tool>> {
    const auto found = context_.scope().look_up(check::NameKind::Tool, path);
    const auto* declared = context_.scope().tool(path);
    if (declared && context_.tools.contains(declared)) return context_.tools.at(declared);
    if (!perhaps) check::report_lookup(found, check::NameKind::Tool, path, context_.checked);
    return std::nullopt;
  }

  // An edge that the model may take leads to the target, and the values are what it carries.
  auto hands_off(Args& args, ir::TestStep& step) -> bool {
    const auto* expr = args.expr();
    const auto* call = expr ? expr->as<ast::Call>() : nullptr;
    const auto* name = call ? &call->callee : expr ? expr->as<ast::Path>() : nullptr;
    if (!name) return false;
    const auto& path = *name;
    if (!path.is("back")) {
      const auto* agent = context_.scope().agent(path);
      const auto transfer = context_.transfers.find(context_.scope().transfer(path));
      if (transfer != context_.transfers.end()) {
        step.target = {ir::Target::Kind::Transfer, {}, transfer->second};
      } else if (agent && context_.agents.contains(agent)) {
        step.target = {ir::Target::Kind::Agent, context_.agents.at(agent)};
      } else {
        check::report_lookup(context_.scope().look_up(check::NameKind::Target, path), check::NameKind::Target, path, context_.checked);
        return false;
      }
    } else {
      step.target = {ir::Target::Kind::Back, {}};
    }
    const auto leads_there = [&](const ir::Handoff& edge) { return edge.trigger.kind == ir::Trigger::Kind::Model && edge.target == step.target; };
    const auto edge = std::ranges::find_if(context_.program.handoffs, leads_there);
    if (edge == context_.program.handoffs.end()) {
      context_.report().add(path.at, diag::NoModelEdge, diag::Name{path.text()});
      return false;
    }
    const auto carry = edge->carry;
    auto values = arguments(call ? *call : ast::Call{path, {}}, expr->at, carry, "the handoff to `" + path.text() + "`", path.text(), true);
    if (values) step.carry = *std::move(values);
    return values.has_value();
  }

  auto tool(Args& args, ir::TestStep& step) -> bool {
    const auto* path = args.path();
    const auto tool = path ? tool_of(*path) : std::nullopt;
    if (!tool) return false;
    step.tool = *tool;
    step.about = {step.at.file, step.at.begin, path->at.end};
    const auto declared = context_.program.tools[*tool];
    if (ir::is_builtin(declared.body)) {
      context_.report().add(path->at, diag::BuiltinInTest, diag::Name{declared.name});
      return false;
    }
    const auto verb = args.word();
    if (verb == "returns") {
      step.kind = Kind::ToolReturns;
      if (!returns(args, declared, step)) return false;
    } else if (verb == "fails") {
      step.kind = Kind::ToolFails;
      step.network = args.word("network");
      step.words = args.constant().value_or("it did not work");
    } else if (verb == "progresses") {
      step.kind = Kind::ToolProgresses;
      step.words = args.constant().value_or("");
    } else {
      step.kind = Kind::ToolNever;
    }
    times(args, step);
    return true;
  }

  auto returns(Args& args, const ir::Tool& tool, ir::TestStep& step, const char* word = "returns") -> bool {
    const auto* next = args.peek();
    const bool given = next && next->word() != "after";
    if (!given && tool.result) {
      context_.report().add(step.about, diag::MissingArgument, diag::Name{word}, diag::Text{"what `" + tool.name + "` returns"});
      return false;
    }
    if (!given) return true;
    const auto* expr = args.expr();
    if (!expr) return false;
    if (!tool.result) {
      context_.report().add(expr->at, diag::ReturnsNothing, diag::Name{tool.name});
      return false;
    }
    auto value = constant(*expr, tool.result);
    if (value) step.result = *std::move(value);
    return value.has_value();
  }

  auto earlier(Args& args, ir::TestStep& step) -> bool {
    step.kind = Kind::Earlier;
    const auto* expr = args.expr();
    auto begun = expr ? call(*expr, true) : std::nullopt;
    if (!begun || !begun->tool) return false;
    const auto declared = context_.program.tools[begun->tool];
    step.calls.push_back(*std::move(begun));
    step.is_ready = args.word("returned");
    return !step.is_ready || returns(args, declared, step, "returned");
  }

  auto provider(Args& args, ir::TestStep& step) -> bool {
    const auto verb = args.word();
    step.kind = verb == "drops" ? Kind::Drops : verb == "refuses" ? Kind::Refuses : Kind::Leaves;
    if (step.kind == Kind::Refuses) step.times = limited(args.integer().value_or(0));
    if (args.word("within")) step.lasts = time(args);
    times(args, step);
    return true;
  }

  auto transfer_of(const ast::Path& path) -> std::optional<Id<ir::Transfer>> {
    const auto* declared = context_.scope().transfer(path);
    if (const auto row = context_.transfers.find(declared); row != context_.transfers.end()) return row->second;
    const auto found = context_.scope().look_up(check::NameKind::Target, path);
    if (found.symbol) unknown(context_, "transfer", path);
    else check::report_lookup(found, check::NameKind::Target, path, context_.checked);
    return std::nullopt;
  }

  auto transfer(Args& args, ir::TestStep& step) -> bool {
    static const std::map<std::string_view, Kind> verbs{
        {"answers", Kind::TransferAnswers}, {"rings", Kind::TransferRings}, {"fails", Kind::TransferFails}, {"unsupported", Kind::TransferUnsupported}, {"never", Kind::TransferNever}};
    const auto* path = args.path();
    const auto to = path ? transfer_of(*path) : std::nullopt;
    if (!to) return false;
    step.transfer = *to;
    step.about = {step.at.file, step.at.begin, path->at.end};
    const auto verb = verbs.find(args.word());
    if (verb == verbs.end()) return false;
    step.kind = verb->second;
    if (step.kind == Kind::TransferFails) step.words = args.constant().value_or("");
    times(args, step);
    return true;
  }

  // ── What must follow ──

  auto expect(Args& args, ir::TestStep& step) -> bool {
    using Of = ir::Expectation::Kind;
    step.kind = Kind::Expect;
    step.about = step.at;
    auto& e = step.expectation;
    if (args.word("no")) {
      e.kind = args.word("overlap") ? Of::NoOverlap : Of::NoSilence;
      if (e.kind == Of::NoSilence) args.word("silence"), args.word("over"), e.limit = time(args).value_or(e.limit);
      return true;
    }
    const auto start = args;
    if (args.word("call") && args.word("lasts") && args.word("under")) {
      e.kind = Of::LastsUnder;
      e.limit = time(args).value_or(e.limit);
      return true;
    }
    args = start;
    const bool never = args.word("not");
    auto what = event(args);
    if (!what) return false;
    e.what = *std::move(what);
    if (args.word("before")) {
      auto then = event(args);
      if (!then) return false;
      e.kind = Of::Before;
      e.then = *std::move(then);
      return true;
    }
    if (never) e.kind = Of::Never;
    if (args.word("once")) e.times = 1;
    if (const auto times = args.integer()) e.times = limited(*times), args.word("times");
    if (args.word("within")) e.within = time(args);
    return true;
  }

  // Of a step that is not complete nothing comes out; the check of the steps' shapes has said what is missing.
  auto event(Args& args) -> std::optional<ir::Happening> {
    using Of = ir::Happening::Kind;
    const auto before = args;
    if (args.word("said")) {
      if (auto words = args.constant()) return ir::Happening{.kind = Of::Said, .words = *std::move(words)};
    }
    args = before;
    if (args.word("agent")) {
      const auto* path = args.path();
      const auto* agent = path ? context_.scope().agent(*path) : nullptr;
      if (agent && context_.agents.contains(agent)) return ir::Happening{.kind = Of::AgentActive, .agent = context_.agents.at(agent)};
      if (agent || !path || is_state(*path)) args = before;
      else return std::nullopt;  // no agent of that name: reported by the name check
    }
    if (args.word("call") && args.word("ended")) return ir::Happening{.kind = Of::CallEnded};
    args = before;
    if (args.word("transfer")) {
      const auto* path = args.path();
      if (path && !is_state(*path)) {
        const auto to = transfer_of(*path);
        if (!to) return std::nullopt;
        const auto& words = ir::words_of_transfer_news();
        const auto word = std::ranges::find(words, args.word());
        if (word == words.end()) return std::nullopt;
        return ir::Happening{.kind = Of::Transfer, .transfer = *to, .moved = static_cast<ir::TransferNews>(word - words.begin())};
      }
    }
    args = before;
    const auto* expr = args.expr();
    if (!expr) return std::nullopt;
    ir::Happening out;
    if (const auto* path = expr->as<ast::Path>()) {
      const auto tool = tool_of(*path);
      if (!tool) return std::nullopt;
      out.tool = *tool;
    } else {
      const auto called = call(*expr, false);
      if (!called || !called->tool) return std::nullopt;
      out.tool = called->tool;
      out.arguments = called->arguments;
    }
    const auto& words = ir::words_of_tool_news();
    out.news = static_cast<ir::ToolNews>(std::ranges::find(words, args.word()) - words.begin());
    const auto& tool = context_.program.tools[out.tool];
    const auto waits = context_.program.policies.has(tool.policy) && context_.program.policies[tool.policy].mode == ir::Policy::Mode::Blocking;
    if (out.news == ir::ToolNews::Acked && waits) context_.report().add(expr->at, diag::NeverAcked, diag::Name{tool.name});
    return out;
  }
  static auto is_state(const ast::Path& path) -> bool {
    const auto& words = ir::words_of_tool_news();
    return path.simple() && std::ranges::find(words, path.text()) != words.end();
  }

  auto check(Args& args, ir::TestStep& step) -> bool {
    step.kind = Kind::Check;
    const auto* expr = args.expr();
    if (!expr) return false;
    step.about = expr->at;
    Expressions names{context_, form_names(context_)};
    step.condition = names.condition(*expr).expr;
    return bool(step.condition);
  }

  Context& context_;
};

}  // namespace

auto lower_tests(Context& context) -> std::vector<ir::Test> {
  std::vector<ir::Test> tests;
  std::map<std::string, Span> titles;
  for (const auto* module : context.modules) {
    for (const auto& test : module->tree.tests) {
      const auto [first, fresh] = titles.emplace(test.title, test.title_at);
      if (!fresh) context.report().add(test.title_at, diag::DuplicateName, diag::Kind{"test"}, diag::Name{test.title}).note(first->second, "the first is here");
      tests.push_back(Steps{context}.all(test));
    }
  }
  return tests;
}

}  // namespace flow::lower
