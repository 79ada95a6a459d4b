// How long an editor waits after a keystroke: from the message that carries it to the messages that say what is wrong, JSON and
// all, in a flow of 2,000 lines with fifty files open. The reference is what `flowc check` does with the same text, without
// its process.

#include <filesystem>
#include <map>

#include "compiler/lower/compile.h"
#include "lsp/server.h"
#include "tests/bench/bench.h"
#include "tests/support/big_flow.h"

using namespace flow;

namespace {

constexpr int Files = 50, Keys = 200;

using Record = Value::Record;

struct Folder {
  std::map<std::string, std::string> files;
  auto read(const std::string& path) const -> Result<std::string> {
    const auto found = files.find(path);
    return found == files.end() ? failure("F0801", "no such file") : Result<std::string>{found->second};
  }
};

auto notification(const std::string& method, Record params) -> std::string { return to_json(Record{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}}); }
auto uri(const std::string& path) -> Record { return {{"uri", "file://" + path}}; }

auto place(std::string_view text, std::size_t byte) -> Value {
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(byte), '\n');
  const auto begin = text.rfind('\n', byte) + 1;
  return Record{{"line", std::int64_t{line}}, {"character", static_cast<std::int64_t>(byte - begin)}};
}

// One character more, or one less.
auto keystroke(const std::string& path, const std::string& text, std::size_t at, bool more) -> std::string {
  const auto begin = place(text, at), end = place(text, at + (more ? 0 : 1));
  return notification("textDocument/didChange",
                      {{"textDocument", uri(path)}, {"contentChanges", Value::List{Record{{"range", Record{{"start", begin}, {"end", end}}}, {"text", more ? "x" : ""}}}}});
}

// Milliseconds of each of many keys, typed all over the file and taken back.
auto type(lsp::Server& server, const std::string& path, const std::string& text) -> std::vector<double> {
  std::vector<double> times;
  for (int i = 0; i < Keys; ++i) {
    // In the middle of a word: now and then of a name, so that the file is wrong for a moment.
    auto at = text.find("desk", text.size() / (Keys + 1) * static_cast<std::size_t>(i + 1)) + 2;
    for (const bool more : {true, false}) {
      const auto message = keystroke(path, text, at, more);
      const auto begin = bench::cpu_seconds();
      bench::keep(server.take(message));
      times.push_back((bench::cpu_seconds() - begin) * 1e3);
    }
  }
  return times;
}

}  // namespace

int main() {
  Folder folder;
  const auto big = test::big_flow(2000), small = test::big_flow(120);
  const std::string path = "/w/big.flow";
  folder.files = {{"/w/tools/big.lua", big.lua}, {"/w/shared.flow", "type Address { street: string, town: string }\n"}};
  folder.files[path] = "import \"shared.flow\"\n" + big.flow;
  for (int i = 2; i < Files; ++i) folder.files[fmt::format("/w/flow_{}.flow", i)] = "import \"shared.flow\"\n" + small.flow;

  lsp::Server server{{.workspace = {.read = [&](const std::string& file) { return folder.read(file); }}, .list = {}, .version = {}}};
  server.take(R"({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}})");
  for (const auto& [file, text] : folder.files) {
    if (file.ends_with(".flow")) server.take(notification("textDocument/didOpen", {{"textDocument", Record{{"uri", "file://" + file}, {"text", text}}}}));
  }
  while (!server.rest().empty()) {}

  const auto times = type(server, path, folder.files[path]);
  check::LoadOptions options;
  options.read = [&](const std::string& file) { return folder.read(file); };
  const auto check = bench::best_of(5, bench::cpu_seconds, [&] { bench::keep(lower::check_files({path}, options)); }) * 1e3;
  const auto row = [&](const std::string& what, double ms) {
    bench::row(what, fmt::format("{:.1f} ms", ms), fmt::format("{:.1f} ms (flowc check, without its process)", check), bench::ratio(ms, check));
  };
  row(fmt::format("keystroke to messages, {} lines, {} files open, the middle one", big.lines, Files), bench::percentile(times, 0.5));
  row("the same, the slowest of a hundred (limit 20 ms)", bench::percentile(times, 0.99));

  const auto ask = [&](const std::string& method) {
    const auto message = to_json(Record{{"jsonrpc", "2.0"}, {"id", 2}, {"method", method}, {"params", Record{{"textDocument", uri(path)}, {"position", place(folder.files[path], folder.files[path].find("deliver") + 9)}}}});
    return bench::best_of(5, bench::cpu_seconds, [&] { bench::keep(server.take(message)); }) * 1e3;
  };
  row("completion in it", ask("textDocument/completion"));
  row("hover in it", ask("textDocument/hover"));
  row("its colours", ask("textDocument/semanticTokens/full"));
}
