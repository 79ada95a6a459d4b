#pragma once
// The loop between a session and the world: an event goes into the journal, then into the session, and what the session
// orders is carried out before anything else is taken.

#include <deque>
#include <optional>
#include <unordered_map>

#include "runtime/audio/playout.h"
#include "runtime/core/session.h"
#include "runtime/edge/call.h"
#include "runtime/edge/caller_audio.h"
#include "runtime/edge/link.h"
#include "runtime/edge/stopwatch.h"

namespace flow::edge {

class Driver final : public Link::Owner, public channels::Listener, public std::enable_shared_from_this<Driver> {
 public:
  explicit Driver(CallSetup setup);
  ~Driver() override;

  void start();
  void abandon();
  void take(core::Event event);

  // channels::Listener and Link::Owner
  void happened(core::Event event) override { take(std::move(event)); }
  void caller_audio(audio::Samples at, audio::Pcm pcm) override;
  void agent_audio(audio::Samples at, audio::Pcm pcm) override;
  void channel_failed(const Error& error) override;
  auto audio(core::ResponseId response, core::ItemId item, audio::Pcm pcm) -> std::size_t override;
  void received(std::string_view frame) override;
  void sent(std::string frame) override;
  void malformed(Link& link) override;
  void ended(Link& link) override;

 private:
  void step(const core::Event& event);
  void look_on(const core::Event& event, core::Instant at);
  void follow_latency();
  void show_delay(const std::optional<telemetry::Delay>& delay);
  void follow_turns(const core::Event& event);
  void apply(const core::Effect& effect);
  void to_link(core::Epoch epoch, const core::Effect& effect, net::Task on_handed = {});
  void tell(core::Epoch epoch, const core::Effect& effect);
  void open_link(const core::OpenLink& order);
  void part();  // from the link there is
  void replay_caller();
  void hear_caller(bool on);
  void hang_up();
  void store(core::JobId job);
  void recall(const core::Recall& order);
  void count(const core::CountCost& order);
  void set_timer(const core::SetTimer& order);
  void finish(const core::Finish& order);
  void finish_if_closed();
  auto now() const -> core::Instant;
  auto is_current(core::Epoch epoch) const -> bool { return link_ && link_->epoch() == epoch; }
  template <class F>
  void show(const F& to) {
    for (auto* observer : setup_.observers) to(*observer);
  }

  CallSetup setup_;
  core::Session session_;
  audio::Playout playout_;
  std::unique_ptr<ToolRunner> tools_;
  net::Time started_;

  std::deque<core::Event> due_;  // answers, and what happened while an event was being taken
  bool taking_ = false;
  core::EffectList effects_;  // of one step; kept for its capacity

  std::shared_ptr<Link> link_;
  std::vector<std::shared_ptr<Link>> parting_;  // closing, and not heard any more
  wire::Numbers numbers_;
  CallerAudio caller_;
  bool caller_flows_ = false;  // to the link: it has its configuration
  bool caller_speaks_ = false;
  bool hears_caller_ = true;           // as ordered
  std::vector<std::int16_t> unheard_;  // zeros: what a caller who is not heard is recorded as

  std::unordered_map<std::uint32_t, net::Timer> timers_;
  audio::Latency latency_;  // of the channel, as it was told last
  telemetry::Delays delays_;
  Stopwatch stopwatch_;
  std::optional<net::Time> injecting_;  // when the event was taken whose effects tell a result, until they do
  std::vector<std::string> sent_;       // in the present step, to be shown after it, as the next
  std::vector<std::chrono::microseconds> injected_;
  std::optional<core::Finish> finish_;
};

}  // namespace flow::edge
