#include <catch2/catch_test_macros.hpp>

#include "compiler/base/source.h"

using namespace flow;

TEST_CASE("lines and columns count from one, columns in characters") {
  const SourceFile file{FileId{0}, "a", "ab\nü☎c\r\nlast"};
  CHECK(file.position(0) == Position{1, 1});
  CHECK(file.position(2) == Position{1, 3});  // the line end itself
  CHECK(file.position(3) == Position{2, 1});
  CHECK(file.position(8) == Position{2, 3});    // after two and three bytes
  CHECK(file.position(999) == Position{3, 5});  // beyond the end: the end
  CHECK(file.line(2) == "ü☎c");
  CHECK(file.line(3) == "last");
  CHECK(file.line(4) == "");
  CHECK(file.line_count() == 3);
}

TEST_CASE("a position finds its byte again") {
  const SourceFile file{FileId{0}, "a", "ab\nü☎c\r\nlast"};
  for (const std::uint32_t byte : {0u, 1u, 2u, 3u, 5u, 8u, 11u, 12u, 14u})
    CHECK(file.byte_at(file.position(byte)) == byte);
  CHECK(file.byte_at({2, 99}) == 9);
}

TEST_CASE("a span beyond the text gives what there is of it") {
  const SourceFile file{FileId{0}, "a", "abc"};
  CHECK(file.text(Span{FileId{0}, 1, 99}) == "bc");
  CHECK(file.text(Span{FileId{0}, 50, 99}) == "");
  CHECK(file.text(Span{FileId{0}, 2, 1}) == "");
}

TEST_CASE("the first byte that is not UTF-8 is found, and well-formed text has none") {
  CHECK(first_bad_utf8("plain, grüße, 漢字, 🙂") == std::nullopt);
  CHECK(first_bad_utf8("ab\xFF") == 2);
  CHECK(first_bad_utf8("\xC0\xAF") == 0);          // overlong
  CHECK(first_bad_utf8("\xE0\x80\x80") == 0);      // overlong
  CHECK(first_bad_utf8("\xED\xA0\x80") == 0);      // a surrogate
  CHECK(first_bad_utf8("\xF4\x90\x80\x80") == 0);  // above U+10FFFF
  CHECK(first_bad_utf8("a\xE2\x82") == 1);         // cut off
  CHECK(count_characters("aü☎🙂") == 4);
}
