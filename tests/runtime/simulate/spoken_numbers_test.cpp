#include "runtime/simulate/spoken_numbers.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <utility>

using namespace flow::simulate;

TEST_CASE("numbers that name something are written in digits") {
  for (const auto& [said, written] : {std::pair{"please cancel order a one", "please cancel order A1"},
                                      {"my order number is four two seven one", "my order number is 4271"},
                                      {"it is four to seven oh one", "it is 42701"},
                                      {"the status of order seventeen", "the status of order 17"},
                                      {"order twenty three please", "order 23 please"},
                                      {"my postcode is one zero one one five", "my postcode is 10115"},
                                      {"gate b twelve", "gate B12"}}) {
    CHECK(with_digits(said) == written);
  }
}

TEST_CASE("numbers that count, or stand for something, stay words") {
  for (const auto* words : {"i want that one", "two shirts and a hat", "one of them", "a shirt for me", "", "i one", "what is the order"}) {
    CHECK(with_digits(words) == words);
  }
}
