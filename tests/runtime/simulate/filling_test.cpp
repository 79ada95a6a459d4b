// How the simulated model fills a form from what a caller says.

#include "runtime/simulate/filling.h"

#include <catch2/catch_test_macros.hpp>

#include "runtime/json/json.h"

using namespace flow;
using namespace flow::simulate;
using Who = Line::Who;

namespace {

const Tool Booking{"fill_appointment", "Make a new appointment. Call it as soon as the caller has said any of this.",
                   *json::parse(R"({"type":"object","properties":{
                     "treatment":{"type":["string","null"],"enum":["checkup","cleaning","toothache",null],"description":"What is it for?"},
                     "day":{"type":["string","null"],"enum":["monday","tuesday",null],"description":"Which day?"},
                     "at":{"type":["string","null"],"description":"At what time?; a time of day, HH:MM"},
                     "name":{"type":["string","null"],"description":"What is your name?"},
                     "phone":{"type":["string","null"],"description":"What is your phone number?; a phone number with its country code"},
                     "mail":{"type":["string","null"],"description":"an e-mail address"},
                     "people":{"type":["integer","null"],"description":"How many are you?"},
                     "confirmed":{"type":["boolean","null"],"description":"true when the caller has said yes"}}})")};

auto filled(const std::string& said, Progress progress = {}) -> std::string {
  const auto json = answers_in(Booking, said, progress, said.starts_with("Yes"));
  if (!json) return "nothing";
  std::string out;
  const auto arguments = *json::parse(*json);
  for (const auto& [name, value] : *arguments.record()) {
    if (!value.is_none()) out += (out.empty() ? "" : ", ") + name + ": " + to_spoken(value);
  }
  return out;
}

auto asked(const std::string& field) -> Progress { return {.begun = true, .wants_yes = false, .asked = field}; }

auto answer(const std::string& said, std::vector<Line> before) -> Answer {
  Model model({}, 7);
  before.push_back({Who::Caller, said, {}, {}, {}});
  return model.answer({.prompt = "You are a practice.", .directive = {}, .context = std::move(before), .tools = {Booking}, .must_call = {}});
}

auto status(const std::string& json) -> std::vector<Line> {
  return {{Who::Call, "{}", "fill_appointment", "c1", {}}, {Who::Result, json, {}, "c1", {}}, {Who::Agent, "So it is.", {}, {}, {}}};
}

}  // namespace

TEST_CASE("several answers in one sentence are taken at once, before anything was asked") {
  CHECK(filled("A checkup on Monday at 10, please.") == "treatment: checkup, day: monday, at: 10:00");
  CHECK(filled("My name is Robin Gray and it is for a cleaning.") == "treatment: cleaning, name: Robin Gray");
}

TEST_CASE("what was asked for takes an answer that would mean nothing by itself") {
  CHECK(filled("Robin Gray", asked("name")) == "name: Robin Gray");
  CHECK(filled("Robin Gray") == "nothing");
  CHECK(filled("Four", asked("people")) == "people: 4");
  CHECK(filled("Ten", asked("at")) == "at: 10:00");
  CHECK(filled("555 010 0123", asked("phone")) == "phone: 5550100123");
  CHECK(filled("It is ann@example.com", asked("mail")) == "mail: ann@example.com");
}

TEST_CASE("times are said in many ways") {
  CHECK(time_in("at 10") == "10:00");
  CHECK(time_in("at ten o'clock") == "10:00");
  CHECK(time_in("half past nine") == "09:30");
  CHECK(time_in("quarter to three in the afternoon") == "14:45");
  CHECK(time_in("2 pm") == "14:00");
  CHECK(time_in("9:30") == "09:30");
  CHECK(time_in("Then at 11.") == "11:00");
  CHECK(time_in("I have two dogs and a cat") == "");
}

TEST_CASE("a yes confirms what was read back, and nothing else") {
  CHECK(filled("Yes, please.", {.begun = true, .wants_yes = true, .asked = {}}) == "confirmed: true");
  CHECK(filled("Yes, please.") == "nothing");
  CHECK(filled("Yes, but on Tuesday.", {.begun = true, .wants_yes = true, .asked = {}}) == "day: tuesday, confirmed: true");
}

TEST_CASE("the form's status leads the conversation") {
  const auto missing = answer("On Monday", status(R"({"status":"incomplete","missing":["day"],"note":"Ask the caller for `day`: \"Which day?\""})"));
  REQUIRE(missing.calls.size() == 1);
  CHECK(missing.calls[0].name == "fill_appointment");
  const auto no = answer("No", status(R"({"status":"needs_confirmation","note":"Ask the caller: \"Shall I?\" When they say yes, call."})"));
  CHECK(no.calls.empty());
  CHECK(no.say == "What should I change?");
  CHECK(told_of_form(*json::parse(R"({"status":"incomplete","missing":["day"],"note":"Ask the caller for `day`: \"Which day?\""})")) == "Which day?");
  CHECK(told_of_form(*json::parse(R"({"status":"incomplete","missing":["phone_number"],"note":"Ask the caller for it."})")) == "Could you tell me the phone number, please?");
  CHECK(told_of_form(*json::parse(R"({"status":"incomplete","refused":[{}],"missing":["day"],"note":"\"Which day?\""})")) == "I'm sorry, that does not work. Which day?");
  CHECK(told_of_form(*json::parse(R"({"status":"done","result":"R-1"})")).starts_with("That is done."));
}

const Tool Claim{"fill_claim", "File a claim.",
                 *json::parse(R"({"type":"object","properties":{
                   "what":{"type":["string","null"],"description":"What happened, in a sentence or two?"},
                   "number":{"type":["string","null"],"description":"What is the number of your policy?"},
                   "phone":{"type":["string","null"],"description":"Where can we reach you?; a phone number with its country code"},
                   "confirmed":{"type":["boolean","null"]}}})")};

auto claimed(const std::string& said, const std::string& asked_before) -> std::string {
  Model model({}, 7);
  std::vector<Line> context{{Who::Agent, asked_before, {}, {}, {}}, {Who::Caller, said, {}, {}, {}}};
  const auto answer = model.answer({.prompt = "You are an insurer.", .directive = {}, .context = std::move(context), .tools = {Claim}, .must_call = {}});
  return answer.calls.empty() ? "nothing" : answer.calls.front().arguments;
}

TEST_CASE("the agent's own question begins a form") {
  CHECK(claimed("A storm broke my window.", "I'll take it down. What happened?") == R"({"what":"storm broke my window","number":null,"phone":null,"confirmed":null})");
  CHECK(claimed("A storm broke my window.", "What happened? Take your time.") == claimed("A storm broke my window.", "What happened?"));
  CHECK(claimed("A storm broke my window.", "Good morning.") == "nothing");
  CHECK(claimed("Does it cost anything?", "I'll take it down. What happened?") == "nothing");
}

TEST_CASE("words that answer something else do not answer what was asked") {
  CHECK(claimed("My policy is number N-1001.", "I'll take it down. What happened?") == R"({"what":null,"number":"N-1001","phone":null,"confirmed":null})");
  CHECK(claimed("You reach me on 555 010 0123.", "I'll take it down. What happened?") == R"({"what":null,"number":null,"phone":"5550100123","confirmed":null})");
}

TEST_CASE("a number in a whole sentence is not all of the answer") {
  CHECK(claimed("A tree of 30 years fell on my garage.", "What happened?").find("tree of 30 years fell on my garage") != std::string::npos);
}

TEST_CASE("small talk while a form is open is no answer to it") {
  CHECK(filled("Nice weather today, isn't it?", asked("day")) == "nothing");
}
