// Talks to the editors' server as an editor gone mad does: changes at places that are not there, questions about files that
// nobody opened, messages cut off and stirred.
//
//   lsp_fuzz [--seconds N] [--seed S]                  default 10 seconds from seed 1; every talk follows from its seed

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>

#include "lsp/frames.h"
#include "lsp/server.h"
#include "lsp/wire.h"
#include "runtime/json/json.h"
#include "tests/fuzz/run.h"
#include "tests/support/flow_files.h"

namespace {

using namespace flow;
using Record = Value::Record;

[[noreturn]] void broke(const char* law, const std::string& message) {
  std::fprintf(stderr, "broke the law: %s\n%s\n", law, message.c_str());
  std::abort();
}

class Talk {
 public:
  Talk(std::uint64_t seed, const std::vector<test::FlowFile>& corpus)
      : random_(seed), corpus_(corpus), server_({.workspace = {.read = [this](const std::string& path) { return read(path); }}, .list = [](const std::string&) { return std::vector<std::string>{"/w/0.flow", "/w/1.flow"}; }, .version = "f"}) {}

  void hold() {
    ask("initialize", Record{{"capabilities", Record{{"general", Record{{"positionEncodings", Value::List{below(2) ? "utf-8" : "utf-16"}}}}}}, {"rootUri", "file:///w"}});
    tell("initialized", Record{});
    for (auto steps = 10 + below(25); steps > 0; --steps) step();
    ask("shutdown", Value{});
  }

 private:
  auto below(std::size_t limit) -> std::size_t { return limit == 0 ? 0 : static_cast<std::size_t>(random_() % limit); }
  auto text() -> const std::string& { return corpus_[below(corpus_.size())].text; }
  auto read(const std::string& path) -> Result<std::string> {
    if (path.ends_with("1.flow")) return corpus_[0].text;
    return failure("F0801", "no such file");
  }

