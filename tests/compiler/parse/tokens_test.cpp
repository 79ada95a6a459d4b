#include "compiler/parse/tokens.h"

#include <catch2/catch_test_macros.hpp>

using namespace flow;
using Kind = parse::Token::Kind;

namespace {

auto tokens_of(const std::string& text) -> std::vector<std::pair<Kind, std::string>> {
  const SourceFile source{{0}, "a.flow", text};
  std::vector<std::pair<Kind, std::string>> out;
  for (const auto& token : parse::tokens(source)) out.emplace_back(token.kind, source.text(token.at));
  return out;
}

using Pairs = std::vector<std::pair<Kind, std::string>>;

}  // namespace

TEST_CASE("comments and line ends are tokens, and blanks are not") {
  CHECK(tokens_of("a  12s, // why\n/// doc\n") == Pairs{{Kind::Word, "a"}, {Kind::Number, "12s"}, {Kind::Symbol, ","}, {Kind::Comment, "// why"}, {Kind::LineEnd, "\n"}, {Kind::Doc, "/// doc"}, {Kind::LineEnd, "\n"}});
}

TEST_CASE("a text is one token, whatever is inserted into it") {
  CHECK(tokens_of(R"(say "a {f("b // c")} d" x)") == Pairs{{Kind::Word, "say"}, {Kind::Text, R"("a {f("b // c")} d")"}, {Kind::Word, "x"}});
  CHECK(tokens_of("\"\"\"\n {if a == \"b\"}\n{/if} // no comment\n\"\"\" // one") ==
        Pairs{{Kind::TextBlock, "\"\"\"\n {if a == \"b\"}\n{/if} // no comment\n\"\"\""}, {Kind::Comment, "// one"}});
}

TEST_CASE("a text that is not closed ends with its line, or with the file") {
  CHECK(tokens_of("say \"a {b\nc") == Pairs{{Kind::Word, "say"}, {Kind::Text, "\"a {b"}, {Kind::LineEnd, "\n"}, {Kind::Word, "c"}});
  CHECK(tokens_of("\"\"\" a\nb") == Pairs{{Kind::TextBlock, "\"\"\" a\nb"}});
}
