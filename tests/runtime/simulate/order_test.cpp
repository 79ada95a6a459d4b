// Whatever a client sends, in whatever order, and however the service misbehaves: the order of its events holds.

#include "tests/runtime/simulate/talk.h"

using namespace flow;
using namespace flow::simulate;
using namespace flow::simulate::test;

namespace {

// A client without plan or manners.
class Wild {
 public:
  Wild(Talk& talk, std::uint64_t seed) : talk_(talk), dice_(seed) {}

  void act() {
    switch (dice_.below(16)) {
      case 0: return talk_.respond();
      case 1: return talk_.respond(R"("output_modalities":["text"])");
      case 2: return talk_.respond(R"("conversation":"none","input":[],"instructions":"Say exactly: \"Aside.\"")");
      case 3: return talk_.respond(R"("max_output_tokens":)" + std::to_string(dice_.between(1, 40)));
      case 4: return talk_.send(R"({"type":"response.cancel"})");
      case 5: return talk_.type(dice_.one_in(2) ? "Where is order 12?" : "How are you?");
      case 6: return talk_.say("Hello there.");
      case 7: return talk_.silence(static_cast<int>(dice_.between(1, 50)) * 20);
      case 8: return talk_.send(R"({"type":"input_audio_buffer.commit"})");
      case 9: return talk_.send(R"({"type":"input_audio_buffer.clear"})");
      case 10: return about_item("conversation.item.truncate", R"(,"content_index":0,"audio_end_ms":)" + std::to_string(dice_.between(0, 3000)));
      case 11: return about_item(dice_.one_in(2) ? "conversation.item.delete" : "conversation.item.retrieve", "");
      case 12: return answer_call();
      case 13: return configure();
      default: return talk_.wait(Millis{dice_.between(1, 900)});
    }
  }

 private:
  void about_item(const std::string& type, const std::string& rest) {
    const auto items = talk_.all<server::ItemAdded>();
    if (items.empty()) return;
    talk_.send(R"({"type":")" + type + R"(","item_id":")" + std::string(id_of(items[dice_.below(items.size())].item)) + "\"" + rest + "}");
  }
  void answer_call() {
    for (const auto& done : talk_.all<server::ArgumentsDone>()) {
      if (dice_.one_in(2)) talk_.send(R"({"type":"conversation.item.create","item":{"type":"function_call_output","call_id":")" + done.call_id + R"(","output":"{\"status\":\"shipped\"}"}})");
    }
  }
  void configure() {
    static const std::vector<std::string> Changes{
        R"("audio":{"input":{"turn_detection":null}})",
        R"("audio":{"input":{"turn_detection":{"type":"server_vad","interrupt_response":false,"silence_duration_ms":200}}})",
        R"("audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"high"},"transcription":{"model":"gpt-4o-transcribe"}}})",
        R"("audio":{"input":{"format":{"type":"audio/pcmu"}}})", R"("audio":{"input":{"format":{"type":"audio/pcm","rate":24000}}})",
        R"("audio":{"output":{"format":{"type":"audio/pcma"}}})", R"("output_modalities":["text"])", R"("output_modalities":["audio"])",
        R"("tools":[{"type":"function","name":"lookup_order","description":"Looks up an order.","parameters":{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]}}])",
        R"("tool_choice":"required")", R"("tool_choice":"auto")"};
    talk_.update(Changes[dice_.below(Changes.size())]);
  }

  Talk& talk_;
  Dice dice_;
};

}  // namespace

TEST_CASE("the order of events holds against clients without plan or manners") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Talk talk({.seed = seed});
    Wild wild(talk, seed);
    for (int i = 0; i < 80; ++i) wild.act();
    talk.update(R"("audio":{"input":{"turn_detection":null}})");
    talk.settle();
  }
}

TEST_CASE("the order of events holds while the service misbehaves") {
  int failed = 0, lost = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Options options{.seed = seed};
    options.chaos = {.delay = true, .reorder = true, .drop = seed % 4 == 0, .error = true};
    Talk talk(options);
    Wild wild(talk, seed + 1000);
    for (int i = 0; i < 80; ++i) wild.act();
    talk.update(R"("audio":{"input":{"turn_detection":null}})");
    talk.settle();
    for (const auto& done : talk.all<server::ResponseDone>()) failed += done.response.status == wire::openai::ResponseStatus::Failed ? 1 : 0;
    lost += talk.service().goodbye() ? 1 : 0;
  }
  CHECK(failed > 5);
  CHECK(lost > 2);
}
