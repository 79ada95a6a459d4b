#include "runtime/tools/mcp_doer.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/tools/answer.h"

namespace flow::tools {
namespace {

// What JSON Schema calls a type; empty: it may be anything.
auto schema_word(ir::Type::Kind kind) -> std::string_view {
  using enum ir::Type::Kind;
  switch (kind) {
    case Int:
    case Duration: return "integer";
    case Float: return "number";
    case Bool: return "boolean";
    case Record: return "object";
    case List: return "array";
    case Json: return {};
    default: return "string";
  }
}

// Whether a schema's `type`, a word or a list of words, takes what we send.
auto takes(const Value& schema, std::string_view word) -> bool {
  const auto* type = schema.field("type");
  if (!type || word.empty()) return true;
  const auto fits = [&](const Value& one) { return one.text() && (*one.text() == word || (word == "integer" && *one.text() == "number")); };
  return type->list() ? std::ranges::any_of(*type->list(), fits) : fits(*type);
}

class McpDoer final : public Doer {
 public:
  McpDoer(const Outside& outside, McpServers& servers) : outside_(outside), servers_(servers) {}

  auto start(Task task, Hearer hearer) -> std::shared_ptr<void> override {
    const auto& work = *task.tool->work;
    auto arguments = *task.arguments.record();
    std::erase_if(arguments, [](const auto& argument) { return argument.second.is_none(); });  // left out, not null
    return servers_.of(work.service).call(work.name, Value(std::move(arguments)), task.ends_at, hearer.progress, [this, hearer, tool = task.tool](const Result<Value>& answer) {
      if (answer) return hearer.done(outcome_of(outside_.program, *tool, *answer));
      hearer.done(Failed{answer.error().code, answer.error().text, worth_another_try(answer.error())});
    });
  }

 private:
  const Outside& outside_;
  McpServers& servers_;
};

}  // namespace

McpServers::McpServers(const Outside& outside, Access& access) : outside_(outside), access_(access) {}

auto McpServers::of(Id<ir::Service> id) -> mcp::Server& {
  auto& server = servers_[id.index];
  if (server) return *server;
  const auto& service = outside_.program.services[id];
  mcp::ServerSetup setup{.loop = outside_.loop, .name = service.name, .url = outside_.settings.text(service.at)};
  setup.send = [this, &service](net::HttpRequest request, auto done) { return access_.send(service, std::move(request), std::move(done)); };
  if (!service.command.empty()) setup.program = {.command = service.command, .folder = outside_.folder, .environment = environment_for(service.env, outside_.environment)};
  server = std::make_unique<mcp::Server>(std::move(setup));
  return *server;
}

auto outcome_of(const ir::Program& program, const ir::Tool& tool, const Value& result) -> Outcome {
  std::string texts;
  if (const auto* content = result.field("content"); content && content->list()) {
    for (const auto& block : *content->list()) {
      const auto *type = block.field("type"), *text = block.field("text");
      if (!type || !type->text() || *type->text() != "text" || !text || !text->text()) continue;
      texts += (texts.empty() ? "" : "\n") + *text->text();
    }
  }
  const auto* failed = result.field("isError");
  if (failed && failed->truthy()) return Failed{"R0201", texts.empty() ? fmt::format("`{}` failed, and did not say why", tool.name) : shortened(texts)};
  if (!tool.result) return Done{};
  const auto kind = program.types[tool.result].kind;
  const auto* structured = result.field("structuredContent");
  if (structured && structured->record() && kind != ir::Type::Kind::String) {
    const auto& fields = *structured->record();
    // Servers wrap what is no record into one of this name.
    const auto wrapped = kind != ir::Type::Kind::Record && kind != ir::Type::Kind::Json && fields.size() == 1 && fields[0].first == "result";
    return Done{trimmed(program, wrapped ? fields[0].second : *structured, tool.result)};
  }
  return read_answer(program, tool, texts);
}

auto unlike(const ir::Program& program, const ir::Tool& tool, const std::vector<mcp::Offer>& offers) -> std::string {
  const auto offer = std::ranges::find(offers, tool.work->name, &mcp::Offer::name);
  if (offer == offers.end()) {
    std::vector<std::string> names;
    for (const auto& each : offers) names.push_back(each.name);
    return fmt::format("it has no tool `{}`, but {}", tool.work->name, names.empty() ? "none at all" : fmt::format("{}", fmt::join(names, ", ")));
  }
  const auto* properties = offer->schema.field("properties");
  for (const auto& param : tool.params) {
    const auto* property = properties ? properties->field(param.name) : nullptr;
    const auto word = schema_word(program.types[param.type].kind);
    if (!property) return fmt::format("`{}` takes no `{}` there", offer->name, param.name);
    if (!takes(*property, word)) return fmt::format("`{}` of `{}` is {} there, and `{}` here", param.name, offer->name, to_json(*property->field("type")), word);
  }
  const auto* required = offer->schema.field("required");
  for (const auto& name : required && required->list() ? *required->list() : Value::List{}) {
    const auto declared = std::ranges::find_if(tool.params, [&](const ir::Field& param) { return name.text() && param.name == *name.text(); });
    if (declared == tool.params.end()) return fmt::format("`{}` needs `{}` there", offer->name, name.text() ? *name.text() : to_json(name));
    if (program.types[declared->type].optional) return fmt::format("`{}` needs `{}` there, and it may be left out here", offer->name, declared->name);
  }
  return {};
}

auto mcp_doer(const Outside& outside, McpServers& servers) -> std::unique_ptr<Doer> { return std::make_unique<McpDoer>(outside, servers); }

}  // namespace flow::tools
