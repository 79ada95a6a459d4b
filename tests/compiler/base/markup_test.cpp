// What somebody else said, put into a page.

#include "compiler/base/markup.h"

#include <catch2/catch_test_macros.hpp>

using flow::escaped;

TEST_CASE("markup in a text is text, also inside an attribute") {
  CHECK(escaped("<b a=\"1\" b='2'>&amp;") == "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;amp;");
}

TEST_CASE("lines and tabs stay, other control characters are spaces") { CHECK(escaped("a\x01" "b\n\tc\x7F") == "a b\n\tc "); }

TEST_CASE("what is no character is a question mark, and the text goes on behind it") {
  CHECK(escaped("\xFF" "x\xED\xA0\x80" "y\xEF\xBF\xBF" "z\xC3\xA9") == "?x?y?z\xC3\xA9");
  CHECK(escaped("\xE0\x80\xAF") == "?");  // a longer form of a slash
  CHECK(escaped("a\xC3") == "a?");        // cut off
  CHECK(escaped("\xC3<") == "?&lt;");     // and nothing that follows is swallowed
}
