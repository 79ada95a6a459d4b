#include "runtime/simulate/phrasing.h"

#include <catch2/catch_test_macros.hpp>

using namespace flow::simulate;

TEST_CASE("a session's texts are sentences as they are spoken") {
  const auto sentences = spoken_sentences("Find orders. Examples: \"where's order A1\", \"what's new\"\nlookup_orders");
  CHECK(sentences == std::vector<Sentence>{{"find", "orders"}, {"examples"}, {"where's", "order", "a", "one"}, {"what's", "new"}, {"lookup", "orders"}});
}

TEST_CASE("the model of the sentences has their words, their pairs, and none that is not known") {
  const auto text = language_model({{"my", "contoso", "order"}, {"my", "order"}}, [](const std::string& word) { return word != "contoso"; });
  CHECK(text.starts_with("\\data\\\nngram 1=4\nngram 2=3\n"));
  CHECK(text.find("<s> my\n") != text.npos);
  CHECK(text.find("my order\n") != text.npos);
  CHECK(text.find("order </s>\n") != text.npos);
  CHECK(text.find("contoso") == text.npos);
  CHECK(text.ends_with("\\end\\\n"));
}

TEST_CASE("where no word is known there is no model") {
  CHECK(language_model({{"contoso"}}, [](const std::string&) { return false; }).empty());
  CHECK(language_model({}, [](const std::string&) { return true; }).empty());
}
