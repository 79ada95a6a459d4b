// Pairs of descriptions by which the threshold was chosen: where the model can tell them apart, and where it cannot.

#include "compiler/review/alike.h"

#include <catch2/catch_test_macros.hpp>

using flow::review::likeness;
using flow::review::meaning_of;

namespace {

struct Pair {
  const char* a;
  const char* b;
};

auto likeness_of(const Pair& pair) -> double { return likeness(meaning_of(pair.a), meaning_of(pair.b)); }

}  // namespace

TEST_CASE("descriptions with the same words in another order or form are too alike") {
  for (const auto& pair : {
           Pair{"the caller asks about an invoice", "a caller has asked about their invoices"},
           Pair{"Find the orders that a caller placed.", "Finds an order the caller has placed."},
           Pair{"the caller wants to cancel a booking", "the caller would like to cancel their booking"},
           Pair{"Look up the weather of a town.", "Look up the weather for a town."},
           Pair{"the caller reports a charge they do not recognise", "a charge that the caller does not recognise is reported"},
           Pair{"Send the customer a text message.", "Sends a text message to the customer."},
           Pair{"the caller is angry", "the caller is angry again"},
           Pair{"Open a return for one order.", "Open returns for an order."},
           Pair{"the caller wants to book a table for tonight", "the caller wants to book a table tonight"},
           Pair{"the caller has a technical problem", "the caller has technical problems"},
       }) {
    INFO(pair.a << " / " << pair.b);
    CHECK(likeness_of(pair) >= flow::review::TooAlike);
  }
}

TEST_CASE("descriptions that differ in the word that matters are told apart") {
  for (const auto& pair : {
           Pair{"the caller asks about an invoice", "the caller asks about an order"},
           Pair{"the caller wants to buy shoes", "the caller wants to send shoes back"},
           Pair{"Cancel one order.", "Cancel one subscription."},
           Pair{"Find the orders that a caller placed.", "Cancel an order that a caller placed."},
           Pair{"Look up the weather of a town.", "Look up the trains of a town."},
           Pair{"the caller asks about the things of desk 1", "the caller asks about the things of desk 2"},
           Pair{"the caller agrees", "the caller does not agree"},
           Pair{"the caller wants to change a booking", "the caller wants to cancel a booking"},
           Pair{"Check who is calling.", "Check what was ordered."},
           Pair{"the caller is content", "the caller is angry"},
           Pair{"the case is closed, or the caller wants something else", "the return is settled, or the caller wants something else"},
           Pair{"Open an account for a person.", "Close an account of a person."},
       }) {
    INFO(pair.a << " / " << pair.b);
    CHECK(likeness_of(pair) < flow::review::TooAlike);
  }
}

TEST_CASE("texts without a word of their own have nothing in common") {
  CHECK(meaning_of("the caller wants it").size() <= 1);
  CHECK(likeness({}, {}) == 0);
  CHECK(likeness(meaning_of("to be or"), meaning_of("to be or")) == 0);
}