  auto uri() -> std::string {
    static constexpr const char* Uris[] = {"file:///w/0.flow", "file:///w/1.flow", "file:///w/a%20b.flow", "untitled:1", "file:///std-of-flowc/std/policies.flow"};
    return Uris[below(std::size(Uris))];
  }
  auto position() -> Value {
    if (below(30) == 0) return Record{{"line", -5}, {"character", "x"}};
    return Record{{"line", static_cast<std::int64_t>(below(below(4) ? 60 : 5'000'000'000))}, {"character", static_cast<std::int64_t>(below(90))}};
  }
  auto range() -> Value { return Record{{"start", position()}, {"end", position()}}; }
  auto words() -> std::string {
    static constexpr const char* Words[] = {"{", "}", "\"", "\"\"\"", "\n", ";", "{if ", "agent a {", "tool t(", "policy p", ":", ".", "ü", "😀", "\xFF", "import \"0.flow\"\n", "import std.policies\n", "deliver ", "x"};
    std::string out;
    for (auto n = 1 + below(3); n > 0; --n) out += Words[below(std::size(Words))];
    const auto& other = text();
    return below(6) ? out : other.substr(below(other.size()), below(200));
  }

  void step() {
    const auto file = uri();
    const Record document{{"uri", file}};
    switch (below(8)) {
      case 0: return tell("textDocument/didOpen", Record{{"textDocument", Record{{"uri", file}, {"text", text().substr(0, below(2) ? std::string::npos : below(3000))}}}});
      case 1:
      case 2:
      case 3: {
        Value::List changes;
        for (auto n = below(3) + 1; n > 0; --n) changes.push_back(below(40) ? Record{{"range", range()}, {"text", words()}} : Record{{"text", text()}});
        return tell("textDocument/didChange", Record{{"textDocument", document}, {"contentChanges", std::move(changes)}});
      }
      case 4: return below(6) ? rest() : tell("textDocument/didClose", Record{{"textDocument", document}});
      case 5: return stir();
      default: return question(document);
    }
  }

  void question(const Record& document) {
    static constexpr const char* Methods[] = {"textDocument/completion", "textDocument/hover", "textDocument/definition", "textDocument/references", "textDocument/documentHighlight",
                                              "textDocument/prepareRename", "textDocument/rename", "textDocument/codeAction", "textDocument/documentSymbol", "textDocument/semanticTokens/full",
                                              "textDocument/formatting", "textDocument/foldingRange", "textDocument/inlayHint", "textDocument/codeLens", "workspace/symbol", "flowc/graph", "no/such"};
    ask(Methods[below(std::size(Methods))], Record{{"textDocument", document}, {"position", position()}, {"range", range()}, {"newName", below(3) ? "desk" : "two words"}, {"query", "d"}, {"format", "svg"}, {"context", Record{{"includeDeclaration", true}}}});
  }

  // A message of before with some bytes of it changed; it may still be one.
  void stir() {
    auto message = last_;
    for (auto n = 1 + below(4); n > 0 && !message.empty(); --n) {
      const auto at = below(message.size());
      if (below(2)) message[at] = static_cast<char>(random_());
      else message.erase(at, below(30));
    }
    keep(message);
    heard(server_.take(message));
    lsp::Frames frames;
    frames.put(below(2) ? lsp::framed(message) : message);
    while (true) {
      const auto next = frames.next();
      if (!next || !*next) break;
    }
  }

  void rest() {
    for (auto more = server_.rest(); !more.empty(); more = server_.rest()) heard(more);
  }
  void tell(const char* method, Value params) {
    last_ = to_json(Record{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
    keep(last_);
    heard(server_.take(last_));
  }
  void ask(const char* method, Value params) {
    last_ = to_json(Record{{"jsonrpc", "2.0"}, {"id", ++id_}, {"method", method}, {"params", std::move(params)}});
    keep(last_);
    const auto answers = server_.take(last_);
    if (answers.empty()) broke("a request is answered", last_);
    const auto answer = json::parse(answers[0]);
    if (!answer || lsp::at(*answer, "id") != Value{id_}) broke("the answer is that of the request", answers[0]);
    if ((answer->field("result") == nullptr) == (answer->field("error") == nullptr)) broke("an answer has a result or an error", answers[0]);
    heard(answers);
  }
  void heard(const std::vector<std::string>& messages) {
    for (const auto& message : messages) {
      const auto read = json::parse(message);
      if (!read) broke("what is said is JSON", message);
      const auto* said = lsp::at(*read, "params.diagnostics").list();
      for (std::size_t i = 0; said && i < said->size(); ++i) {
        const auto place = lsp::read_range(lsp::at((*said)[i], "range"));
        if (place.end < place.begin || lsp::text_at((*said)[i], "message").empty()) broke("a message has a text and a place", message);
      }
    }
  }
  // Kept before it is tried, so that a crash leaves it behind.
  void keep(const std::string& message) { std::ofstream{"lsp_fuzz.last", std::ios::binary | (id_ == 1 ? std::ios::trunc : std::ios::app)} << lsp::framed(message); }

  std::mt19937_64 random_;
  const std::vector<test::FlowFile>& corpus_;
  std::string last_;
  std::int64_t id_ = 0;
  lsp::Server server_;
};

}  // namespace

int main(int argc, char** argv) {
  test::FuzzRun run(argc, argv);
  const auto corpus = test::flow_files({"flows", "examples", "stdlib", "tests/compiler/check/golden", "tests/compiler/lower/golden"});
  std::uint64_t slowest_seed = 0;
  double slowest = 0;
  for (; run.goes_on(); run.next()) {
    const auto begin = std::chrono::steady_clock::now();
    Talk{run.seed, corpus}.hold();
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (took > slowest) slowest = took, slowest_seed = run.seed;
  }
  std::printf("lsp_fuzz: %llu talks; the slowest took %.0f ms (--seed %llu)\n", static_cast<unsigned long long>(run.count), slowest * 1e3, static_cast<unsigned long long>(slowest_seed));
  return 0;
}
