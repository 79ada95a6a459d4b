// The checker of the order is checked first: each rule notices what breaks it.

#include "tests/runtime/simulate/sequence.h"

#include <catch2/catch_test_macros.hpp>

using namespace flow;
using namespace flow::simulate::test;
using namespace flow::wire::openai;

namespace {

auto response(const std::string& id, ResponseStatus status = ResponseStatus::InProgress, std::vector<Item> output = {}) -> Response {
  Response made;
  made.id = id;
  made.status = status;
  made.output = std::move(output);
  made.conversation_id = std::string("conv");
  if (status != ResponseStatus::InProgress) made.usage = ResponseUsage{};
  return made;
}
auto message(const std::string& id) -> Item { return Message{{id, {}, {}}, Role::Assistant, {}}; }
const server::PartPlace Place{{"r", "i", 0}, 0};

// What is wrong with these events after a session.created; `ends`: the stream is over.
auto problems(std::vector<server::What> events, bool ends = false) -> std::size_t {
  Sequence sequence;
  int number = 0;
  sequence.next({"e0", server::SessionCreated{RealtimeSession{}}});
  for (auto& what : events) sequence.next({"e" + std::to_string(++number), std::move(what)});
  if (ends) sequence.end();
  return sequence.problems().size();
}

const std::vector<server::What> Whole{
    server::ResponseCreated{response("r")}, server::OutputItemAdded{"r", 0, message("i")}, server::PartAdded{Place, {}},
    server::SpokenTextDelta{Place, "Hi"}, server::AudioDelta{Place, "AAAA"}, server::AudioDone{Place}, server::SpokenTextDone{Place, "Hi"},
    server::PartDone{Place, {}}, server::OutputItemDone{"r", 0, message("i")}, server::ResponseDone{response("r", ResponseStatus::Completed, {message("i")})}};

auto without(std::size_t index) -> std::vector<server::What> {
  auto events = Whole;
  events.erase(events.begin() + static_cast<std::ptrdiff_t>(index));
  return events;
}

}  // namespace

TEST_CASE("a whole response is in order, and nothing of it may be missing but what carries its content") {
  CHECK(problems(Whole, true) == 0);
  for (const std::size_t index : {0u, 1u, 2u, 3u, 7u, 8u, 9u}) {
    INFO("without event " << index);
    CHECK(problems(without(index), true) > 0);
  }
}

TEST_CASE("a second active response, a second greeting, a repeated id and unpaired speech are noticed") {
  CHECK(problems({server::ResponseCreated{response("a")}, server::ResponseCreated{response("b")}}) == 1);
  CHECK(problems({server::SessionCreated{RealtimeSession{}}}) == 1);
  CHECK(problems({server::SpeechStarted{0, "i"}, server::SpeechStarted{0, "i"}}) == 1);
  CHECK(problems({server::SpeechStopped{0, "i"}}) == 1);
  CHECK(problems({server::SpeechStarted{0, "i"}, server::AudioCleared{}, server::SpeechStarted{0, "i"}}) == 0);
  Sequence sequence;
  sequence.next({"same", server::SessionCreated{RealtimeSession{}}});
  sequence.next({"same", server::AudioCleared{}});
  CHECK(sequence.problems().size() == 1);
}

TEST_CASE("texts that differ from their deltas are noticed") {
  auto events = Whole;
  events[6] = server::SpokenTextDone{Place, "Ho"};
  CHECK(problems(events) == 1);
}
