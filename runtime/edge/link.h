#pragma once
// One life of the connection to the service: a WebSocket and the dialect spoken on it.

#include <memory>
#include <vector>

#include "runtime/edge/exact_speech.h"
#include "runtime/net/ws.h"

namespace flow::edge {

class Link : public std::enable_shared_from_this<Link> {
 public:
  // Who has links; outlives them or drops them. Never called from inside `open`, `close` and `send`, but for `sent`.
  class Owner : public ExactSpeech::Owner {
   public:
    virtual void received(std::string_view frame) = 0;  // before its events
    virtual void sent(std::string frame) = 0;
    virtual void malformed(Link& link) = 0;  // a frame that could not be read was passed over
    virtual void ended(Link& link) = 0;      // after its last event
  };

  Link(Owner& owner, const CallSetup& setup, core::Epoch epoch, Id<ir::Realtime> realtime);
  ~Link();

  // Connects after `after`; the numbers of names go on from `from`.
  void open(core::Millis after, wire::Numbers from);
  // In order. Nothing that it says is heard any more; `ended` follows.
  void close();

  void send(const core::Effect& order, net::Task on_handed = {});
  void say(audio::Pcm pcm, net::Kind kind);  // the caller's voice

  auto epoch() const -> core::Epoch { return epoch_; }
  auto numbers() const -> wire::Numbers;
  auto counters() const -> wire::Counters;
  auto is_open() const -> bool { return socket_ && socket_->is_open() && !closing_; }

 private:
  void connect();
  void to_service(const core::Effect& order, net::Task on_handed);
  void frame_came(std::string_view frame);
  void closed(const net::Closed& why);
  void hand_over(std::string frame, net::Kind kind, net::Task on_handed);

  Owner& owner_;
  const CallSetup& setup_;
  core::Epoch epoch_;
  Id<ir::Realtime> realtime_;
  wire::Numbers from_;
  net::Timer wait_;
  std::unique_ptr<wire::Dialect> dialect_;
  std::unique_ptr<net::WebSocket> socket_;
  std::shared_ptr<ExactSpeech> exact_speech_;  // none: the model reads what must be exact
  bool closing_ = false;
  std::uint64_t malformed_ = 0;
  std::vector<core::Event> events_;  // of one frame; kept for its capacity, as the next two
  std::vector<std::string> frames_;
};

}  // namespace flow::edge
