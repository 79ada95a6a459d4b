// What an editor is told about files that are open, and about those that are not.

#include <catch2/catch_test_macros.hpp>

#include "tests/support/editor.h"

using namespace flow;
using test::Editor;
using test::shop;

namespace {

const std::string Main = "/w/main.flow";

using Codes = std::vector<std::string>;

// A program of two files; the library is on the disk alone.
auto two_files() -> std::map<std::string, std::string> {
  return {{"/w/lib/orders.flow", "/// One order.\ntype Order { id: string }\n\npolicy slow { timeout 2m }\n"},
          {"/w/main.flow", "import \"lib/orders.flow\"\nflow f { start a }\nstate { order: Order? }\n"
                           "tool look(id: string) -> Order reads { builtin stay_silent; policy slow; sets order = result }\n"
                           "agent a { instructions \"Help. {if order}{order.id}{/if}\"; tools look }\n"}};
}

auto places(const std::vector<lsp::Location>& all) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const auto& each : all) out.push_back(each.path + ":" + std::to_string(each.range.begin.line) + ":" + std::to_string(each.range.begin.character));
  return out;
}

}  // namespace

TEST_CASE("a file is said to be wrong where it is wrong, and no more when it is right again") {
  Editor editor;
  editor.open(Main, shop());
  CHECK(editor.codes(Main) == Codes{});
  auto text = shop();
  const auto line = static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("policy   quick")), '\n'));
  REQUIRE(editor.work.change(Main, {{.range = lsp::Range{{line, 11}, {line, 16}}, .text = "quikc"}}));
  const auto messages = editor.work.messages(Main);
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].code == "F0301");
  CHECK(messages[0].range == lsp::Range{{line, 11}, {line, 16}});
  editor.work.change(Main, {{.range = lsp::Range{{line, 11}, {line, 16}}, .text = "quick"}});
  CHECK(editor.codes(Main) == Codes{});
}

TEST_CASE("the review of the whole program is told, too") {
  Editor editor;
  editor.open(Main, shop("agent lonely { instructions \"Nobody comes here.\" }\n"));
  CHECK(editor.codes(Main) == Codes{"F0501"});
}

TEST_CASE("a library is checked with the flows that import it, open or not") {
  Editor editor{two_files()};
  editor.open("/w/lib/orders.flow", two_files().at("/w/lib/orders.flow"));
  editor.open(Main, two_files().at(Main));
  CHECK(editor.codes("/w/lib/orders.flow") == Codes{});
  CHECK(editor.codes(Main) == Codes{});
  editor.work.change("/w/lib/orders.flow", {{.range = lsp::Range{{1, 5}, {1, 10}}, .text = "Parcel"}});
  CHECK(editor.work.others_of("/w/lib/orders.flow") == std::vector<std::string>{Main});
  CHECK(editor.codes(Main) == Codes{"F0301", "F0301"});
  editor.work.change("/w/lib/orders.flow", {{.range = lsp::Range{{1, 5}, {1, 11}}, .text = "Order"}});
  CHECK(editor.codes(Main) == Codes{});
  CHECK(editor.work.others_of("/w/lib/orders.flow").empty());
}

TEST_CASE("a file that changes on the disk is read again") {
  Editor editor{two_files()};
  std::uint64_t stamp = 1;
  lsp::Workspace work{{.read = [&](const std::string& path) -> Result<std::string> { return editor.disk.contains(path) ? Result<std::string>{editor.disk.at(path)} : failure("F0801", "gone"); },
                       .stamp = [&](const std::string&) { return stamp; }}};
  work.open(Main, two_files().at(Main));
  CHECK(work.messages(Main).empty());
  editor.disk["/w/lib/orders.flow"] = "policy slow { }\n";
  ++stamp;
  CHECK(work.messages(Main).size() == 2);
}

TEST_CASE("a keystroke parses the declaration that it is in, and no other file") {
  Editor editor{two_files()};
  editor.open(Main, shop());
  editor.work.messages(Main);
  const auto before = editor.work.parsed();
  editor.work.change(Main, {{.range = lsp::Range{{22, 0}, {22, 0}}, .text = " "}});
  editor.work.messages(Main);
  CHECK(editor.work.parsed() == before + 1);
}

