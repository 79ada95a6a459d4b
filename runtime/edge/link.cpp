#include "runtime/edge/link.h"

#include <chrono>

namespace flow::edge {

namespace {

// A caller should not listen for long to a service that is gone: at most ten seconds.
constexpr net::Millis PingEvery{5'000};
constexpr net::Millis PongWithin{5'000};

auto unix_now() -> std::int64_t {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

}  // namespace

Link::Link(Owner& owner, const CallSetup& setup, core::Epoch epoch, Id<ir::Realtime> realtime)
    : owner_(owner), setup_(setup), epoch_(epoch), realtime_(realtime), wait_(setup.loop) {
  const auto speaker = setup.program.realtimes[realtime].exact_speech;
  if (speaker && setup.speak) exact_speech_ = std::make_shared<ExactSpeech>(owner, setup, epoch, speaker);
}

Link::~Link() {
  if (exact_speech_) exact_speech_->close();
}

void Link::open(core::Millis after, wire::Numbers from) {
  from_ = from;
  if (after <= core::Millis::zero()) return connect();
  wait_.set_after(after, [this] { connect(); });
}

void Link::connect() {
  dialect_ = setup_.dialect({.program = &setup_.program,
                             .realtime = realtime_,
                             .epoch = epoch_,
                             .after = from_,
                             .unix_now = unix_now()});
  auto handshake = dialect_->handshake(setup_.key_of(realtime_));
  net::WebSocket::Options options{.url = std::move(handshake.url), .tls = setup_.tls, .proxies = setup_.proxies};
  options.limits.ping_every = PingEvery;
  options.limits.pong_within = PongWithin;
  for (auto& header : handshake.headers) options.headers.push_back({std::move(header.name), std::move(header.value)});
  auto& auth = handshake.auth;
  if (!auth.name.empty()) options.headers.push_back({std::move(auth.name), std::move(auth.value)});

  // What is called here may let go of this link; it is held until the call is over.
  const std::weak_ptr<Link> weak = weak_from_this();
  socket_ = net::WebSocket::connect(setup_.loop, std::move(options),
                                    {.on_text =
                                         [weak](std::string_view frame) {
                                           if (const auto self = weak.lock()) self->frame_came(frame);
                                         },
                                     .on_closed =
                                         [weak](const net::Closed& why) {
                                           if (const auto self = weak.lock()) self->closed(why);
                                         }});
}

void Link::close() {
  if (closing_) return;
  closing_ = true;
  if (exact_speech_) exact_speech_->close();
  wait_.drop();
  if (socket_) return socket_->close();
  setup_.loop.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->owner_.ended(*self);
  });
}

void Link::send(const core::Effect& order, net::Task on_handed) {
  if (!is_open()) return;
  if (exact_speech_) {
    const auto* create = std::get_if<core::CreateResponse>(&order);
    if (create != nullptr && !create->line.empty()) {
      return exact_speech_->speak(*create, [this, order] { to_service(order, {}); });
    }
    const auto* cancel = std::get_if<core::CancelResponse>(&order);
    if (cancel != nullptr && exact_speech_->stop(cancel->response)) return;
  }
  to_service(order, std::move(on_handed));
}

void Link::to_service(const core::Effect& order, net::Task on_handed) {
  if (!is_open()) return;
  frames_.clear();
  dialect_->send(order, frames_);
  for (auto& frame : frames_) hand_over(std::move(frame), net::Kind::Control, std::exchange(on_handed, {}));
}

void Link::say(audio::Pcm pcm, net::Kind kind) {
  if (!is_open() || pcm.empty()) return;
  auto frame = socket_->spare();
  dialect_->append(pcm, frame);
  hand_over(std::move(frame), kind, {});
}

void Link::hand_over(std::string frame, net::Kind kind, net::Task on_handed) {
  // The socket comes first: looking on costs no time on the way.
  auto watched = setup_.observers.empty() ? std::string() : frame;
  socket_->send(std::move(frame), kind, std::move(on_handed));
  if (!watched.empty()) owner_.sent(std::move(watched));
}

void Link::frame_came(std::string_view frame) {
  if (closing_) return;
  owner_.received(frame);
  auto events = std::exchange(events_, {});
  dialect_->receive(frame, owner_, events);
  if (dialect_->counters().malformed_events > malformed_) {
    malformed_ = dialect_->counters().malformed_events;
    owner_.malformed(*this);
  }
  for (auto& event : events) {
    if (auto* opened = std::get_if<core::LinkOpened>(&event)) opened->can.exact_speech |= exact_speech_ != nullptr;
    owner_.happened(std::move(event));
  }
  events.clear();
  events_ = std::move(events);
}

void Link::closed(const net::Closed& why) {
  if (exact_speech_) exact_speech_->close();
  if (!closing_) {
    const auto reason = why.reason.empty() ? std::string() : ": " + why.reason;
    const auto error = why.error.value_or(
        Error{"R0108", "the service closed the connection (" + std::to_string(why.code) + ")" + reason});
    if (why.opened)
      owner_.happened(core::LinkLost{epoch_, error.code, error.text});
    else
      owner_.happened(core::LinkFailed{epoch_, net::is_fatal(why), error.code, error.text});
  }
  owner_.ended(*this);
}

auto Link::numbers() const -> wire::Numbers { return dialect_ ? dialect_->numbers() : from_; }

auto Link::counters() const -> wire::Counters { return dialect_ ? dialect_->counters() : wire::Counters{}; }

}  // namespace flow::edge
