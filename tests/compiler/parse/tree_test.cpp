// What the tree holds: texts, expressions, fields, clauses, and where they stand.

#include <catch2/catch_test_macros.hpp>

#include "compiler/diag/render.h"
#include "compiler/parse/parse.h"

using namespace flow;

namespace {

struct Parsed {
  Sources sources;
  diag::Report report;
  ast::File tree;
  auto said() const -> std::string { return diag::render(report, sources); }
  auto at(Span span) const -> std::string { return std::string{sources[span.file].text(span)}; }
};

auto parsed(const std::string& text) -> Parsed {
  Parsed out;
  out.tree = parse::parse(out.sources.add("t", text), out.report);
  return out;
}

// The text of an agent's first clause, which is `instructions`.
auto words_of(const std::string& written) -> ast::Template {
  const auto file = parsed("agent a { instructions " + written + " }");
  INFO(file.said());
  REQUIRE(file.report.errors() == 0);
  return *file.tree.agents[0].block.clauses[0].args[0].value.as<ast::Template>();
}

auto constant_of(const std::string& written) -> std::string {
  return words_of(written).constant().value_or("(not constant)");
}

// An expression with all its brackets.
auto shown(const ast::Expr& e) -> std::string {
  if (const auto* x = e.as<ast::Path>()) return x->text();
  if (const auto* x = e.as<ast::Int>()) return std::to_string(x->value);
  if (const auto* x = e.as<ast::Not>()) return "(not " + shown(*x->operand) + ")";
  if (const auto* x = e.as<ast::Binary>()) {
    constexpr const char* Signs[] = {"and", "or", "==", "!=", "<", "<=", ">", ">=", "in"};
    return "(" + shown(*x->left) + " " + Signs[static_cast<int>(x->op)] + " " + shown(*x->right) + ")";
  }
  if (const auto* x = e.as<ast::List>()) {
    std::string out;
    for (const auto& item : x->items) out += (out.empty() ? "" : ", ") + shown(item);
    return "[" + out + "]";
  }
  return "?";
}

auto condition(const std::string& written) -> std::string {
  const auto file = parsed("on silence 8s if " + written + " { say \"x\" }");
  INFO(file.said());
  REQUIRE(file.report.errors() == 0);
  return shown(*file.tree.handlers[0].guard);
}

auto arg(const std::string& written) -> ast::Expr {
  return parsed("agent a { x " + written + " }").tree.agents[0].block.clauses[0].args[0].value;
}

}  // namespace

TEST_CASE("escapes are resolved, and quotes and braces that are escaped are characters") {
  CHECK(constant_of(R"("a\nb\t\"c\" \\ \{d}")") == "a\nb\t\"c\" \\ {d}");
}

TEST_CASE("a text block loses its common indentation and the line ends beside its quotes") {
  CHECK(constant_of("\"\"\"\n    One.\n      Two \"quoted\".\n\n    Three.\n    \"\"\"") ==
        "One.\n  Two \"quoted\".\n\nThree.");
  CHECK(constant_of("\"\"\"One.\"\"\"") == "One.");
  CHECK(constant_of("\"\"\"\r\n  One.\r\n  Two.\r\n  \"\"\"") == "One.\nTwo.");
  CHECK(constant_of("\"\"\"\n  One.\\n  Two.\n  \"\"\"") == "One.\n  Two.");  // an escape is no line of the block
}

TEST_CASE("holes and conditions divide a text") {
  const auto text = words_of("\"Hello{if caller}, {caller.name}{else} you{/if}!\"");
  REQUIRE(text.parts.size() == 3);
  const auto& branch = std::get<ast::Conditional>(text.parts[1].node);
  CHECK(shown(branch.condition) == "caller");
  REQUIRE(branch.then.size() == 2);
  CHECK(shown(std::get<ast::Hole>(branch.then[1].node).value) == "caller.name");
  CHECK(std::get<ast::Chars>(branch.otherwise[0].node).text == " you");
  CHECK(std::get<ast::Chars>(text.parts[2].node).text == "!");
}

TEST_CASE("comparisons bind before `not`, `not` before `and`, `and` before `or`") {
  CHECK(condition("not a == 1 and b or c in [1, 2]") == "(((not (a == 1)) and b) or (c in [1, 2]))");
  CHECK(condition("a not in [x]") == "(not (a in [x]))");
  CHECK(condition("not (a or b)") == "(not (a or b))");
}

