#include "runtime/edge/exact_speech.h"

#include <bit>
#include <cstring>
#include <vector>

namespace flow::edge {
namespace {

constexpr net::Millis FirstSound{2'500};   // then the model reads the line: a caller is waiting
constexpr std::uint32_t FirstNumber = 3'000'000'000;  // beyond what links give out, and what is ours in the conversation
constexpr std::uint32_t LinesMax = 100'000;           // of one link

static_assert(std::endian::native == std::endian::little, "samples come as they are in memory");

}  // namespace

struct ExactSpeech::Line {
  explicit Line(net::Loop& loop) : patience(loop) {}

  core::AskId ask;
  core::ResponseId response;
  core::ItemId item;
  std::string words;
  net::Task instead;
  bool begun = false;
  std::string rest;                 // half a sample
  std::vector<std::int16_t> samples;  // of one piece; kept for its capacity
  net::Timer patience;
  std::shared_ptr<void> request;
};

ExactSpeech::ExactSpeech(Owner& owner, const CallSetup& setup, core::Epoch epoch, Id<ir::Service> service)
    : owner_(owner), setup_(setup), epoch_(epoch), service_(service) {}
ExactSpeech::~ExactSpeech() = default;

void ExactSpeech::speak(const core::CreateResponse& order, net::Task instead) {
  const auto number = FirstNumber + epoch_.n % 10'000 * LinesMax + lines_++ % LinesMax;
  auto line = std::make_shared<Line>(setup_.loop);
  line->ask = order.ask;
  line->response = core::ResponseId{number};
  line->item = core::ItemId{number};
  line->words = order.line;
  line->instead = std::move(instead);
  line_ = line;
  // Who is told may let go of all this; it is held until then.
  const auto if_said = [weak = weak_from_this(), what = std::weak_ptr(line)](auto then) {
    const auto self = weak.lock();
    const auto said = what.lock();
    if (self && said && self->line_ == said) then(*self, said);
  };
  line->request = setup_.speak(
      service_, order.line, [if_said](std::string_view piece) { if_said([&](auto& self, const auto& said) { self.came(said, piece); }); },
      [if_said](const Result<void>& how) { if_said([&](auto& self, const auto& said) { self.ended(said, how); }); });
  line->patience.set_after(FirstSound, [if_said] {
    if_said([](auto& self, const auto& said) { self.ended(said, failure("R0230", "the voice service is too slow")); });
  });
}

auto ExactSpeech::stop(core::ResponseId response) -> bool {
  if (response.n < FirstNumber) return false;
  if (!line_ || line_->response != response) return true;
  line_->request.reset();
  line_->patience.drop();
  setup_.loop.post([weak = weak_from_this(), line = line_] {
    const auto self = weak.lock();
    if (!self || self->line_ != line) return;
    self->line_.reset();
    self->owner_.happened(core::ResponseEnded{.epoch = self->epoch_, .response = line->response, .status = core::ResponseStatus::Cancelled});
  });
  return true;
}

auto ExactSpeech::tell(const std::shared_ptr<Line>& line, core::Event event) -> bool {
  owner_.happened(std::move(event));
  return line_ == line;
}

auto ExactSpeech::begin(const std::shared_ptr<Line>& line) -> bool {
  line->begun = true;
  line->patience.drop();
  return tell(line, core::ResponseStarted{epoch_, line->response, line->ask}) &&
         tell(line, core::ItemAdded{epoch_, line->response, line->item, core::ItemKind::AgentSpeech}) &&
         tell(line, core::SpokenTextArrived{epoch_, line->response, line->item, line->words});
}

void ExactSpeech::came(const std::shared_ptr<Line>& line, std::string_view piece) {
  if (!line->begun && !begin(line)) return;
  line->rest += piece;
  line->samples.resize(line->rest.size() / 2);
  std::memcpy(line->samples.data(), line->rest.data(), line->samples.size() * 2);
  line->rest.erase(0, line->samples.size() * 2);
  const auto admitted = owner_.audio(line->response, line->item, line->samples);
  if (admitted > 0) tell(line, core::AudioArrived{epoch_, line->response, line->item, core::Samples{static_cast<std::int64_t>(admitted)}});
}

void ExactSpeech::ended(const std::shared_ptr<Line>& line, const Result<void>& how) {
  line->patience.drop();
  line->request.reset();
  if (!how && !tell(line, core::ServiceFailed{.epoch = epoch_, .name = how.error().code, .text = how.error().text})) return;
  if (!line->begun) {
    line_.reset();
    return line->instead();
  }
  if (!tell(line, core::ItemEnded{epoch_, line->response, line->item, core::ItemKind::AgentSpeech, how.has_value()})) return;
  line_.reset();
  const auto status = how ? core::ResponseStatus::Completed : core::ResponseStatus::Incomplete;
  owner_.happened(core::ResponseEnded{.epoch = epoch_, .response = line->response, .status = status, .code = how ? "" : how.error().code});
}

}  // namespace flow::edge
