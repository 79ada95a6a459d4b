// The protocol: messages of an editor in, messages to it out.

#include <catch2/catch_test_macros.hpp>

#include "lsp/frames.h"
#include "lsp/server.h"
#include "lsp/uri.h"
#include "lsp/wire.h"
#include "runtime/json/json.h"
#include "tests/support/editor.h"

using namespace flow;
using lsp::at;
using lsp::text_at;

namespace {

const std::string Main = "file:///w/main.flow";

// A server with one editor at it.
class Session {
 public:
  std::vector<Value> said;  // notifications of the server

  explicit Session(const std::string& capabilities = "{}")
      : server_({.workspace = {.read = [](const std::string& path) -> Result<std::string> { return path == "/w/find.lua" ? Result<std::string>{test::ShopLua} : failure("F0801", "no such file"); }}, .list = {}, .version = "1"}) {
    provides = ask("initialize", R"({"capabilities": )" + capabilities + "}");
    tell("initialized", "{}");
  }

  auto ask(const std::string& method, const std::string& params) -> Value {
    const auto answers = server_.take(R"({"jsonrpc": "2.0", "id": )" + std::to_string(++id_) + R"(, "method": ")" + method + R"(", "params": )" + params + "}");
    REQUIRE_FALSE(answers.empty());
    const auto first = json::parse(answers[0]);
    REQUIRE(first);
    CHECK(at(*first, "id") == Value{id_});
    keep({answers.begin() + 1, answers.end()});
    return at(*first, "error").is_none() ? at(*first, "result") : at(*first, "error");
  }
  void tell(const std::string& method, const std::string& params) { keep(server_.take(R"({"jsonrpc": "2.0", "method": ")" + method + R"(", "params": )" + params + "}")); }
  void open(const std::string& uri, const std::string& text) {
    tell("textDocument/didOpen", to_json(Value::Record{{"textDocument", Value::Record{{"uri", uri}, {"text", text}, {"version", 1}, {"languageId", "flow"}}}}));
  }
  auto place(const lsp::Position& position, const std::string& more = "") const -> std::string {
    return R"({"textDocument": {"uri": ")" + Main + R"("}, "position": )" + to_json(lsp::write(position)) + more + "}";
  }
  // The messages about a file, as they were said last.
  auto about(const std::string& uri) const -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& each : said) {
      if (text_at(each, "params.uri") != uri) continue;
      out.clear();
      for (const auto& message : *at(each, "params.diagnostics").list()) out.push_back(text_at(message, "code"));
    }
    return out;
  }
  void rest() {
    for (auto more = server_.rest(); !more.empty(); more = server_.rest()) keep(more);
  }
  auto server() -> lsp::Server& { return server_; }

  Value provides;

 private:
  void keep(const std::vector<std::string>& messages) {
    for (const auto& message : messages) said.push_back(*json::parse(message));
  }
  lsp::Server server_;
  std::int64_t id_ = 0;
};

}  // namespace

TEST_CASE("a message is whole when all of its bytes are there") {
  lsp::Frames frames;
  CHECK(*frames.next() == std::nullopt);
  frames.put("Content-Le");
  CHECK(*frames.next() == std::nullopt);
  frames.put("ngth: 4\r\nContent-Type: x\r\n\r\n{}");
  CHECK(*frames.next() == std::nullopt);
  frames.put("\r\nContent-Length:2\r\n\r\nab");
  CHECK(*frames.next() == "{}\r\n");
  CHECK(*frames.next() == "ab");
  CHECK(*frames.next() == std::nullopt);
  CHECK(lsp::framed("{}") == "Content-Length: 2\r\n\r\n{}");
}

TEST_CASE("what is no message, or too long a one, is refused") {
  const auto refused = [](const std::string& bytes) {
    lsp::Frames frames;
    frames.put(bytes);
    return !frames.next();
  };
  CHECK(refused("GET / HTTP/1.1\r\n\r\n"));
  CHECK(refused("Content-Length: -1\r\n\r\n"));
  CHECK(refused("Content-Length: 99999999999\r\n\r\n"));
  CHECK(refused(std::string(5000, 'x')));
}

