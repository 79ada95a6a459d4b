// The checks of std.forms.

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <sstream>

#include "tests/runtime/tools/lua/running.h"
#include "tests/support/places.h"

using namespace flow;
using namespace flow::tools::lua;

namespace {

auto holds(const std::string& call) -> std::string {
  std::ifstream file(test::source_dir() + "/stdlib/std/forms.lua");
  std::ostringstream text;
  text << file.rdbuf() << "\nfunction tool(a) return " << call << " end\n";
  return outcome({.source = text.str()});
}

}  // namespace

TEST_CASE("days are those of the calendar") {
  CHECK(holds("is_day('2026-02-28')") == "true");
  CHECK(holds("is_day('2026-02-29')") == "false");
  CHECK(holds("is_day('2028-02-29')") == "true");
  CHECK(holds("is_day('2100-02-29')") == "false");
  CHECK(holds("is_day('2000-02-29')") == "true");
  CHECK(holds("is_day('2026-04-31')") == "false");
  CHECK(holds("is_day('2026-13-01')") == "false");
  CHECK(holds("is_between('2026-03-10', '2026-03-01', '2026-03-31')") == "true");
  CHECK(holds("is_between('2026-04-01', '2026-03-01', '2026-03-31')") == "false");
}

TEST_CASE("working days are Monday to Friday") {
  CHECK(holds("is_working_day('2026-11-20')") == "true");   // a Friday
  CHECK(holds("is_working_day('2026-11-21')") == "false");
  CHECK(holds("is_working_day('2026-11-22')") == "false");
  CHECK(holds("is_working_day('2026-11-23')") == "true");
  CHECK(holds("is_working_day('2024-02-29')") == "true");   // a Thursday
  CHECK(holds("is_working_day('2026-02-30')") == "false");
}

TEST_CASE("phone numbers are long enough, addresses have a host, digits are counted") {
  CHECK(holds("is_full_phone('+15550100123')") == "true");
  CHECK(holds("is_full_phone('5550')") == "false");
  CHECK(holds("is_email('ann@example.com')") == "true");
  CHECK(holds("is_email('ann@mail.example.co')") == "true");
  CHECK(holds("is_email('ann@example')") == "false");
  CHECK(holds("is_email('ann@example..com')") == "false");
  CHECK(holds("has_digits('0815', 4)") == "true");
  CHECK(holds("has_digits('08a5', 4)") == "false");
  CHECK(holds("has_digits('081', 4)") == "false");
}

TEST_CASE("check digits are checked") {
  CHECK(holds("has_check_digit('4539 1488 0343 6467')") == "true");
  CHECK(holds("has_check_digit('4539 1488 0343 6468')") == "false");
  CHECK(holds("has_check_digit('79927398713')") == "true");
  CHECK(holds("has_check_digit('abc')") == "false");
}
