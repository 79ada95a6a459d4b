// Feeds the decoders of the Realtime protocol and its dialect with spoiled frames. They must give what comes back from
// its own text unchanged, or say why not, and never crash.
//
//   wire_fuzz [--seconds N] [--seed S]     default 10 seconds from seed 1; prints the seed of a failure

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <set>

#include "runtime/json/json.h"
#include "runtime/wire/base64.h"
#include "runtime/wire/log.h"
#include "runtime/wire/openai/audio.h"
#include "runtime/wire/openai/codec.h"
#include "runtime/wire/openai/dialect.h"
#include "tests/fuzz/run.h"
#include "tests/support/places.h"

namespace {

using namespace flow;
namespace openai = wire::openai;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  auto below(std::size_t limit) -> std::size_t { return limit == 0 ? 0 : random_() % limit; }
  auto one_of(const auto& all) -> const auto& { return all[below(std::size(all))]; }

 private:
  std::mt19937_64 random_;
};

// Bytes that are no frame any more, or another one.
auto spoil_text(std::string text, const std::vector<std::string>& samples, Chance& chance) -> std::string {
  static constexpr const char* Pieces[] = {"\\",  "\"",   "\\u0000",   "\\ud83d", "\xff",
                                           "{",   "}",    "[",         "]",       ",",
                                           ":",   "null", "-1",        "1e999",   "99999999999999999999",
                                           "=",   "AAAA", "\"type\":", " ",       "\n",
                                           "0.5", "true"};
  const auto at = chance.below(text.size() + 1);
  switch (chance.below(7)) {
    case 0: text.insert(at, 1, static_cast<char>(chance.below(256))); break;
    case 1: text.erase(at, 1 + chance.below(12)); break;
    case 2: text.insert(at, chance.one_of(Pieces)); break;
    case 3: text.resize(at); break;
    case 4: text.insert(at, text.substr(chance.below(text.size() + 1), chance.below(40))); break;
    case 5: {
      const auto& other = chance.one_of(samples);
      text = text.substr(0, at) + other.substr(chance.below(other.size()));
      break;
    }
    default:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << chance.below(8)));
  }
  return text;
}

auto any_value(Chance& chance) -> Value {
  switch (chance.below(10)) {
    case 0: return {};
    case 1: return true;
    case 2: return Value{std::int64_t(chance.below(100))};
    case 3: return Value{-1};
    case 4: return 1e300;
    case 5: return "";
    case 6: return "type";
    case 7: return Value::List{Value{1}, Value{}};
    case 8: return Value::Record{{"type", "message"}, {"id", ""}};
    default: return std::string(chance.below(300), 'x');
  }
}

// One place of the tree becomes something else, goes away, or gets company.
void spoil_tree(Value& value, Chance& chance) {
  auto* list = std::get_if<Value::List>(&value.data);
  auto* record = std::get_if<Value::Record>(&value.data);
  const auto size = list ? list->size() : record ? record->size() : 0;
  if (size == 0 || chance.below(6) == 0) {
    value = any_value(chance);
    return;
  }
  const auto at = chance.below(size);
  const auto place = static_cast<std::ptrdiff_t>(at);
  switch (chance.below(8)) {
    case 0: list ? void(list->erase(list->begin() + place)) : void(record->erase(record->begin() + place)); break;
    case 1: list ? list->push_back(any_value(chance)) : void(record->emplace_back("new", any_value(chance))); break;
    case 2: list ? std::swap(list->front(), (*list)[at]) : std::swap(record->front(), (*record)[at]); break;
    default: spoil_tree(list ? (*list)[at] : (*record)[at].second, chance);
  }
}

auto spoiled(const std::vector<std::string>& samples, Chance& chance) -> std::string {
  auto text = chance.one_of(samples);
  if (chance.below(2) == 0) {
    auto tree = json::parse(text).value();
    for (auto times = 1 + chance.below(3); times > 0; --times) spoil_tree(tree, chance);
    return to_json(tree);
  }
  for (auto times = chance.below(5); times > 0; --times) text = spoil_text(std::move(text), samples, chance);
  return text;
}

// ── What must hold ───────────────────────────────────────────────────────────────────────────────────────────

auto complain(const char* what) -> bool {
  std::fprintf(stderr, "wire_fuzz: %s\n", what);
  return false;
}

auto client_holds(const std::string& frame) -> bool {
  const auto event = openai::decode_client(frame);
  if (!event)
    return (!event.error().code.empty() && !event.error().message.empty()) || complain("refused without a reason");
  const auto text = openai::encode(*event);
  const auto again = openai::decode_client(text);
  return (again && openai::encode(*again) == text) || complain("a client event changed on its way");
}

auto server_holds(const std::string& frame) -> bool {
  const auto event = openai::decode_server(frame);
  if (!event) return !event.error().text.empty() || complain("malformed without a reason");
  const auto text = openai::encode(*event);
  const auto again = openai::decode_server(text);
  return (again && openai::encode(*again) == text) || complain("a server event changed on its way");
}

