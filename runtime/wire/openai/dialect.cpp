#include "runtime/wire/openai/dialect.h"

#include "compiler/base/check.h"
#include "runtime/wire/base64.h"
#include "runtime/wire/openai/audio.h"
#include "runtime/wire/openai/codec.h"
#include "runtime/wire/openai/handshake.h"
#include "runtime/wire/openai/receiver.h"
#include "runtime/wire/openai/sender.h"
#include "runtime/wire/openai/telephone.h"

namespace flow::wire::openai {
namespace {

class OpenAi final : public Dialect {
 public:
  explicit OpenAi(const LinkSetup& setup)
      : link_(setup), receiver_(link_), ear_(telephone_of(realtime().audio_in)), mouth_(telephone_of(realtime().audio_out)) {}

  auto capabilities() const -> core::Capabilities override { return link_.can; }

  auto handshake(std::string_view key) const -> Handshake override {
    return handshake_of(realtime().provider == "azure_openai" ? Host::Azure : Host::OpenAi, realtime().url, realtime().model, key);
  }

  void receive(std::string_view frame, AudioSink& sink, std::vector<core::Event>& out) override {
    if (const auto delta = scan_audio_delta(frame); delta && decode(delta->audio, delta->response_id)) {
      return heard(delta->response_id, delta->item_id, sink, out);
    }
    auto event = decode_server(frame);
    if (!event) {
      ++link_.counters.malformed_events;
    } else if (const auto* delta = std::get_if<server::AudioDelta>(&event->what)) {
      const auto& at = delta->at.item;
      decode(delta->delta, at.response_id) ? heard(at.response_id, at.item_id, sink, out)
                                        : void(++link_.counters.malformed_events);
    } else {
      receiver_.take(std::move(*event), out);
    }
  }

  void send(const core::Effect& effect, std::vector<std::string>& frames) override {
    for (const auto& event : to_client_events(effect, link_)) frames.push_back(encode(event));
  }

  void append(std::span<const std::int16_t> pcm, std::string& frame) override {
    if (ear_) return encode_append(ear_->to_wire(pcm), frame);
    encode_append(pcm, frame);
  }

  auto numbers() const -> Numbers override { return {link_.responses.last(), link_.items.last(), link_.calls.last()}; }
  auto counters() const -> Counters override { return link_.counters; }

 private:
  auto realtime() const -> const ir::Realtime& { return link_.setup.program->realtimes[link_.setup.realtime]; }

  // The agent's voice of one event, into `pcm_`.
  auto decode(std::string_view sound, std::string_view response) -> bool {
    if (!mouth_) return base64_decode(sound, pcm_);
    if (!base64_decode(sound, codes_)) return false;
    if (const auto now = link_.responses.id(response); now != speaking_) {
      speaking_ = now;
      mouth_->begin();
    }
    pcm_.clear();
    mouth_->from_wire(codes_, pcm_);
    return true;
  }

  // `pcm_` is what the agent says.
  void heard(std::string_view response_name, std::string_view item_name, AudioSink& sink,
             std::vector<core::Event>& out) {
    if (pcm_.empty()) return;
    link_.has_spoken = true;
    const auto item = receiver_.item(response_name, item_name);
    const auto response = link_.responses.id(response_name);
    const auto admitted = sink.audio(response, item, pcm_);
    if (admitted == 0) return;
    out.push_back(
        core::AudioArrived{link_.setup.epoch, response, item, core::Samples{static_cast<std::int64_t>(admitted)}});
  }

  Link link_;
  Receiver receiver_;
  std::optional<Telephone> ear_, mouth_;  // of the caller's voice and the agent's; none: PCM16
  core::ResponseId speaking_;             // whose voice `mouth_` decodes
  std::vector<std::uint8_t> codes_;
  std::vector<std::int16_t> pcm_;  // kept, so that audio allocates nothing
};

}  // namespace

auto make_dialect(const LinkSetup& setup) -> std::unique_ptr<Dialect> {
  FLOW_ASSERT(setup.program != nullptr && setup.program->realtimes.has(setup.realtime));
  return std::make_unique<OpenAi>(setup);
}

}  // namespace flow::wire::openai