TEST_CASE("a definition is found in the file, in what it imports and in the library") {
  Editor editor{two_files()};
  const auto at = editor.open(Main, "import \"lib/orders.flow\"\nimport std.policies\nflow f { start §a }\ntool look(id: string) -> Order reads { builtin stay_silent; policy blocking }\nagent a { instructions \"Help.\"; tools look }\n");
  CHECK(places(editor.work.definition(Main, at)) == std::vector<std::string>{"/w/main.flow:4:6"});
  CHECK(places(editor.work.definition(Main, {3, 27})) == std::vector<std::string>{"/w/lib/orders.flow:1:5"});
  const auto standard = editor.work.definition(Main, {3, 68});
  REQUIRE(standard.size() == 1);
  CHECK(standard[0].path == "/std-of-flowc/std/policies.flow");
  CHECK(places(editor.work.definition(Main, {0, 10})) == std::vector<std::string>{"/w/lib/orders.flow:0:0"});  // the import itself
  CHECK(editor.work.definition(Main, {2, 11}).empty());                                                         // `start` is a word
}

TEST_CASE("the parts of a text's holes lead to what they mean") {
  Editor editor;
  const auto at = editor.open(Main, shop("agent other { instructions \"{order.§price}\"; handoff desk when \"asked\" }\n"));
  CHECK(places(editor.work.definition(Main, at)) == std::vector<std::string>{"/w/main.flow:8:25"});
}

TEST_CASE("references are found in all files, those that nobody has open too") {
  Editor editor{two_files()};
  const auto at = editor.open("/w/lib/orders.flow", "type §Order { id: string }\npolicy slow { timeout 2m }\n");
  CHECK(places(editor.work.references("/w/lib/orders.flow", at, true)) == std::vector<std::string>{"/w/lib/orders.flow:0:5", "/w/main.flow:2:15", "/w/main.flow:3:25"});
  CHECK(editor.work.references("/w/lib/orders.flow", at, false).size() == 2);
}

TEST_CASE("an enum's value, a parameter and a carried value are each found where they are meant") {
  Editor editor;
  editor.open(Main, shop());
  const auto count = [&](const std::string& marked) {
    const auto at = editor.open(Main, marked);
    return editor.work.references(Main, at, true).size();
  };
  auto text = shop();
  CHECK(count(text.replace(text.find("returns }"), 0, "§")) == 2);  // and in the guard
  text = shop();
  CHECK(count(text.replace(text.find("limit: int"), 0, "§")) == 1);
  CHECK(count(shop("test \"t\" {\n  model calls find(§query: \"x\")\n}\n")) == 2);
}

TEST_CASE("a thing is renamed everywhere") {
  Editor editor{two_files()};
  const auto at = editor.open("/w/lib/orders.flow", "type §Order { id: string }\npolicy slow { timeout 2m }\n");
  const auto edits = editor.work.rename("/w/lib/orders.flow", at, "Parcel");
  REQUIRE(edits);
  CHECK(edits->size() == 3);
  for (const auto& edit : *edits) CHECK(edit.text == "Parcel");
}

TEST_CASE("a Lua tool is renamed with its function") {
  Editor editor{{{"/w/tools.lua", "function find(query)\n  return query\nend\n\nfunction finder() end\n"}}};
  const auto at = editor.open(Main, "flow f { start a }\ntool fi§nd(query: string) -> string reads { lua \"tools.lua\" }\nagent a { instructions \"Help.\"; tools find }\n");
  const auto edits = editor.work.rename(Main, at, "search");
  REQUIRE(edits);
  REQUIRE(edits->size() == 3);
  CHECK((*edits)[2] == lsp::TextEdit{"/w/tools.lua", {{0, 9}, {0, 13}}, "search"});
}

TEST_CASE("a name that is taken, that is none, or that is the library's is refused, and the reason is said") {
  Editor editor;
  auto text = shop();
  const auto refused = [&](const std::string& marked, const std::string& name) {
    const auto at = editor.open(Main, marked);
    const auto edits = editor.work.rename(Main, at, name);
    return edits ? std::string{"done"} : edits.error().text;
  };
  const auto agent = text.replace(text.find("desk {\n  instr"), 0, "§");
  CHECK(refused(agent, "front_desk") == "done");
  CHECK(refused(agent, "back_office").find("second agent named `back_office`") != std::string::npos);
  CHECK(refused(agent, "if").find("is no name") != std::string::npos);
  CHECK(refused(agent, "two words").find("is no name") != std::string::npos);
  CHECK(refused(shop("§\n"), "x") == "there is no name here that could be changed");
  // A state field that a parameter of the same name would hide.
  auto hidden = "flow f { start a }\nstate { §flag: bool = false }\ntool t(other: bool) -> bool reads { builtin stay_silent; available if flag }\nagent a { instructions \"Help. {flag}\"; tools t }\n";
  CHECK(refused(hidden, "good") == "done");
  CHECK(refused(hidden, "other") == "`flag` cannot be called `other`: the name means something else there");
  CHECK(refused("import std.policies\nflow f { start a }\ntool t() -> bool reads { builtin stay_silent; policy §blocking }\nagent a { instructions \"Help.\"; tools t }\n", "x") == "`blocking` belongs to the library");
}