auto scans_agree(const std::string& frame) -> bool {
  std::vector<std::int16_t> pcm;
  const auto scanned = openai::scan_audio_delta(frame);
  if (scanned && wire::base64_decode(scanned->audio, pcm)) {
    const auto event = openai::decode_server(frame);
    const auto* delta = event ? std::get_if<openai::server::AudioDelta>(&event->what) : nullptr;
    if (!delta || delta->delta != scanned->audio || delta->at.item.item_id != scanned->item_id ||
        delta->at.item.response_id != scanned->response_id) {
      return complain("the scan of a delta sees what the decoder does not");
    }
  }
  const auto appended = openai::scan_append(frame);
  if (appended && wire::base64_decode(appended->audio, pcm)) {
    const auto event = openai::decode_client(frame);
    const auto* append = event ? std::get_if<openai::client::AppendAudio>(&event->what) : nullptr;
    if (!append || append->audio != appended->audio)
      return complain("the scan of an append sees what the decoder does not");
  }
  return true;
}

auto log_holds(const std::string& frame) -> bool {
  std::string line;
  wire::log_line(core::Millis{1}, wire::Direction::In, frame, line);
  if (line.find('\n') != line.size() - 1) return complain("a line of the log has not one end");
  // A frame that is not UTF-8 cannot be said in JSON; the socket lets none through.
  return json::is_object(line) || !json::parse(to_json(Value{frame})) || complain("a line of the log is not JSON");
}

// ── A whole link ─────────────────────────────────────────────────────────────────────────────────────────────

struct Sink final : wire::AudioSink {
  std::size_t room = 1'000;
  auto audio(core::ResponseId, core::ItemId, std::span<const std::int16_t> pcm) -> std::size_t override {
    return std::min(room, pcm.size());
  }
};

auto any_order(Chance& chance) -> core::Effect {
  const core::Epoch epoch{1};
  const auto small = [&] { return static_cast<std::uint32_t>(chance.below(8)); };
  const core::ItemId own{core::FirstOwnItem + small()};
  switch (chance.below(9)) {
    case 0:
      return core::Configure{.epoch = epoch,
                             .config = {small()},
                             .agent = {0},
                             .instructions = "x",
                             .functions = {},
                             .turn_detection = {}};
    case 1: return core::CreateMessage{epoch, own, static_cast<core::Role>(chance.below(3)), "\"\xf0\x9f\x98\x80\n"};
    case 2: return core::AnswerCall{epoch, own, {small()}, "{}"};
    case 3: return core::RecallFunction{epoch, own, {small()}, "f", "{}"};
    case 4: return core::DeleteItem{epoch, {small()}};
    case 5:
      return core::CreateResponse{
          .epoch = epoch, .ask = {small()}, .instructions = {}, .out_of_band = chance.below(2) == 0};
    case 6: return core::CancelResponse{epoch, {small()}};
    case 7: return core::TruncateItem{epoch, {small()}, core::Millis{5}};
    default: return core::CommitAudio{epoch};
  }
}

auto epoch_of(const core::Event& event) -> core::Epoch {
  return std::visit(
      [](const auto& e) {
        if constexpr (requires { e.epoch; })
          return e.epoch;
        else
          return core::Epoch{};
      },
      event);
}

auto link_holds(const ir::Program& program, const std::vector<std::string>& samples, Chance& chance) -> bool {
  const auto dialect = openai::make_dialect({.program = &program, .realtime = {0}, .epoch = {1}, .after = {}});
  Sink sink;
  std::vector<core::Event> events;
  for (int i = 0; i < 60; ++i) {
    const auto frame = spoiled(samples, chance);
    dialect->receive(frame, sink, events);
    if (chance.below(3) > 0) continue;
    std::vector<std::string> frames;
    dialect->send(any_order(chance), frames);
    for (const auto& sent : frames) {
      if (!openai::decode_client(sent)) return complain("a service would refuse what the dialect sends");
    }
  }
  int greetings = 0;
  std::set<core::ItemId> called;
  for (const auto& event : events) {
    if (epoch_of(event) != core::Epoch{1}) return complain("an event of no link");
    greetings += std::holds_alternative<core::LinkOpened>(event) ? 1 : 0;
    const auto* call = std::get_if<core::FunctionCalled>(&event);
    if (call && !called.insert(call->item).second) return complain("a function was called twice");
  }
  return greetings <= 1 || complain("a link opened twice");
}

auto read_samples() -> std::vector<std::string> {
  std::vector<std::string> samples;
  for (const auto* name : {"client.jsonl", "server.jsonl"}) {
    std::ifstream file(test::source_dir() + "/tests/runtime/wire/samples/" + name);
    for (std::string line; std::getline(file, line);) samples.push_back(line);
  }
  return samples;
}

auto a_program() -> ir::Program {
  ir::Program program;
  program.agents.add({.name = "a", .voice = "marin"});
  program.realtimes.add({.name = "r", .provider = "openai"});
  return program;
}

}  // namespace

int main(int argc, char** argv) {
  flow::test::FuzzRun run(argc, argv);
  const auto samples = read_samples();
  if (samples.empty()) return complain("no samples"), 1;
  const auto program = a_program();
  std::uint64_t runs = 0, read = 0;
  for (; run.goes_on(); run.next()) {
    Chance chance(run.seed);
    for (int i = 0; i < 60; ++i, ++runs) {
      const auto frame = spoiled(samples, chance);
      run.keep(frame);
      read += openai::decode_client(frame).has_value() || openai::decode_server(frame).has_value() ? 1 : 0;
      if (!client_holds(frame) || !server_holds(frame) || !scans_agree(frame) || !log_holds(frame)) return run.found(frame);
    }
    if (!link_holds(program, samples, chance)) return run.found("a whole link");
  }
  std::printf("wire_fuzz: %llu spoiled frames, %llu of them still events\n", static_cast<unsigned long long>(runs), static_cast<unsigned long long>(read));
  return 0;
}