TEST_CASE("an address of a file is its path, whatever it is called") {
  CHECK(lsp::path_of("file:///w/a%20b/%C3%BC.flow") == "/w/a b/ü.flow");
  CHECK(lsp::path_of("file://localhost/w/a.flow") == "/w/a.flow");
  CHECK(lsp::path_of("file:///w/x/../a.flow") == "/w/a.flow");
  CHECK(lsp::path_of("untitled:Untitled-1") == std::nullopt);
  CHECK(lsp::path_of("file:///w/%00") == std::nullopt);
  CHECK(lsp::path_of("file:///w/%zz%4") == "/w/%zz%4");
  CHECK(lsp::uri_of("/w/a b/ü.flow") == "file:///w/a%20b/%C3%BC.flow");
}

TEST_CASE("the server says what it can, and what was agreed on") {
  CHECK(text_at(Session{}.provides, "capabilities.positionEncoding") == "utf-16");
  CHECK(text_at(Session{R"({"general": {"positionEncodings": ["utf-16", "utf-8"]}})"}.provides, "capabilities.positionEncoding") == "utf-8");
  CHECK(text_at(Session{}.provides, "serverInfo.name") == "flowc");
}

TEST_CASE("a mistake is said when it is made, and taken back when it is mended") {
  Session editor;
  editor.open(Main, test::shop());
  CHECK(editor.about(Main).empty());
  editor.tell("textDocument/didChange", R"({"textDocument": {"uri": ")" + Main + R"(", "version": 2}, "contentChanges": [{"range": {"start": {"line": 3, "character": 10}, "end": {"line": 3, "character": 14}}, "text": "dask"}]})");
  CHECK(editor.about(Main) == std::vector<std::string>{"F0301"});
  editor.tell("textDocument/didChange", R"({"textDocument": {"uri": ")" + Main + R"(", "version": 3}, "contentChanges": [{"range": {"start": {"line": 3, "character": 10}, "end": {"line": 3, "character": 14}}, "text": "desk"}]})");
  CHECK(editor.about(Main).empty());
  editor.tell("textDocument/didClose", R"({"textDocument": {"uri": ")" + Main + R"("}})");
  CHECK(editor.said.back().field("params")->field("diagnostics")->list()->empty());
}

