#include "runtime/tools/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/ir/eval.h"
#include "runtime/tools/answer.h"

namespace flow::tools {
namespace {

// What names stand for while a tool is called.
class Names {
 public:
  Names(const ir::Program& program, const Task& task) : program_(program), task_(task) {
    for (const auto& field : program.state) {
      const auto* value = task.state.field(field.name);
      state_.push_back(value ? *value : Value{});
    }
  }
  auto value(Id<ir::Expr> expr) const -> Value { return ir::evaluate(program_, expr, {&state_, &task_.arguments, &task_.call}); }

 private:
  const ir::Program& program_;
  const Task& task_;
  std::vector<Value> state_;
};

// One address being written: text as it stands, values escaped.
struct Address {
  const ir::Program& program;
  const Names& names;
  std::string text = {};
  std::set<std::string> used = {};   // parameters
  std::string refused = {};          // not empty: a value that would lead elsewhere

  void add(const ir::Template& parts) {
    for (const auto& part : parts) {
      if (part.kind == ir::TemplatePart::Kind::Text) text += part.text;
      if (part.expr) use(part.expr);
      if (part.kind == ir::TemplatePart::Kind::Hole) add(to_spoken(names.value(part.expr)));
      if (part.kind == ir::TemplatePart::Kind::If) add(names.value(part.expr).truthy() ? part.then : part.otherwise);
    }
  }
  void add(const std::string& value) {
    const auto in_path = text.find('?') == text.npos;
    if (in_path && (value.empty() || value == "." || value == "..")) refused = value.empty() ? "an empty text" : "`" + value + "`";
    text += escaped(value);
  }
  void use(Id<ir::Expr> expr) {
    const auto& e = program.exprs[expr];
    if (e.op == ir::Expr::Op::Local) used.insert(e.name);
    for (const auto arg : e.args) use(arg);
  }
};

auto goes_into_query(const std::string& method) -> bool { return method == "GET" || method == "HEAD" || method == "DELETE"; }

void add_query(std::string& url, const std::string& name, const Value& value) {
  if (value.is_none()) return;
  if (const auto* list = value.list()) {
    for (const auto& each : *list) add_query(url, name, each);
    return;
  }
  url += (url.find('?') == url.npos ? "?" : "&") + escaped(name) + "=" + escaped(to_spoken(value));
}

}  // namespace

auto escaped(std::string_view text) -> std::string {
  std::string out;
  for (const char c : text) {
    const auto plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view{"-._~"}.find(c) != std::string_view::npos;
    plain ? void(out += c) : void(out += fmt::format("%{:02X}", static_cast<unsigned char>(c)));
  }
  return out;
}

auto request_of(const ir::Program& program, const Task& task, const Settings& settings) -> Result<net::HttpRequest> {
  const auto& tool = *task.tool;
  const auto& work = *tool.work;
  const Names names{program, task};
  Address address{program, names};
  address.text = settings.text(program.services[work.service].at);
  const auto has_query = address.text.find('?') != address.text.npos;
  while (!has_query && address.text.ends_with('/')) address.text.pop_back();
  address.add(work.text);
  if (!address.refused.empty()) return failure("R0220", fmt::format("`{}` cannot be asked for with {} in its address", tool.name, address.refused));

  net::HttpRequest request{.method = work.method, .body_max = AnswerMax};
  request.headers.push_back({"Accept", "application/json"});
  for (const auto& header : work.headers) request.headers.push_back({header.name, settings.text(header.value)});
  Value::Record rest;
  for (const auto& [name, value] : *task.arguments.record()) {
    if (!address.used.contains(name)) rest.emplace_back(name, value);
  }
  if (work.content) {
    request.body = to_json(names.value(work.content));
  } else if (goes_into_query(work.method)) {
    for (const auto& [name, value] : rest) add_query(address.text, name, value);
  } else {
    request.body = to_json(Value(std::move(rest)));
  }
  if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  if (const auto* key = task.arguments.field(tool.idempotency_key); key && work.method != "GET" && work.method != "HEAD") {
    request.headers.push_back({"Idempotency-Key", to_spoken(*key)});
  }
  request.url = std::move(address.text);
  return request;
}

auto refusal(const std::string& who, const net::HttpResponse& answer) -> Failed {
  const auto again = answer.status == 408 || answer.status == 429 || answer.status >= 500;
  const auto said = shortened(answer.body);
  return {.code = again ? "R0208" : "R0207", .text = fmt::format("{} answered {}{}", who, answer.status, said.empty() ? "" : ": " + said), .network = again};
}

auto outcome_of(const ir::Program& program, const ir::Tool& tool, const Result<net::HttpResponse>& answer) -> Outcome {
  if (!answer) return Failed{answer.error().code, answer.error().text, worth_another_try(answer.error())};
  if (answer->status / 100 == 2) return read_answer(program, tool, answer->body);
  const auto& work = *tool.work;
  if (answer->status == 404 && work.method == "GET" && tool.result && program.types[tool.result].optional) return Done{};
  return refusal("`" + program.services[work.service].name + "`", *answer);
}

}  // namespace flow::tools