TEST_CASE("a message with a fix offers it, and all fixes of the file") {
  Editor editor;
  editor.open(Main, "flow f { strat a }\nagent a { instructions \"Help.\"; tols find }\n");
  const auto actions = editor.work.actions(Main, {{0, 9}, {0, 9}});
  REQUIRE(actions.size() == 2);
  CHECK(actions[0].title == "write `start`");
  CHECK(actions[0].edits == std::vector<lsp::TextEdit>{{Main, {{0, 9}, {0, 14}}, "start"}});
  CHECK(actions[1].all);
  CHECK(actions[1].edits[0].text.starts_with("flow f { start a }\nagent a { instructions \"Help.\"; tools find }"));
  CHECK(editor.work.actions(Main, {{1, 0}, {1, 2}}).size() == 1);  // only that of the file
}

TEST_CASE("a file's outline, its folds and its lenses say what is in it") {
  Editor editor;
  editor.open(Main, shop("test \"it works\" {\n  caller says \"hello\"\n}\n"));
  std::vector<std::string> names;
  for (const auto& each : editor.work.outline(Main)) names.push_back(each.name);
  CHECK(names == std::vector<std::string>{"shop", "Topic", "Order", "state", "quick", "find", "desk", "back_office", "end", "it works"});
  CHECK(editor.work.outline(Main)[6].inside[0].name == "handoff back_office");
  const auto folds = editor.work.folds(Main);
  CHECK(std::ranges::any_of(folds, [](const lsp::Fold& fold) { return fold.begin == 1 && fold.end == 4; }));
  const auto lenses = editor.work.lenses(Main);
  REQUIRE(lenses.size() == 3);
  CHECK(lenses[2].command == "flowc.runTest");
  CHECK(lenses[2].arguments == std::vector<std::string>{Main, "it works"});
}

TEST_CASE("a symbol is found in every file by the letters of its name") {
  Editor editor{two_files()};
  const auto found = editor.work.symbols("odr");
  REQUIRE(found.size() == 1);
  CHECK(found[0].first.name == "Order");
  CHECK(found[0].second == "/w/lib/orders.flow");
}

TEST_CASE("hover tells what the table, the author and the compiler know") {
  Editor editor;
  const auto at = [&](const std::string& marked) {
    const auto place = editor.open(Main, marked);
    const auto found = editor.work.hover(Main, place);
    return found ? found->markdown : std::string{};
  };
  const auto has = [](const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; };
  auto text = shop();
  const auto clause = at(text.insert(text.find("deliver"), "§"));
  CHECK(has(clause, "when a result is told"));
  CHECK(has(clause, "Default: `when_idle 700ms`"));
  text = shop();
  const auto tool = at(text.insert(text.find("find(query"), "§"));
  CHECK(has(tool, "tool find(query: string \"what is looked for\", limit: int = 5) -> Order reads"));
  CHECK(has(tool, "Find an order."));
  CHECK(has(tool, "tokens"));
  CHECK(has(tool, "| deliver | `interrupt` | quick |"));
  text = shop();
  const auto agent = at(text.insert(text.find("back_office if"), "§"));
  CHECK(has(agent, "Its prompt is about"));
  CHECK(has(agent, "to `desk` when \"that is done\""));
  text = shop();
  CHECK(has(at(text.insert(text.find("desk\n"), "§")), "to `back_office` if topic == \"returns\""));
  CHECK(has(at("import std.patt§erns\n" + shop()), "- `on silence"));
  text = shop();
  CHECK(has(at(text.insert(text.find("order.id"), "§")), "state field"));
  CHECK(at(shop("// §nothing\n")).empty());
}

TEST_CASE("a tool's policy is hinted at where it is named, as far as nobody wrote it") {
  Editor editor;
  editor.open(Main, shop());
  const auto hints = editor.work.hints(Main, {{0, 0}, {1000, 0}});
  REQUIRE(hints.size() == 1);
  CHECK(hints[0].text == " mode background · timeout 1m · deliver interrupt");
  CHECK(hints[0].at == lsp::Position{22, 16});
}