TEST_CASE("other open files are told of a change when nobody types") {
  Session editor;
  editor.open("file:///w/lib.flow", "type Order { id: string }\n");
  editor.open(Main, "import \"lib.flow\"\nflow f { start a }\nstate { order: Order? }\ntool t() -> Order reads { builtin stay_silent; sets order = result }\nagent a { instructions \"Help. {if order}{order.id}{/if}\"; tools t }\n");
  editor.rest();
  CHECK(editor.about(Main) == std::vector<std::string>{});
  editor.tell("textDocument/didChange", R"({"textDocument": {"uri": "file:///w/lib.flow"}, "contentChanges": [{"text": "type Parcel { id: string }\n"}]})");
  CHECK(editor.about(Main) == std::vector<std::string>{});
  editor.rest();
  CHECK(editor.about(Main) == std::vector<std::string>{"F0301", "F0301"});
}

TEST_CASE("completion comes as snippets to whom knows them, and as plain text to others") {
  const std::string snippets = R"({"textDocument": {"completion": {"completionItem": {"snippetSupport": true}}}})";
  const auto new_text = [](Session editor) {
    auto [text, position] = test::cursor("agent a {\n  voi§\n}\n");
    editor.open(Main, text);
    const auto answer = editor.ask("textDocument/completion", editor.place(position));
    for (const auto& item : *at(answer, "items").list()) {
      if (text_at(item, "label") == "voice") return text_at(item, "textEdit.newText");
    }
    return std::string{};
  };
  CHECK(new_text(Session{snippets}) == "voice \"$1\"$0");
  CHECK(new_text(Session{}) == "voice \"\"");
}

TEST_CASE("every question has an answer in the protocol's words") {
  Session editor;
  auto text = test::shop("test \"t\" { caller says \"hello\" }\n");
  auto [plain, position] = test::cursor(text.insert(text.find("find(query"), "§"));
  editor.open(Main, plain);
  const auto here = editor.place(position);
  CHECK(text_at(editor.ask("textDocument/hover", here), "contents.value").find("Find an order.") != std::string::npos);
  CHECK(editor.ask("textDocument/definition", here).list()->size() == 1);
  CHECK(editor.ask("textDocument/references", editor.place(position, R"(, "context": {"includeDeclaration": false})")).list()->size() == 1);
  CHECK(editor.ask("textDocument/documentHighlight", here).list()->size() == 2);
  CHECK(lsp::read_range(editor.ask("textDocument/prepareRename", here)) == lsp::Range{{20, 5}, {20, 9}});
  CHECK(at(editor.ask("textDocument/rename", editor.place(position, R"(, "newName": "look")")), "changes").field(Main)->list()->size() == 2);
  CHECK(text_at(editor.ask("textDocument/rename", editor.place(position, R"(, "newName": "not")")), "message").find("is no name") != std::string::npos);
  CHECK(editor.ask("textDocument/documentSymbol", here).list()->size() == 10);
  CHECK(editor.ask("workspace/symbol", R"({"query": "desk"})").list()->size() == 1);
  CHECK(at(editor.ask("textDocument/semanticTokens/full", here), "data").list()->size() % 5 == 0);
  CHECK(editor.ask("textDocument/formatting", here).list());
  CHECK(editor.ask("textDocument/foldingRange", here).list()->size() > 5);
  CHECK(editor.ask("textDocument/codeLens", here).list()->size() == 3);
  CHECK(editor.ask("textDocument/inlayHint", R"({"textDocument": {"uri": ")" + Main + R"("}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}})").list()->size() == 1);
  CHECK(text_at(editor.ask("flowc/graph", here), "text").starts_with("<!"));
}

TEST_CASE("fixes are offered for the kind that is asked for") {
  Session editor;
  editor.open(Main, "flow f { strat a }\nagent a { instructions \"Help.\" }\n");
  const auto kinds = [&](const std::string& context) {
    std::vector<std::string> out;
    const auto answer = editor.ask("textDocument/codeAction", R"({"textDocument": {"uri": ")" + Main + R"("}, "range": {"start": {"line": 0, "character": 9}, "end": {"line": 0, "character": 9}}, "context": )" + context + "}");
    for (const auto& each : *answer.list()) out.push_back(text_at(each, "kind"));
    return out;
  };
  CHECK(kinds("{}") == std::vector<std::string>{"quickfix", "source.fixAll"});
  CHECK(kinds(R"({"only": ["source"]})") == std::vector<std::string>{"source.fixAll"});
}

TEST_CASE("what nobody can answer is an error, and nothing is asked of a server that is no more") {
  Session editor;
  CHECK(at(editor.ask("textDocument/moonPhase", "{}"), "code") == Value{-32601});
  CHECK(editor.ask("textDocument/hover", "{}").is_none());
  CHECK(at(*json::parse(editor.server().take("{]").at(0)), "error.code") == Value{-32700});
  CHECK(editor.server().take("[1]").size() == 1);
  CHECK(editor.ask("shutdown", "null").is_none());
  CHECK(at(editor.ask("textDocument/hover", "{}"), "code") == Value{-32600});
  CHECK_FALSE(editor.server().ended());
  editor.tell("exit", "null");
  CHECK(editor.server().ended());
  CHECK(editor.server().exit_code() == 0);
  lsp::Server fresh{{}};
  CHECK(at(*json::parse(fresh.take(R"({"id": 1, "method": "textDocument/hover"})").at(0)), "error.code") == Value{-32002});
}