TEST_CASE("numbers are read exactly, and durations in whole milliseconds") {
  CHECK(arg("-7").as<ast::Int>()->value == -7);
  CHECK(arg("9223372036854775807").as<ast::Int>()->value == INT64_MAX);
  CHECK(arg("1.5").as<ast::Float>()->value == 1.5);
  CHECK(arg("80%").as<ast::Percent>()->value == 80);
  CHECK(arg("2.9s").as<ast::Duration>()->value.count() == 2900);
  CHECK(arg("250ms").as<ast::Duration>()->value.count() == 250);
  CHECK(arg("1h").as<ast::Duration>()->value.count() == 3'600'000);
  CHECK(arg("30d").as<ast::Duration>()->value.count() == 30LL * 86'400'000);
  CHECK(arg("10s..60s").as<ast::Range>()->high->as<ast::Duration>()->value.count() == 60'000);
  CHECK(arg("5xx").as<ast::Code>()->text == "5xx");
  CHECK(arg("calendar.*").as<ast::AllOf>()->group.text() == "calendar");
}

TEST_CASE("a field knows its type, markers, default and description") {
  const auto file =
      parsed("tool t(name: [string?]? pii = none \"who calls\", n: int = 5) -> bool reads { builtin stay_silent }");
  CHECK(file.said() == "");
  const auto& field = file.tree.tools[0].params[0];
  CHECK(field.type.optional);
  CHECK(field.type.element->optional);
  CHECK(field.type.element->name.text() == "string");
  CHECK(field.pii);
  CHECK(field.fallback->as<ast::None>());
  CHECK(field.description->constant() == "who calls");
  CHECK(field.args.empty());
  CHECK(file.tree.tools[0].params[1].fallback->as<ast::Int>()->value == 5);
  CHECK(file.tree.tools[0].effect == ast::EffectClass::Reads);
}

TEST_CASE("a doc comment is about what begins its line, not about what else begins on it") {
  const auto file = parsed("/// Find orders.\ntool find(query: string, limit: int) reads { }\n/// Two.\nenum E { a, b }\ntype T {\n  /// The key.\n  id: string }\n");
  CHECK(file.tree.tools[0].doc.text == "Find orders.");
  for (const auto& param : file.tree.tools[0].params) CHECK(param.doc.text.empty());
  CHECK(file.tree.enums[0].values[0].doc.text.empty());
  CHECK(file.tree.types[0].fields[0].doc.text == "The key.");
}

TEST_CASE("a doc comment belongs to what begins on the next line") {
  const auto file = parsed(
      "/// Not this one.\n\n/// Find orders.\n///   Slowly.\ntool t() pure { builtin stay_silent }\n// plain\nagent a "
      "{ }\n");
  CHECK(file.tree.tools[0].doc.text == "Find orders.\n  Slowly.");
  CHECK(file.tree.agents[0].doc.text.empty());
}

TEST_CASE("a doc comment behind something else begins there: what stands above it is about that") {
  const auto file = parsed("/// Hang up.\ntool t() writes /// slow\n{ builtin end_call } /// of the desk\n/// and quick\nagent a { }\n");
  CHECK(file.tree.tools[0].doc.text == "Hang up.");
  CHECK(file.tree.agents[0].doc.text == "of the desk\nand quick");
}

TEST_CASE("a clause keeps its values, commas, condition, else and block apart") {
  const auto file = parsed("policy p { x a, b c if d else say \"no\" { y 1 } }");
  CHECK(file.said() == "");
  const auto& clause = file.tree.policies[0].block.clauses[0];
  REQUIRE(clause.args.size() == 3);
  CHECK(clause.args[1].after_comma);
  CHECK_FALSE(clause.args[2].after_comma);
  CHECK(shown(*clause.condition) == "d");
  CHECK(std::get<ast::Do>(clause.otherwise[0].node).verb.text == "say");
  CHECK(clause.block->clauses[0].name.text == "y");
}

TEST_CASE("chained `else if` is a branch within a branch") {
  const auto file = parsed("on silence 8s { if a { say \"1\" } else if b { say \"2\" } else { handoff back } }");
  CHECK(file.said() == "");
  const auto& first = std::get<ast::Branch>(file.tree.handlers[0].actions[0].node);
  const auto& second = std::get<ast::Branch>(first.otherwise[0].node);
  CHECK(std::get<ast::Goto>(second.otherwise[0].node).target.is("back"));
}

TEST_CASE("spans are the bytes of what they name, after characters of several bytes and a byte order mark too") {
  const auto file = parsed("\xEF\xBB\xBF// grüße ☎\nagent desk { voice \"größe\" ; handoff sales when \"x\" }");
  CHECK(file.said() == "");
  const auto& agent = file.tree.agents[0];
  CHECK(file.at(agent.name.at) == "desk");
  CHECK(file.at(agent.block.clauses[0].args[0].value.at) == "\"größe\"");
  CHECK(file.at(agent.block.handoffs[0].target.at) == "sales");
  CHECK(file.at(agent.block.handoffs[0].at) == "handoff sales when \"x\"");
  CHECK(file.at(agent.at).starts_with("agent desk {"));
}

TEST_CASE("what is missing stands in the tree as missing") {
  const auto file = parsed(
      "agent { voice \"x\" }\ntool t(: int) -> pure { builtin stay_silent }\nagent b { handoff when \"x\" }\nagent c { "
      "}");
  CHECK(file.report.errors() >= 3);
  CHECK_FALSE(file.tree.complete);
  CHECK(file.tree.agents.back().name.text == "c");
}

TEST_CASE("empty files, blanks and comments alone are programs with nothing in them") {
  for (const auto* text : {"", "\n\n", "// only words", "/// only docs\n", " ; ;\n;", "\xEF\xBB\xBF"}) {
    INFO(text);
    CHECK(parsed(text).said() == "");
  }
}

TEST_CASE("deep nesting and endless conditions are refused before anything recurses on them") {
  const auto deep = [](const std::string& open, std::size_t times) {
    std::string text = "agent a { x ";
    for (std::size_t i = 0; i < times; ++i) text += open;
    return parsed(text).report.errors();
  };
  for (const auto* open : {"(", "[", "f(", "\"{", "not ", "a and ", "{ x ", "\"{if a}", "[a, f("}) {
    INFO(open);
    CHECK(deep(open, 20'000) > 0);
  }
  std::string chain = "on silence 8s { if a { }";
  for (int i = 0; i < 20'000; ++i) chain += " else if a { }";
  CHECK(parsed(chain + " }").report.errors() > 0);
}
