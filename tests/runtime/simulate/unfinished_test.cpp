#include "runtime/simulate/unfinished.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace flow::simulate;

TEST_CASE("who breaks off is waited for, with marks or without") {
  for (const auto* words : {"I want to send back the", "where is my order and", "my order number is", "my order number", "i would like",
                            "could you", "Well,", "I was thinking...", "um", "it is for", "can i have a", "and then if"}) {
    INFO(words);
    CHECK(sounds_unfinished(words));
  }
}

TEST_CASE("who has said it all is answered at once") {
  for (const auto* words : {"", "where is my order", "what did i order last week", "A1", "the red boots", "yes", "number", "goodbye",
                            "my order number is 4711", "Who is that?", "That is what it is.", "i want to send something back", "thank you"}) {
    INFO(words);
    CHECK_FALSE(sounds_unfinished(words));
  }
}
