// `flowc lsp` as an editor starts it: a process, a pipe, files.

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>

#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/tidy/rules/source.h"

using namespace flow;

namespace {

namespace fs = std::filesystem;

// A folder of its own, gone at the end.
struct Folder {
  fs::path path = fs::path(test::binary_dir()) / "lsp-test";
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
};

auto framed(const std::string& message) -> std::string { return "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n" + message; }

// What the server says to these bytes.
auto serve(const Folder& folder, const std::string& bytes) -> test::Process::Ended {
  std::ofstream(folder.path / "input", std::ios::binary) << bytes;
  const auto flowc = (fs::path(test::binary_dir()) / "cli/flowc").string();
  test::Process process{{"/bin/sh", "-c", "XDG_CACHE_HOME=" + folder.path.string() + " exec " + flowc + " lsp < " + (folder.path / "input").string()}};
  return process.end(std::chrono::seconds(20));
}

auto has(const std::string& text, const std::string& part) -> bool { return text.find(part) != std::string::npos; }

const std::string Start = framed(R"({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}})");
const std::string End = framed(R"({"jsonrpc": "2.0", "id": 9, "method": "shutdown"})") + framed(R"({"jsonrpc": "2.0", "method": "exit"})");

}  // namespace

TEST_CASE("an editor is served until it says that it is done") {
  const Folder folder;
  const auto open = framed(R"({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file:///w/a.flow", "text": "import std.policies\nflow f { strat a }\n"}}})");
  const auto ended = serve(folder, Start + open + End);
  CHECK(ended.code == 0);
  CHECK(ended.err.empty());
  CHECK(has(ended.out, "\"name\":\"flowc\""));
  CHECK(has(ended.out, "publishDiagnostics"));
  CHECK(has(ended.out, "F0701"));
}

TEST_CASE("an editor that goes without a word is a failure") {
  const Folder folder;
  CHECK(serve(folder, Start).code == 1);
  CHECK(serve(folder, Start + framed(R"({"jsonrpc": "2.0", "method": "exit"})")).code == 1);
}

TEST_CASE("flows of the editor's folder are known before anybody opens them, hidden ones are not") {
  const Folder folder;
  const std::pair<const char*, const char*> flows[] = {{"sub", "of_sub"}, {".hidden", "of_hidden"}, {"node_modules", "of_others"}};
  for (const auto& [part, agent] : flows) {
    fs::create_directories(folder.path / part);
    std::ofstream(folder.path / part / "a.flow") << "agent " << agent << " { }\n";
  }
  const auto start = framed(R"({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}, "rootUri": "file://)" + folder.path.string() + R"("}})") + framed(R"({"jsonrpc": "2.0", "method": "initialized"})");
  const auto ended = serve(folder, start + framed(R"({"jsonrpc": "2.0", "id": 2, "method": "workspace/symbol", "params": {"query": "of_"}})") + End);
  CHECK(has(ended.out, "of_sub"));
  CHECK_FALSE(has(ended.out, "of_others"));
  CHECK_FALSE(has(ended.out, "of_hidden"));
}

TEST_CASE("what no editor sends is an error with its code") {
  const Folder folder;
  const auto ended = serve(folder, "GET / HTTP/1.1\r\nHost: me\r\n\r\n");
  CHECK(ended.code == 1);
  CHECK(has(ended.err, "R0508"));
}

TEST_CASE("the library can be looked at: a definition in it leads to a file, which nobody writes") {
  const Folder folder;
  const auto open = framed(R"({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file:///w/a.flow", "text": "import std.policies\n"}}})");
  const auto ask = framed(R"({"jsonrpc": "2.0", "id": 2, "method": "textDocument/definition", "params": {"textDocument": {"uri": "file:///w/a.flow"}, "position": {"line": 0, "character": 9}}})");
  const auto ended = serve(folder, Start + open + ask + End);
  const auto at = ended.out.find("\"uri\":\"file://" + folder.path.string());
  REQUIRE(at != std::string::npos);
  const auto begin = ended.out.find(folder.path.string(), at);
  const fs::path file{ended.out.substr(begin, ended.out.find('"', begin) - begin)};
  REQUIRE(fs::exists(file));
  CHECK(tidy::read_text(file) == tidy::read_text(fs::path(test::source_dir()) / "stdlib/std/policies.flow"));
  CHECK((fs::status(file).permissions() & fs::perms::owner_write) == fs::perms::none);
}
