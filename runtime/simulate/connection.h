#pragma once
// One client: its socket, its service, the timer between them and the log of what went over the wire.

#include <fstream>
#include <functional>
#include <memory>

#include "runtime/net/server.h"
#include "runtime/simulate/delivery.h"
#include "runtime/simulate/door.h"
#include "runtime/simulate/recogniser.h"
#include "runtime/simulate/service.h"
#include "runtime/wire/log.h"

namespace flow::simulate {

class Connection {
 public:
  // `recogniser`: hears the turns, and outlives this; null: the ears of `setup` do. `log` may be closed: then nothing is
  // logged. `on_gone` is called once, when the socket is closed; not inside any of
  // the functions here.
  Connection(net::Loop& loop, Setup setup, Recogniser* recogniser, std::ofstream log, std::function<void()> on_gone);

  void welcome(net::Incoming& incoming, const Welcome& welcome);

 private:
  void open();
  void turn_away(const wire::openai::Refusal& refusal);
  void receive(std::string_view frame);
  void advance();
  void send(const Events& events);
  void deliver();
  void set_timer();
  void write_log(wire::Direction direction, std::string_view frame);
  auto now() const -> Millis;

  net::Loop& loop_;
  net::Timer timer_;
  net::Time opened_at_;
  std::unique_ptr<Ears> ears_;  // none: they are shared
  Service service_;
  Delivery delivery_;
  std::ofstream log_;
  std::function<void()> on_gone_;
  std::unique_ptr<net::WebSocket> socket_;
  bool over_ = false;
};

}  // namespace flow::simulate
