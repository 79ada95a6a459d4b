#include "compiler/lower/services.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/lower/types.h"

namespace flow::lower {

using check::Args;

auto setting(Args& args) -> ir::Setting {
  using enum ir::Setting::From;
  if (auto name = args.call("env")) return {Env, *std::move(name)};
  if (auto name = args.call("secret")) return {Secret, *std::move(name)};
  return {Text, args.constant().value_or("")};
}

namespace {

auto setting_of(const ast::Block& block, std::string_view name) -> ir::Setting {
  const auto* clause = check::clause(block, name);
  if (!clause) return {};
  Args args{*clause};
  return setting(args);
}

auto secret_of(const ast::Block& block, std::string_view name) -> std::string {
  const auto* clause = check::clause(block, name);
  return clause ? Args{*clause}.call("secret").value_or("") : std::string{};
}

auto texts_of(Args args) -> std::vector<std::string> {
  std::vector<std::string> out;
  while (auto text = args.constant()) out.push_back(*std::move(text));
  return out;
}

// What is sent to this machine itself cannot be read on the way.
auto is_loopback(std::string_view url) -> bool {
  auto host = url.substr(std::min(url.size(), url.find("://") + 3));
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.starts_with("[::1]")) return true;
  host = host.substr(0, host.find(':'));
  return host == "localhost" || (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

// ── Services ─────────────────────────────────────────────────────────────────────────────────────────────────

// Who gives tokens, where everybody knows it.
auto known_token_url(std::string_view provider) -> std::string {
  if (provider == "google") return "https://oauth2.googleapis.com/token";
  if (provider == "microsoft") return "https://login.microsoftonline.com/common/oauth2/v2.0/token";
  return {};
}

class ServiceLowering {
 public:
  ServiceLowering(Context& context, const ast::ServiceDecl& service) : context_(context), service_(service) {}

  void run() {
    ir::Service row{.name = service_.name.text, .declared_at = service_.name.at};
    const auto* address = place(row);
    if (!address) return;
    if (const auto* auth = check::clause(service_.block, "auth")) row.auth = this->auth(*auth);
    for (const auto* env : check::clauses_named(service_.block, "env")) {
      const auto names = texts_of(Args{*env});
      row.env.insert(row.env.end(), names.begin(), names.end());
    }
    encrypted(*address, row);
    if (row.at.text.empty() && row.command.empty()) return;  // reported
    context_.services[&service_] = context_.program.services.add(std::move(row));
  }

 private:
  // The one clause that says where it is.
  auto place(ir::Service& row) -> const ast::Clause* {
    const ast::Clause* found = nullptr;
    for (const auto* name : {"url", "mcp", "database"}) {
      const auto* clause = check::clause(service_.block, name);
      if (!clause) continue;
      if (found) {
        context_.report().add(clause->name.at, diag::SecondPlace, diag::Name{service_.name.text}, diag::Name{found->name.text}).note(found->name.at, "the first is here");
        return found;
      }
      found = clause;
    }
    if (!found) {
      if (!context_.report().has_error_in(service_.at)) context_.report().add(service_.name.at, diag::NoPlace, diag::Name{service_.name.text});
      return nullptr;
    }
    if (found->name.text == "mcp") row.kind = ir::Service::Kind::Mcp;
    if (found->name.text == "database") row.kind = ir::Service::Kind::Database;
    Args args{*found};
    if (row.kind == ir::Service::Kind::Mcp && args.word("exec")) {
      row.command = texts_of(args);
    } else {
      row.at = setting(args);
    }
    return found;
  }

  auto auth(const ast::Clause& clause) -> ir::Auth {
    Args args{clause};
    ir::Auth out;
    if (args.word("bearer")) {
      out.kind = ir::Auth::Kind::Bearer;
      out.secret = args.call("secret").value_or("");
    } else if (args.word("header")) {
      out.kind = ir::Auth::Kind::Header;
      out.header = args.constant().value_or("");
      out.secret = args.call("secret").value_or("");
    } else if (args.word("oauth") && clause.block) {
      out.kind = ir::Auth::Kind::OAuth;
      out.provider = args.word();
      oauth(clause, out);
    }
    return out;
  }

  void oauth(const ast::Clause& clause, ir::Auth& out) {
    const auto& block = *clause.block;
    out.token_url = setting_of(block, "token");
    if (out.token_url.text.empty()) out.token_url.text = known_token_url(out.provider);
    out.client = setting_of(block, "client");
    out.client_secret = secret_of(block, "secret");
    out.refresh = secret_of(block, "refresh");
    if (const auto* scopes = check::clause(block, "scopes")) out.scopes = texts_of(Args{*scopes});
    if (out.token_url.text.empty()) missing(clause, "token");
    if (out.client.text.empty()) missing(clause, "client");
  }

  void missing(const ast::Clause& clause, const char* name) {
    if (!context_.report().has_error_in(clause.at)) context_.report().add(clause.name.at, diag::MissingClause, diag::Text{"`oauth`"}, diag::Name{name});
  }

  // A key goes only where nobody reads it on the way.
  void encrypted(const ast::Clause& address, const ir::Service& row) {
    const auto& url = row.at.text;
    if (row.kind == ir::Service::Kind::Database || row.at.from != ir::Setting::From::Text || url.empty()) return;
    const auto at = address.args.empty() ? address.at : address.args[0].value.at;
    if (!url.starts_with("http://") && !url.starts_with("https://")) {
      context_.report().add(at, diag::NoAddress, diag::Text{url});
    } else if (url.starts_with("http://") && !is_loopback(url) && row.auth.kind != ir::Auth::Kind::None) {
      context_.report().add(at, diag::KeyInClear, diag::Name{row.name});
    } else if (url.starts_with("http://") && !is_loopback(url)) {
      context_.report().add(at, diag::InClear, diag::Name{row.name});
    }
  }

  Context& context_;
  const ast::ServiceDecl& service_;
};

// ── Work ─────────────────────────────────────────────────────────────────────────────────────────────────────

auto kind_text(ir::Service::Kind kind) -> const char* {
  switch (kind) {
    case ir::Service::Kind::Mcp: return "mcp";
    case ir::Service::Kind::Database: return "database";
    default: return "url";
  }
}

class WorkLowering {
 public:
  WorkLowering(Context& context, const ast::ToolDecl& tool, Id<ir::Tool> row) : context_(context), tool_(tool), row_(row) {
    for (const auto& param : context.program.tools[row].params) params_.push_back({param.name, param.type});
  }

  void run() {
    using enum ir::Tool::Body;
    if (const auto* http = clause("http")) return done(Http, this->http(*http));
    if (const auto* mcp = clause("mcp")) return done(Mcp, this->mcp(*mcp));
    if (const auto* exec = clause("exec")) return done(Exec, this->exec(*exec));
    if (const auto* sql = clause("sql")) return done(Sql, this->sql(*sql));
    if (const auto* batch = clause("batch")) return done(Batch, this->batch(*batch));
  }

 private:
  auto clause(std::string_view name) const -> const ast::Clause* { return check::clause(tool_.block, name); }
  auto report() -> diag::Report& { return context_.report(); }
  void done(ir::Tool::Body body, ir::Work work) {
    auto& row = context_.program.tools[row_];
    row.body = body;
    row.work = std::move(work);
  }

  auto service(Args& args, const ast::Clause& clause, ir::Service::Kind kind) -> Id<ir::Service> {
    const auto* path = args.path();
    return path ? service_row(context_, *path, clause, kind) : Id<ir::Service>{};
  }

  auto http(const ast::Clause& clause) -> ir::Work {
    Args args{clause};
    ir::Work out;
    out.service = service(args, clause, ir::Service::Kind::Http);
    const auto* method = args.peek();
    out.method = args.word();
    constexpr std::array Methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    if (method && !out.method.empty() && std::ranges::find(Methods, out.method) == Methods.end()) report().add(method->at, diag::UnknownMethod, diag::Name{out.method});
    if (const auto* path = args.text()) {
      out.text = Expressions{context_, params_}.text(*path);
      const auto begins = !out.text.empty() && out.text[0].kind == ir::TemplatePart::Kind::Text && out.text[0].text.starts_with("/");
      if (!begins) report().add(path->at, diag::PathBegins);
    }
    if (clause.block) {
      for (const auto* header : check::clauses_named(*clause.block, "header")) {
        Args values{*header};
        auto name = values.constant().value_or("");
        out.headers.push_back({std::move(name), setting(values)});
      }
      if (const auto* body = check::clause(*clause.block, "body")) content(*body, out);
    }
    if (in_address(out.method) && !out.content) personal_query(out);
    return out;
  }

  static auto in_address(std::string_view method) -> bool { return method == "GET" || method == "HEAD" || method == "DELETE"; }

  void content(const ast::Clause& body, ir::Work& out) {
    if (out.method == "GET" || out.method == "HEAD") {
      report().add(body.name.at, diag::NotHere, diag::Text{"`body`"}, diag::Text{"a request with " + out.method});
      return;
    }
    Args args{body};
    const auto json = type_row(context_.program, {.kind = ir::Type::Kind::Json, .optional = true});
    if (const auto* expr = args.expr()) {
      if (const auto value = Expressions{context_, params_}.value_for(*expr, json)) out.content = *value;
    }
  }

  // What stands neither in the path nor in a body goes into the query, which everybody on the way may log.
  void personal_query(const ir::Work& out) {
    for (const auto& param : tool_.params) {
      const auto used = std::ranges::any_of(out.text, [&](const ir::TemplatePart& part) { return part.expr && reads(part.expr, param.name.text); });
      if (!used && param.pii) report().add(param.name.at, diag::PersonalInAddress, diag::Name{param.name.text});
    }
  }
  auto reads(Id<ir::Expr> expr, const std::string& name) const -> bool {
    const auto& e = context_.program.exprs[expr];
    if (e.op == ir::Expr::Op::Local && e.name == name) return true;
    return std::ranges::any_of(e.args, [&](Id<ir::Expr> arg) { return reads(arg, name); });
  }

  auto mcp(const ast::Clause& clause) -> ir::Work {
    Args args{clause};
    ir::Work out;
    out.service = service(args, clause, ir::Service::Kind::Mcp);
    out.name = args.constant().value_or(tool_.name.text);
    return out;
  }

  auto exec(const ast::Clause& clause) -> ir::Work {
    ir::Work out{.command = texts_of(Args{clause})};
    const auto* folder = clause.block ? check::clause(*clause.block, "cwd") : nullptr;
    if (folder) out.folder = Args{*folder}.constant().value_or("");
    if (out.command.empty() || out.command[0].empty()) report().add(clause.args.empty() ? clause.at : clause.args[0].value.at, diag::OutOfRange, diag::Name{"exec"}, diag::Text{"the name of a program"});
    return out;
  }

  auto sql(const ast::Clause& clause) -> ir::Work {
    Args args{clause};
    ir::Work out;
    out.service = service(args, clause, ir::Service::Kind::Database);
    const auto* text = args.text();
    if (!text) return out;
    out.text = Expressions{context_, params_}.text(*text);
    const auto writes = tool_.effect == ast::EffectClass::Writes || tool_.effect == ast::EffectClass::WritesOnce;
    if (const auto verb = writing_verb(out.text); !writes && !verb.empty()) report().add(text->at, diag::ReadsAndWrites, diag::Name{tool_.name.text}, diag::Name{verb});
    for (const auto& part : out.text) {
      if (part.kind == ir::TemplatePart::Kind::If) report().add(text->at, diag::NotHere, diag::Text{"`{if}`"}, diag::Text{"a query: its values are bound, and its text is one"});
    }
    quoted_holes(*text, out.text);
    return out;
  }

  // `'{name}'` would be the text `?1`, not the value.
  void quoted_holes(const ast::Template& written, const ir::Template& text) {
    bool open = false;
    for (const auto& part : text) {
      if (part.kind == ir::TemplatePart::Kind::Hole && open) {
        report().add(written.at, diag::QuotedHole);
        return;
      }
      if (part.kind == ir::TemplatePart::Kind::Text && std::ranges::count(part.text, '\'') % 2 == 1) open = !open;
    }
  }

  static auto writing_verb(const ir::Template& text) -> std::string {
    if (text.empty() || text[0].kind != ir::TemplatePart::Kind::Text) return {};
    auto words = text[0].text;
    const auto begin = words.find_first_not_of(" \t\r\n(");
    if (begin == words.npos) return {};
    words = words.substr(begin, words.find_first_of(" \t\r\n", begin) - begin);
    for (auto& c : words) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    constexpr std::array Verbs{"insert", "update", "delete", "replace", "create", "drop", "alter", "vacuum", "attach"};
    return std::ranges::find(Verbs, words) == Verbs.end() ? std::string{} : words;
  }

  auto batch(const ast::Clause& clause) -> ir::Work {
    ir::Work out{.poll_min = ir::Millis{10'000}, .poll_max = ir::Millis{60'000}};
    if (!clause.block) return out;
    const auto& block = *clause.block;
    const auto needs = [&](const char* name) {
      const auto* found = check::clause(block, name);
      if (!found && !report().has_error_in(clause.at)) report().add(clause.name.at, diag::MissingClause, diag::Text{"`batch`"}, diag::Name{name});
      return found;
    };
    const auto* url = needs("url");
    out.url = setting_of(block, "url");
    out.key = secret_of(block, "key");
    if (const auto* model = needs("model")) out.model = Args{*model}.constant().value_or("");
    if (const auto* poll = check::clause(block, "poll")) {
      const auto times = Args{*poll}.durations();
      if (times) std::tie(out.poll_min, out.poll_max) = *times;
      const auto sensible = out.poll_min >= ir::Millis{100} && out.poll_min <= out.poll_max;
      if (times && !sensible) report().add(poll->args[0].value.at, diag::OutOfRange, diag::Name{"poll"}, diag::Text{"two times of at least `100ms`, the shorter first"});
    }
    if (!context_.program.tools[row_].result && !report().has_error_in(tool_.at)) report().add(tool_.name.at, diag::BatchGives, diag::Name{tool_.name.text});
    if (url && out.url.from == ir::Setting::From::Text && !url->args.empty()) {
      const auto at = url->args[0].value.at;
      if (!out.url.text.starts_with("http://") && !out.url.text.starts_with("https://")) {
        report().add(at, diag::NoAddress, diag::Text{out.url.text});
      } else if (out.url.text.starts_with("http://") && !is_loopback(out.url.text)) {
        out.key.empty() ? void(report().add(at, diag::InClear, diag::Name{tool_.name.text})) : void(report().add(at, diag::KeyInClear, diag::Name{tool_.name.text}));
      }
    }
    return out;
  }

  Context& context_;
  const ast::ToolDecl& tool_;
  Id<ir::Tool> row_;
  Locals params_;
};

}  // namespace

auto service_row(Context& context, const ast::Path& path, const ast::Clause& clause, ir::Service::Kind kind) -> Id<ir::Service> {
  const auto found = context.services.find(context.scope().service(path));
  if (found == context.services.end()) return {};
  const auto& row = context.program.services[found->second];
  if (row.kind == kind) return found->second;
  context.report().add(path.at, diag::OtherService, diag::Name{clause.name.text}, diag::Name{kind_text(kind)}, diag::Name{row.name}, diag::Name{kind_text(row.kind)});
  return {};
}

void lower_services(Context& context) {
  for (const auto* module : context.modules) {
    for (const auto& service : module->tree.services) {
      if (!service.name.missing()) ServiceLowering{context, service}.run();
    }
  }
}

void lower_work(Context& context, const ast::ToolDecl& tool, Id<ir::Tool> row) { WorkLowering{context, tool, row}.run(); }

}  // namespace flow::lower
