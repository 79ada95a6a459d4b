#include "lsp/server.h"

#include <fmt/format.h>

#include <algorithm>

#include "lsp/uri.h"
#include "lsp/wire.h"
#include "runtime/json/json.h"

namespace flow::lsp {
namespace {

using Record = Value::Record;

// The protocol's codes of errors.
constexpr int ParseError = -32700, InvalidRequest = -32600, MethodNotFound = -32601, NotInitialized = -32002, RequestFailed = -32803;

auto code_of(const Error& error) -> int {
  if (error.code == "method") return MethodNotFound;
  if (error.code == "not_initialized") return NotInitialized;
  if (error.code == "ended") return InvalidRequest;
  return RequestFailed;
}

auto has_word(const Value& list, std::string_view word) -> bool {
  const auto* words = list.list();
  return words && std::ranges::any_of(*words, [&](const Value& each) { return each.text() && *each.text() == word; });
}

auto names_of_colours() -> Value::List {
  Value::List out;
  for (const auto& name : colour_names()) out.emplace_back(name);
  return out;
}

}  // namespace

auto Server::Call::text(std::string_view name) const -> std::string { return text_at(params, name); }
auto Server::Call::path() const -> std::string { return path_of(text("textDocument.uri")).value_or(""); }
auto Server::Call::position() const -> Position { return read_position(at(params, "position")); }

Server::Server(ServerOptions options) : options_(std::move(options)), work_(options_.workspace) {}

auto Server::take(std::string_view message) -> std::vector<std::string> {
  out_.clear();
  const auto read = json::parse(message);
  if (!read || !read->record()) {
    out_.push_back(to_json(Record{{"jsonrpc", "2.0"}, {"id", Value{}}, {"error", Record{{"code", ParseError}, {"message", read ? "a message is a record" : read.error().text}}}}));
    return std::move(out_);
  }
  const auto method = text_at(*read, "method");
  const auto& params = at(*read, "params");
  const auto* id = read->field("id");
  if (method.empty()) return {};  // an answer to something of ours: none is asked for that matters
  if (!id) {
    notification(method, params);
    return std::move(out_);
  }
  auto answer = request(method, params);
  Record reply{{"jsonrpc", "2.0"}, {"id", *id}};
  if (answer) reply.emplace_back("result", *std::move(answer));
  else reply.emplace_back("error", Record{{"code", code_of(answer.error())}, {"message", answer.error().text}});
  out_.insert(out_.begin(), to_json(std::move(reply)));
  return std::move(out_);
}

auto Server::rest() -> std::vector<std::string> {
  out_.clear();
  if (!unsaid_.empty()) publish(std::string{*unsaid_.begin()});
  return std::move(out_);
}

// ── Life ─────────────────────────────────────────────────────────────────────────────────────────────────────

auto Server::initialize(const Value& params) -> Value {
  initialized_ = true;
  const bool utf8 = has_word(at(params, "capabilities.general.positionEncodings"), "utf-8");
  work_.use(utf8 ? Encoding::Utf8 : Encoding::Utf16);
  const auto& item = at(params, "capabilities.textDocument.completion.completionItem.snippetSupport");
  snippets_ = item.truthy();
  if (const auto* folders = at(params, "workspaceFolders").list()) {
    for (const auto& folder : *folders) {
      if (auto path = path_of(text_at(folder, "uri"))) folders_.push_back(*std::move(path));
    }
  }
  if (folders_.empty()) {
    if (auto path = path_of(text_at(params, "rootUri"))) folders_.push_back(*std::move(path));
  }
  const Record provides{
      {"positionEncoding", utf8 ? "utf-8" : "utf-16"},
      {"textDocumentSync", Record{{"openClose", true}, {"change", 2}, {"save", Record{{"includeText", false}}}}},
      {"completionProvider", Record{{"triggerCharacters", Value::List{".", "{", " ", ":"}}}},
      {"hoverProvider", true},
      {"definitionProvider", true},
      {"referencesProvider", true},
      {"documentHighlightProvider", true},
      {"renameProvider", Record{{"prepareProvider", true}}},
      {"codeActionProvider", Record{{"codeActionKinds", Value::List{"quickfix", "source.fixAll"}}}},
      {"documentSymbolProvider", true},
      {"workspaceSymbolProvider", true},
      {"documentFormattingProvider", true},
      {"foldingRangeProvider", true},
      {"inlayHintProvider", true},
      {"codeLensProvider", Record{{"resolveProvider", false}}},
      {"semanticTokensProvider", Record{{"legend", Record{{"tokenTypes", names_of_colours()}, {"tokenModifiers", Value::List{"declaration"}}}}, {"full", true}}},
      {"workspace", Record{{"workspaceFolders", Record{{"supported", true}, {"changeNotifications", true}}}}},
  };
  return Record{{"capabilities", provides}, {"serverInfo", Record{{"name", "flowc"}, {"version", options_.version}}}};
}

void Server::find_files() {
  std::vector<std::string> files;
  for (const auto& folder : folders_) {
    auto found = options_.list ? options_.list(folder) : std::vector<std::string>{};
    files.insert(files.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  std::ranges::sort(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());
  work_.set_files(files);
}

void Server::publish(const std::string& path) {
  unsaid_.erase(path);
  if (!work_.is_open(path)) return;
  out_.push_back(to_json(Record{{"jsonrpc", "2.0"},
                                {"method", "textDocument/publishDiagnostics"},
                                {"params", Record{{"uri", uri_of(path)}, {"diagnostics", write_all(work_.messages(path))}}}}));
}

void Server::changed(const std::string& path) {
  publish(path);
  for (auto& other : work_.others_of(path)) unsaid_.insert(std::move(other));
}

void Server::did_open(const Call& call) {
  const auto path = call.path();
  if (path.empty()) return;
  work_.open(path, call.text("textDocument.text"));
  changed(path);
}

void Server::did_change(const Call& call) {
  const auto path = call.path();
  std::vector<Change> changes;
  if (const auto* list = at(call.params, "contentChanges").list()) {
    for (const auto& each : *list) {
      const auto& range = at(each, "range");
      changes.push_back({range.is_none() ? std::nullopt : std::optional{read_range(range)}, text_at(each, "text")});
    }
  }
  if (work_.change(path, changes)) changed(path);
}

void Server::did_close(const Call& call) {
  const auto path = call.path();
  if (!work_.is_open(path)) return;
  work_.close(path);
  unsaid_.erase(path);
  out_.push_back(to_json(Record{{"jsonrpc", "2.0"}, {"method", "textDocument/publishDiagnostics"}, {"params", Record{{"uri", uri_of(path)}, {"diagnostics", Value::List{}}}}}));
  for (auto& other : work_.others_of(path)) unsaid_.insert(std::move(other));
}

void Server::notification(const std::string& method, const Value& params) {
  const Call call{params};
  if (method == "exit") ended_ = true;
  if (!initialized_ || shut_down_) return;
  if (method == "initialized") find_files();
  if (method == "textDocument/didOpen") did_open(call);
  if (method == "textDocument/didChange") did_change(call);
  if (method == "textDocument/didClose") did_close(call);
  if (method == "workspace/didChangeWorkspaceFolders") {
    const auto each = [&](std::string_view list, const auto& take) {
      if (const auto* folders = at(params, list).list()) {
        for (const auto& folder : *folders) take(path_of(text_at(folder, "uri")).value_or(""));
      }
    };
    each("event.added", [&](const std::string& path) { folders_.push_back(path); });
    each("event.removed", [&](const std::string& path) { std::erase(folders_, path); });
  }
  const bool files_changed = method == "workspace/didChangeWatchedFiles" || method == "textDocument/didSave" || method == "workspace/didChangeWorkspaceFolders";
  if (!files_changed) return;
  find_files();
  for (auto& other : work_.others_of("")) unsaid_.insert(std::move(other));
}

// ── Questions ────────────────────────────────────────────────────────────────────────────────────────────────

auto Server::request(const std::string& method, const Value& params) -> Answer {
  const Call call{params};
  if (method == "initialize") return initialize(params);
  if (!initialized_) return failure("not_initialized", "the first request is `initialize`");
  if (shut_down_) return failure("ended", "after `shutdown` nothing is answered");
  if (method == "shutdown") return shut_down_ = true, Value{};
  if (method == "textDocument/completion") return completion(call);
  if (method == "textDocument/hover") return hover(call);
  if (method == "textDocument/definition") return write_all(work_.definition(call.path(), call.position()));
  if (method == "textDocument/references") return references(call);
  if (method == "textDocument/documentHighlight") return references(call);
  if (method == "textDocument/prepareRename") return prepare_rename(call);
  if (method == "textDocument/rename") return rename(call);
  if (method == "textDocument/codeAction") return code_actions(call);
  if (method == "textDocument/documentSymbol") return write_all(work_.outline(call.path()));
  if (method == "textDocument/semanticTokens/full") return semantic_tokens(call);
  if (method == "textDocument/formatting") return write_edits(work_.format(call.path()));
  if (method == "textDocument/foldingRange") return folds(call);
  if (method == "textDocument/inlayHint") return hints(call);
  if (method == "textDocument/codeLens") return write_all(work_.lenses(call.path()));
  if (method == "flowc/graph") return graph(call);
  if (method == "workspace/symbol") {
    Value::List out;
    for (const auto& [symbol, path] : work_.symbols(call.text("query")))
      out.push_back(Record{{"name", symbol.name}, {"kind", symbol_kind(symbol.kind)}, {"location", write(Location{path, symbol.selection})}, {"containerName", symbol.detail}});
    return out;
  }
  return failure("method", fmt::format("there is no method `{}`", method));
}

auto Server::completion(const Call& call) -> Value {
  const auto found = work_.completions(call.path(), call.position());
  Value::List items;
  for (std::size_t i = 0; i < found.items.size(); ++i) items.push_back(write(found.items[i], found.replaces, i, snippets_));
  return Record{{"isIncomplete", false}, {"items", std::move(items)}};
}

auto Server::hover(const Call& call) -> Value {
  const auto found = work_.hover(call.path(), call.position());
  if (!found) return {};
  return Record{{"contents", Record{{"kind", "markdown"}, {"value", found->markdown}}}, {"range", write(found->range)}};
}

// Also the places to highlight, which are those of the file itself.
auto Server::references(const Call& call) -> Value {
  const auto* context = call.params.field("context");
  const bool with_declaration = !context || at(*context, "includeDeclaration").truthy();
  auto found = work_.references(call.path(), call.position(), with_declaration);
  if (!context) std::erase_if(found, [&](const Location& each) { return each.path != call.path(); });
  return write_all(found);
}

auto Server::prepare_rename(const Call& call) -> Answer {
  const auto range = work_.rename_range(call.path(), call.position());
  if (!range) return tl::unexpected(range.error());
  return write(*range);
}

auto Server::rename(const Call& call) -> Answer {
  auto edits = work_.rename(call.path(), call.position(), call.text("newName"));
  if (!edits) return tl::unexpected(edits.error());
  return write(*edits);
}

auto Server::code_actions(const Call& call) -> Value {
  const auto* only = at(call.params, "context.only").list();
  const auto wanted = [&](std::string_view kind) {
    return !only || std::ranges::any_of(*only, [&](const Value& each) { return each.text() && (*each.text() == kind || kind.starts_with(*each.text() + ".")); });
  };
  Value::List out;
  for (const auto& action : work_.actions(call.path(), read_range(at(call.params, "range")))) {
    const std::string_view kind = action.all ? "source.fixAll" : "quickfix";
    if (!wanted(kind)) continue;
    Record record{{"title", action.title}, {"kind", kind}, {"edit", write(action.edits)}};
    if (!action.all) record.emplace_back("isPreferred", true);
    out.push_back(std::move(record));
  }
  return out;
}

auto Server::semantic_tokens(const Call& call) -> Value { return write(work_.colours(call.path())); }
auto Server::hints(const Call& call) -> Value { return write_all(work_.hints(call.path(), read_range(at(call.params, "range")))); }

auto Server::folds(const Call& call) -> Value {
  Value::List out;
  for (const auto& fold : work_.folds(call.path())) {
    Record record{{"startLine", std::int64_t{fold.begin}}, {"endLine", std::int64_t{fold.end}}};
    if (fold.comment) record.emplace_back("kind", "comment");
    out.push_back(std::move(record));
  }
  return out;
}

// `{"textDocument": {"uri": …}, "format": "html" | "svg"}`; the answer is `{"format": …, "text": …}`.
auto Server::graph(const Call& call) -> Answer {
  const auto form = call.text("format") == "svg" ? "svg" : "html";
  auto drawn = work_.graph(call.path(), form);
  if (!drawn) return tl::unexpected(drawn.error());
  return Record{{"format", form}, {"text", *std::move(drawn)}};
}

}  // namespace flow::lsp
