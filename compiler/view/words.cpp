#include "compiler/view/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/describe.h"
#include "compiler/ir/words.h"

namespace flow::view {
namespace {

using ir::Policy;

// As in the source: with the escapes that a text needs.
auto quoted(std::string_view text) -> std::string {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') out += "\\n";
    else out += c;
  }
  return out + '"';
}

auto or_else(const ir::Program& program, const ir::Else& otherwise) -> std::string {
  return otherwise.actions.empty() ? "" : " else " + actions(program, otherwise.actions);
}

auto action(const ir::Program& program, const ir::Action& a) -> std::string {
  using Kind = ir::Action::Kind;
  switch (a.kind) {
    case Kind::Say: return "say " + line(program, *a.line);
    case Kind::Ask: return "ask " + a.field;
    case Kind::Set: return fmt::format("set {} = {}", program.state[a.state].name, describe(program, a.expr));
    case Kind::Run: {
      std::string args;
      for (const auto& [name, value] : a.args) args += fmt::format("{}{}: {}", args.empty() ? "" : ", ", name, describe(program, value));
      return fmt::format("run {}({})", program.tools[a.tool].name, args);
    }
    case Kind::Handoff: return "handoff " + target(program, a.target);
    case Kind::EndCall: return a.line ? "end_call " + line(program, *a.line) : "end_call";
    case Kind::If: break;
  }
  auto out = fmt::format("if {} {{ {} }}", describe(program, a.expr), actions(program, a.then));
  if (!a.otherwise.empty()) out += fmt::format(" else {{ {} }}", actions(program, a.otherwise));
  return out;
}

auto ack(const ir::Program& program, const Policy& p) -> std::string { return p.ack ? fmt::format("{} after {}", line(program, *p.ack), ir::describe(p.ack_after)) : "none"; }
auto progress(const ir::Program& program, const Policy& p) -> std::string {
  if (p.progress == Policy::Progress::None) return "none";
  if (p.progress == Policy::Progress::FromTool) return "from tool";
  return fmt::format("every {}{}", ir::describe(p.progress_every), p.progress_line ? " " + line(program, *p.progress_line) : "");
}
auto deliver(const Policy& p) -> std::string {
  const std::string word{ir::to_word(p.deliver)};
  return p.deliver == Policy::Deliver::WhenIdle ? word + " " + ir::describe(p.grace) : word;
}
auto escalate(const Policy& p) -> std::string { return p.escalate_to ? fmt::format("after {} to {}", ir::describe(p.escalate_after), ir::to_word(*p.escalate_to)) : "none"; }
auto while_caller_speaks(const Policy& p) -> std::string {
  if (p.while_caller_speaks == Policy::CallerSpeaks::OverrideAfter) return "override after " + ir::describe(p.override_after);
  return std::string{ir::to_word(p.while_caller_speaks)};
}
auto read(const Policy& p) -> std::string {
  switch (p.read) {
    case Policy::Read::SummaryOver: return fmt::format("summary over {} words", p.read_words);
    case Policy::Read::OnRequestOver: return fmt::format("on_request over {} words", p.read_words);
    default: return std::string{ir::to_word(p.read)};
  }
}
auto if_interrupted(const Policy& p) -> std::string {
  if (p.if_interrupted != Policy::IfInterrupted::Retry) return std::string{ir::to_word(p.if_interrupted)};
  return fmt::format("retry {}, then {}", p.interrupted_retries, ir::to_word(p.interrupted_then));
}
auto duplicates(const Policy& p) -> std::string {
  auto out = fmt::format("{} within {}", ir::to_word(p.duplicates), ir::describe(p.duplicates_within));
  if (!p.duplicates_by.empty()) out += fmt::format(" by {}", fmt::join(p.duplicates_by, ", "));
  return out;
}
auto retry(const Policy& p) -> std::string {
  if (p.retries == 0) return "none";
  return fmt::format("{} every {}..{} on {}", p.retries, ir::describe(p.retry_min), ir::describe(p.retry_max), ir::to_word(p.retry_on));
}
auto cancel(const Policy& p) -> std::string {
  switch (p.cancel) {
    case Policy::Cancel::Never: return "never";
    case Policy::Cancel::ByCaller: return "by caller";
    case Policy::Cancel::ByModel: break;
  }
  return "by model";
}

auto count_words(std::string_view text) -> std::size_t {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t';
    if (!blank && !inside) ++words;
    inside = !blank;
  }
  return words;
}

}  // namespace

auto text(const ir::Program& program, const ir::Template& parts) -> std::string {
  std::string out;
  for (const auto& part : parts) {
    switch (part.kind) {
      case ir::TemplatePart::Kind::Text: out += part.text; break;
      case ir::TemplatePart::Kind::Hole: out += "{" + describe(program, part.expr) + "}"; break;
      case ir::TemplatePart::Kind::If:
        out += fmt::format("{{if {}}}{}", describe(program, part.expr), text(program, part.then));
        if (!part.otherwise.empty()) out += "{else}" + text(program, part.otherwise);
        out += "{/if}";
        break;
    }
  }
  return out;
}

auto line(const ir::Program& program, const ir::Line& l) -> std::string {
  const auto* kind = l.kind == ir::Line::Kind::Hint ? "model " : l.is_protected ? "protected " : "";
  return kind + quoted(text(program, l.text));
}

auto actions(const ir::Program& program, const std::vector<ir::Action>& all) -> std::string {
  std::string out;
  for (const auto& each : all) out += (out.empty() ? "" : "; ") + action(program, each);
  return out;
}

auto target(const ir::Program& program, const ir::Target& t) -> std::string {
  if (t.kind == ir::Target::Kind::Back) return "back";
  return t.kind == ir::Target::Kind::Transfer ? program.transfers[t.transfer].name : program.agents[t.agent].name;
}

