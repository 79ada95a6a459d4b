// What texts are judged by: can they be spoken, do they hold a key, how long are they to a model.

#include <catch2/catch_test_macros.hpp>

#include "compiler/ir/tokens.h"
#include "compiler/review/key_shapes.h"
#include "compiler/review/speakable.h"

using namespace flow::review;
using flow::ir::tokens_about;
using flow::ir::tokens_at_most;

TEST_CASE("what an eye would skip is found in spoken words") {
  const auto what = [](std::string_view text) { return unspeakable_in(text).value_or(Unspeakable{}); };
  CHECK(what("See https://shop.example/help, please.").part == "https://shop.example/help");
  CHECK(what("Go to www.shop.example.").part == "www.shop.example");
  CHECK(what("Write to help@shop.example.").what == "an e-mail address");
  CHECK(what("We have **new** shoes.").what == "a mark of layout");
  CHECK(what("You may:\n- buy\n- sell").what == "a mark of layout");
  CHECK(what("| shoes | 10 |").what == "a mark of layout");
  CHECK(what("Call 0301234567.").part == "0301234567");
  CHECK(what("Good morning \xF0\x9F\x98\x80").what == "a picture");
  CHECK(what("Done \xE2\x9C\x85").what == "a picture");
}

TEST_CASE("what a person would say can be spoken") {
  for (const auto* text : {"", "Hello. How can I help?", "It costs 19.90 euros.", "Your number is 30 12 34 56.", "It is 20:15, at 5 - 6 degrees.", "Meet me @ noon",
                           "We close at 6 pm; call again tomorrow!", "Your order 123456 is here.", "Schöne Grüße — bis bald …", "A * B is a product.", "Press # to go on."}) {
    INFO(text);
    CHECK_FALSE(unspeakable_in(text).has_value());
  }
}

TEST_CASE("keys are known by their shape") {
  CHECK(key_in("sk-proj-abcdefghij0123456789ABCD") == "an OpenAI key");
  CHECK(key_in("the key is AKIAIOSFODNN7EXAMPLE, keep it") == "an AWS key");
  CHECK(key_in("ghp_0123456789abcdefghijABCDEFGHIJ0123") == "a GitHub token");
  CHECK(key_in("-----BEGIN RSA PRIVATE KEY-----\nabc") == "a private key");
  CHECK(key_in("Zx8Qw3Lm9Tr5Vb2Nk7Hp4Jd6Fs1Gy0Ca") == "a key or a password");
}

TEST_CASE("words, addresses and long names are no keys") {
  for (const auto* text : {"sk-eptical people ask twice", "https://api.example.com/v1/orders/returns/labels", "gpt-4o-mini-transcribe-2026-01-01-preview",
                           "a-very-long-identifier-that-is-made-of-words", "0123456789012345678901234567890123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKL",
                           "the_quick_brown_fox_jumps_over_the_lazy_dog", "Donaudampfschifffahrtsgesellschaft", "AKIA is how they begin"}) {
    INFO(text);
    CHECK_FALSE(key_in(text).has_value());
  }
}

TEST_CASE("tokens are counted on the careful side, and never beyond the bound") {
  CHECK(tokens_about("") == 0);
  CHECK(tokens_about("Hello") == 2);
  CHECK(tokens_about("Keep answers short.") == 2 + 3 + 2 + 1);
  CHECK(tokens_about("12345") == 2);
  for (const auto* text : {"Grüße aus Köln", "a b c d", "!!!", "\n\n\n    x", "日本語"}) CHECK(tokens_about(text) <= tokens_at_most(text));
  // English prose takes a token for 4 to 5 letters: we count more.
  const std::string_view prose = "You are the first voice of a small shop. Keep answers under two sentences and never promise a refund.";
  CHECK(tokens_about(prose) >= prose.size() / 4);
  CHECK(tokens_about(prose) <= prose.size() / 2);
}
