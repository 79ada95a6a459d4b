#include "runtime/simulate/connection.h"

#include <algorithm>

#include "runtime/wire/openai/codec.h"

namespace flow::simulate {

namespace {

auto with_ears(Setup setup, Ears* ears) -> Setup {
  if (ears != nullptr) setup.ears = ears;
  return setup;
}

}  // namespace

Connection::Connection(net::Loop& loop, Setup setup, Recogniser* recogniser, std::ofstream log, std::function<void()> on_gone)
    : loop_(loop), timer_(loop), opened_at_(loop.now()), ears_(recogniser ? recogniser->listen([this] { advance(); }) : nullptr),
      service_(with_ears(setup, ears_.get())), delivery_(setup.options.chaos.delay, setup.options.seed + 77),
      log_(std::move(log)), on_gone_(std::move(on_gone)) {}

void Connection::welcome(net::Incoming& incoming, const Welcome& welcome) {
  net::WsLimits limits;
  limits.message_max = std::size_t{24} << 20;  // 15 MiB of audio in base64, and what is around it
  net::WsHandlers handlers;
  handlers.on_open = [this, refusal = welcome.turned_away] { refusal ? turn_away(*refusal) : open(); };
  handlers.on_text = [this](std::string_view frame) { receive(frame); };
  handlers.on_closed = [this](const net::Closed&) {
    over_ = true;
    timer_.drop();
    on_gone_();
  };
  socket_ = incoming.accept(std::move(handlers), limits, {}, welcome.subprotocol);
}

auto Connection::now() const -> Millis { return std::chrono::duration_cast<Millis>(loop_.now() - opened_at_); }

void Connection::open() {
  opened_at_ = loop_.now();
  Events events;
  service_.open(events);
  send(events);
}

// Source: the protocol's notes, section 1: an error event, then close code 4000.
void Connection::turn_away(const wire::openai::Refusal& refusal) {
  wire::openai::server::ErrorInfo info{"invalid_request_error", refusal.code, refusal.message, wire::openai::Null{}, wire::openai::Null{}};
  if (!refusal.param.empty()) info.param = refusal.param;
  over_ = true;
  const auto frame = wire::openai::encode(wire::openai::server::Event{"event_turned_away", wire::openai::server::Error{info}});
  write_log(wire::Direction::Out, frame);
  socket_->send(frame);
  socket_->close(4000, "invalid_request_error." + refusal.code);
}

void Connection::receive(std::string_view frame) {
  write_log(wire::Direction::In, frame);
  if (over_) return;
  Events events;
  service_.receive(frame, now(), events);
  send(events);
}

void Connection::advance() {
  if (over_) return;
  Events events;
  service_.advance(now(), events);
  send(events);
}

void Connection::send(const Events& events) {
  for (const auto& event : events) delivery_.put(wire::openai::encode(event), now());
  deliver();
}

void Connection::deliver() {
  for (auto& frame : delivery_.take(now())) {
    write_log(wire::Direction::Out, frame);
    socket_->send(std::move(frame));
  }
  const auto& goodbye = service_.goodbye();
  if (!goodbye || over_) return set_timer();
  over_ = true;
  timer_.drop();
  if (!goodbye->lost) return socket_->close(goodbye->code, goodbye->reason);
  socket_.reset();  // without a close frame: the client finds the line dead
  loop_.post(on_gone_);
}

void Connection::set_timer() {
  if (over_) return;
  auto due = service_.next_wakeup();
  if (const auto frame = delivery_.next()) due = due ? std::min(*due, *frame) : *frame;
  if (due) timer_.set(opened_at_ + *due, [this] { advance(); });
}

void Connection::write_log(wire::Direction direction, std::string_view frame) {
  if (!log_.is_open()) return;
  std::string line;
  wire::log_line(now(), direction, frame, line);
  log_ << line << std::flush;
}

}  // namespace flow::simulate
