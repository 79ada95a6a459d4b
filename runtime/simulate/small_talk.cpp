#include "runtime/simulate/small_talk.h"

#include <algorithm>
#include <span>

#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

using Choices = std::span<const std::string_view>;

constexpr std::string_view Greetings[] = {"Hello! How can I help you today?", "Hi there! What can I do for you?",
                                          "Good to hear from you. How can I help?"};
constexpr std::string_view Farewells[] = {"Goodbye, and thank you for calling.", "Thanks for calling. Have a good day. Goodbye!",
                                          "Take care. Goodbye!"};
constexpr std::string_view Waits[] = {"One moment, please. I'm working on it.", "Just a moment, I'm on it.", "I'm looking into it. One moment."};
constexpr std::string_view More[] = {"Is there anything else I can do for you?", "What else can I help you with?",
                                     "Anything else I can help with?"};

// A kind of remark: the first whose cue is among the words is answered. Cues of several words stand in that order.
struct Remark {
  std::vector<std::string_view> cues;
  std::vector<std::string_view> answers;
};

auto remarks() -> const std::vector<Remark>& {
  static const std::vector<Remark> Known{
      {{"goodbye", "bye", "that is all", "that s all", "that was all", "hang up"},
       {Farewells[0], Farewells[1], Farewells[2]}},
      {{"are you there", "are you still there", "can you hear me", "hello hello"},
       {"Yes, I'm here.", "I'm still here. Go ahead.", "Yes, I can hear you."}},
      {{"how are you", "how is it going", "how s it going", "how do you do", "are you well"},
       {"I'm doing well, thank you. And you?", "Very well, thanks for asking. How about you?", "All good here, thank you."}},
      {{"thank you", "thanks", "great", "perfect", "wonderful", "lovely", "brilliant"},
       {"You're welcome.", "My pleasure.", "Glad I could help."}},
      {{"joke", "funny"},
       {"I'd only spoil it. I'm better at looking things up than at jokes.", "I know one about patience, but it takes a while."}},
      {{"weather", "sunny", "rain", "raining", "snow", "cold outside", "warm outside"},
       {"I can't see outside from here, but I hope it's nice where you are.", "No windows here, I'm afraid. I hope the day treats you well.",
        "I'd like to know that too. I hope it stays dry for you."}},
      {{"weekend", "holiday", "vacation", "birthday"},
       {"That sounds lovely. I hope you enjoy it.", "How nice. I hope you get some rest.", "Sounds like something to look forward to."}},
      {{"wait", "hold on", "one moment", "just a second", "one second"},
       {"Of course, take your time.", "No hurry. I'll be here.", "Sure, I'll wait."}},
      {{"sorry", "my mistake", "never mind", "nevermind"}, {"No problem at all.", "Don't worry about it.", "That's quite all right."}},
      {{"you are a robot", "are you a robot", "are you human", "are you real", "are you an ai"},
       {"I'm an automated assistant, but I'll do my best.", "I'm an assistant, not a person. I'm happy to help all the same."}},
      {{"yes", "yeah", "yep", "sure", "correct", "right", "exactly"}, {"All right.", "Good.", "Very well."}},
      {{"no", "nope", "not really", "nothing"}, {"All right. Let me know if you need anything.", "No problem.", "Okay, then."}},
      {{"good", "fine", "not bad", "very well"}, {"I'm glad to hear that.", "That's good to hear."}},
      {{"okay", "ok", "i see", "alright"}, {"Good. Is there anything else?", "All right.", "Okay."}},
      {{"hello", "hi", "hey", "good morning", "good afternoon", "good evening", "greet me", "greet"},
       {Greetings[0], Greetings[1], Greetings[2]}},
  };
  return Known;
}

constexpr std::string_view NotHeard[] = {"Sorry, I didn't catch that. Could you say it again?", "I couldn't hear you there. Once more, please?",
                                         "I'm sorry, I didn't get that."};
constexpr std::string_view NotKnown[] = {"I don't know that, I'm afraid.", "I'm not sure about that one, sorry.",
                                         "That's more than I can tell you. Is there something else I can help with?"};
constexpr std::string_view Heard[] = {"I see. How can I help you with that?", "All right. What would you like me to do?",
                                      "Thanks for telling me. What can I do for you?"};

auto pick(Choices choices, std::string_view last, Dice& dice) -> std::string {
  auto at = dice.below(choices.size());
  if (choices.size() > 1 && last == choices[at]) at = (at + 1) % choices.size();
  return std::string(choices[at]);
}

// The words alone, with one space around each.
auto spaced(std::string_view text) -> std::string {
  std::string all = " ";
  for (const auto& word : tokens(text)) all += lower(word.text) + ' ';
  return all;
}

// "You are the first voice of Contoso Shoes." said by the one it is about.
auto self(std::string_view prompt) -> std::string {
  const auto at = lower(prompt).find("you are ");
  if (at == std::string::npos) return {};
  const auto rest = prompt.substr(at + 8);
  return "I'm " + std::string(trimmed(rest.substr(0, rest.find_first_of(".,;:\n!?")))) + ".";
}

auto is_question(std::string_view said, const std::string& words) -> bool {
  if (said.find('?') != said.npos) return true;
  constexpr std::string_view Starts[] = {"what", "who", "when", "where", "why", "how", "which", "is", "are", "do", "does", "can", "could", "will", "would"};
  return std::any_of(std::begin(Starts), std::end(Starts), [&](auto start) { return words.rfind(" " + std::string(start) + " ", 0) == 0; });
}

}  // namespace

auto small_talk(std::string_view said, std::string_view prompt, std::string_view last, Dice& dice) -> std::string {
  const auto words = spaced(said);
  if (words == " ") return pick(NotHeard, last, dice);
  if (words.find(" who are you ") != words.npos || words.find(" your name ") != words.npos) {
    const auto me = self(prompt);
    return me.empty() ? "I'm the assistant on this line." : me;
  }
  for (const auto& remark : remarks()) {
    const bool fits = std::any_of(remark.cues.begin(), remark.cues.end(), [&](auto cue) { return words.find(" " + std::string(cue) + " ") != words.npos; });
    if (fits) return pick(remark.answers, last, dice);
  }
  return pick(is_question(said, words) ? Choices(NotKnown) : Choices(Heard), last, dice);
}

auto greeting(std::string_view prompt, Dice& dice) -> std::string {
  const auto me = self(prompt);
  if (me.empty() || me.size() > 80) return pick(Greetings, {}, dice);
  return "Hello! " + me + " How can I help you?";
}

auto farewell(Dice& dice) -> std::string { return pick(Farewells, {}, dice); }
auto please_wait(Dice& dice) -> std::string { return pick(Waits, {}, dice); }
auto anything_else(Dice& dice) -> std::string { return pick(More, {}, dice); }

}  // namespace flow::simulate