TEST_CASE("every word has its colour, and texts are told from what is inserted into them") {
  Editor editor;
  editor.open(Main, shop());
  const auto colours = editor.work.colours(Main);
  const auto at = [&](std::uint32_t line, std::uint32_t character) {
    const auto found = std::ranges::find_if(colours, [&](const lsp::Coloured& each) { return each.line == line && each.character <= character && character < each.character + each.length; });
    return found == colours.end() ? std::string{} : lsp::colour_names()[static_cast<std::size_t>(found->colour)];
  };
  CHECK(at(0, 2) == "comment");
  CHECK(at(1, 0) == "keyword");
  CHECK(at(3, 2) == "macro");     // a clause
  CHECK(at(3, 10) == "class");    // an agent
  CHECK(at(28, 17) == "string");
  CHECK(at(28, 48) == "variable");  // in a hole
  for (std::size_t i = 1; i < colours.size(); ++i) {
    CHECK(std::pair(colours[i - 1].line, colours[i - 1].character + colours[i - 1].length) <= std::pair(colours[i].line, colours[i].character));
  }
}

TEST_CASE("a keyword that names an argument is coloured as a name") {
  Editor editor;
  editor.open("/w/when.flow", "flow f { start a }\nagent a { instructions \"Help.\" }\ntest \"one\" { model calls claim(when: \"today\", wher: 2) }\n");
  const auto colours = editor.work.colours("/w/when.flow");
  const auto at = [&](std::uint32_t character) {
    const auto found = std::ranges::find_if(colours, [&](const lsp::Coloured& each) { return each.line == 2 && each.character == character; });
    return found == colours.end() ? std::string{} : lsp::colour_names()[static_cast<std::size_t>(found->colour)];
  };
  CHECK(at(31) == "property");
  CHECK(at(46) == "property");
  CHECK(at(0) == "keyword");
}

TEST_CASE("the graph is drawn, and stays as it was while the file has errors") {
  Editor editor;
  editor.open(Main, "agent a { }\n");
  CHECK_FALSE(editor.work.graph(Main, "svg"));
  editor.open(Main, shop());
  const auto drawn = editor.work.graph(Main, "svg");
  REQUIRE(drawn);
  CHECK(drawn->find("back_office") != std::string::npos);
  editor.open(Main, shop("agent"));
  CHECK(editor.work.graph(Main, "svg") == drawn);
}

TEST_CASE("what was known of a flow stays to be seen while it has an error") {
  Editor editor;
  editor.open(Main, shop());
  REQUIRE(editor.work.hints(Main, {{0, 0}, {1000, 0}}).size() == 1);
  editor.open(Main, shop("agent half {"));
  CHECK(editor.work.hints(Main, {{0, 0}, {1000, 0}}).size() == 1);
  CHECK(editor.work.hover(Main, {20, 6})->markdown.find("| deliver |") != std::string::npos);
}

TEST_CASE("a file is laid out as `flowc fmt` does it") {
  Editor editor;
  editor.open(Main, "agent a {voice \"x\"}\n");
  const auto edits = editor.work.format(Main);
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].text == "agent a { voice \"x\" }\n");
  CHECK(edits[0].range == lsp::Range{{0, 0}, {1, 0}});
  editor.open(Main, edits[0].text);
  CHECK(editor.work.format(Main).empty());
}

TEST_CASE("places count as the editor counts them") {
  const SourceFile source{{}, "t", "a\n\"ü😀x\" y\n"};
  const auto byte = static_cast<std::uint32_t>(source.text().find('y'));
  CHECK(lsp::position_of(source, byte, lsp::Encoding::Utf16) == lsp::Position{1, 7});
  CHECK(lsp::position_of(source, byte, lsp::Encoding::Utf8) == lsp::Position{1, 10});
  CHECK(lsp::byte_of(source, {1, 7}, lsp::Encoding::Utf16) == byte);
  CHECK(lsp::byte_of(source, {1, 10}, lsp::Encoding::Utf8) == byte);
  CHECK(lsp::byte_of(source, {1, 3}, lsp::Encoding::Utf16) == source.text().find("😀"));  // between its two halves
  CHECK(lsp::byte_of(source, {1, 99}, lsp::Encoding::Utf16) == source.text().find("y") + 1);
  CHECK(lsp::byte_of(source, {9, 0}, lsp::Encoding::Utf16) == source.text().size());
  CHECK(lsp::changed("aüb\r\nc", {{.range = lsp::Range{{0, 1}, {1, 0}}, .text = "-"}, {.range = lsp::Range{{0, 0}, {0, 1}}, .text = ""}}, lsp::Encoding::Utf16) == "-c");
}