auto place_of(const ir::Transfer& transfer) -> std::string { return fmt::format("{} {}", ir::to_word(transfer.to), transfer.address); }

auto trigger(const ir::Handoff& handoff) -> std::string {
  switch (handoff.trigger.kind) {
    case ir::Trigger::Kind::Model: return "when " + quoted(handoff.trigger.when);
    case ir::Trigger::Kind::Event: return "on " + ir::describe(handoff.trigger.on);
    case ir::Trigger::Kind::After: return "after " + ir::describe(handoff.trigger.after);
    case ir::Trigger::Kind::Becomes: break;
  }
  return {};
}

auto guard(const ir::Program& program, Id<ir::Expr> condition) -> std::string { return condition ? "if " + describe(program, condition) : std::string{}; }

auto parameters(const ir::Program& program, const std::vector<ir::Field>& fields) -> std::string {
  std::string out;
  for (const auto& field : fields) {
    out += fmt::format("{}{}: {}{}", out.empty() ? "" : ", ", field.name, describe(program, field.type), field.pii ? " pii" : "");
    if (field.fallback) out += " = " + describe(program, field.fallback);
  }
  return out;
}

auto setting(const ir::Setting& setting) -> std::string {
  using enum ir::Setting::From;
  if (setting.from == Text) return fmt::format("\"{}\"", setting.text);
  return fmt::format("{}(\"{}\")", setting.from == Env ? "env" : "secret", setting.text);
}

namespace {

auto in_quotes(const std::vector<std::string>& texts) -> std::string {
  std::string out;
  for (const auto& text : texts) out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", text);
  return out;
}

}  // namespace

auto work(const ir::Program& program, const ir::Tool& tool) -> std::string {
  using enum ir::Tool::Body;
  if (tool.body == Lua) return fmt::format("lua \"{}\"", tool.lua_file);
  if (!tool.work) return {};
  const auto& work = *tool.work;
  const auto service = work.service ? program.services[work.service].name : std::string{};
  switch (tool.body) {
    case Http: {
      auto out = fmt::format("http {} {} \"{}\"", service, work.method, text(program, work.text));
      for (const auto& header : work.headers) out += fmt::format("; header \"{}\" {}", header.name, setting(header.value));
      if (work.content) out += "; body " + describe(program, work.content);
      return out;
    }
    case Mcp: return fmt::format("mcp {} \"{}\"", service, work.name);
    case Exec: return "exec " + in_quotes(work.command) + (work.folder.empty() ? "" : fmt::format("; cwd \"{}\"", work.folder));
    case Sql: return fmt::format("sql {} \"{}\"", service, text(program, work.text));
    default: return fmt::format("batch url {}; model \"{}\"; poll {}..{}", setting(work.url), work.model, ir::describe(work.poll_min), ir::describe(work.poll_max));
  }
}

auto place(const ir::Service& service) -> std::string {
  const auto* kind = service.kind == ir::Service::Kind::Http ? "url" : service.kind == ir::Service::Kind::Mcp ? "mcp" : "database";
  return service.command.empty() ? fmt::format("{} {}", kind, setting(service.at)) : fmt::format("{} exec {}", kind, in_quotes(service.command));
}

auto auth(const ir::Service& service) -> std::string {
  const auto& auth = service.auth;
  switch (auth.kind) {
    case ir::Auth::Kind::None: return {};
    case ir::Auth::Kind::Bearer: return fmt::format("bearer secret(\"{}\")", auth.secret);
    case ir::Auth::Kind::Header: return fmt::format("header \"{}\" secret(\"{}\")", auth.header, auth.secret);
    case ir::Auth::Kind::OAuth: break;
  }
  return fmt::format("oauth {}; token {}; client {}; scopes {}", auth.provider, setting(auth.token_url), setting(auth.client), in_quotes(auth.scopes));
}

auto cells(const ir::Program& program, const Policy& p) -> std::vector<Cell> {
  const auto word = [](auto value) { return std::string{ir::to_word(value)}; };
  return {{"mode", word(p.mode)},
          {"ack", ack(program, p)},
          {"progress", progress(program, p)},
          {"deliver", deliver(p)},
          {"escalate", escalate(p)},
          {"while_caller_speaks", while_caller_speaks(p)},
          {"announce", p.announce ? quoted(text(program, *p.announce)) : "none"},
          {"read", read(p)},
          {"coalesce", fmt::format("{} max {}", ir::describe(p.coalesce_window), p.coalesce_max)},
          {"priority", word(p.priority)},
          {"supersedes", p.supersedes ? fmt::format("by {}", fmt::join(p.supersedes_by, ", ")) : "none"},
          {"heard", fmt::format("{}%", p.heard_percent)},
          {"if_interrupted", if_interrupted(p)},
          {"duplicates", duplicates(p)},
          {"concurrency", fmt::format("{}{}", p.concurrency, or_else(program, p.concurrency_else))},
          {"timeout", ir::describe(p.timeout) + or_else(program, p.timeout_else)},
          {"retry", retry(p)},
          {"fails", p.fails_to_handler ? "handler" : actions(program, p.fails.actions)},
          {"expires", ir::describe(p.expires) + or_else(program, p.expires_else)},
          {"on_handoff", word(p.on_handoff)},
          {"on_hangup", word(p.on_hangup)},
          {"cancel", cancel(p)}};
}

auto word_count(const ir::Template& parts) -> std::size_t {
  std::size_t words = 0;
  for (const auto& part : parts) words += count_words(part.text) + word_count(part.then) + word_count(part.otherwise);
  return words;
}

}  // namespace flow::view
