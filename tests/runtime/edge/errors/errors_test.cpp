#include "runtime/edge/errors/errors.h"
#include "tests/support/places.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "tests/tidy/rules/source.h"

using namespace flow;

namespace {

auto listed() -> std::set<std::string> {
  std::set<std::string> codes;
  for (const auto& row : edge::errors()) codes.emplace(row.code);
  return codes;
}

// Codes that the sources give, with a file that does.
auto given() -> std::map<std::string, std::string> {
  static const std::regex pattern{"\"(R0[0-9]{3})\""};
  std::map<std::string, std::string> codes;
  for (const auto& source : tidy::read_tree(test::source_dir())) {
    if (!source.path.ends_with(".cpp") || tidy::lies_in(source.path, "tests")) continue;
    for (std::sregex_iterator it(source.text.begin(), source.text.end(), pattern), end; it != end; ++it) codes.emplace((*it)[1], source.path);
  }
  return codes;
}

}  // namespace

TEST_CASE("every code that the sources give is in the list") {
  const auto list = listed();
  for (const auto& [code, path] : given()) {
    INFO(path << " gives " << code);
    CHECK(list.contains(code));
  }
}

TEST_CASE("every code of the list is given somewhere, once") {
  const auto codes = given();
  std::set<std::string_view> seen;
  for (const auto& row : edge::errors()) {
    INFO(row.code);
    CHECK(codes.contains(std::string(row.code)));
    CHECK(seen.insert(row.code).second);
  }
}

TEST_CASE("every code has a page that begins with its title and says what to do") {
  for (const auto& row : edge::errors()) {
    const auto page = edge::explain(row.code);
    INFO(row.code);
    CHECK(page.starts_with("# " + std::string(row.code) + ": " + std::string(row.title) + "\n"));
    CHECK(page.find("\n## What to do\n\n- ") != page.npos);
  }
}

TEST_CASE("every page belongs to a code of the list") {
  const auto list = listed();
  for (const auto& source : tidy::read_tree(test::source_dir())) {
    if (!tidy::lies_in(source.path, "docs/errors")) continue;
    INFO(source.path);
    CHECK(list.contains(source.path.substr(std::string("docs/errors/").size(), 5)));
  }
}

TEST_CASE("an unknown code has no page") { CHECK(edge::explain("R9999").empty()); }
