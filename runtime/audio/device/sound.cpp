#include "runtime/audio/device/sound.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "runtime/audio/device/hardware.h"

namespace flow::audio::device {
namespace {

void close_elsewhere(std::vector<std::future<void>>& closing, std::unique_ptr<Opened> opened) {
  std::erase_if(closing, [](const auto& one) { return one.wait_for(Millis{0}) == std::future_status::ready; });
  std::promise<void> closed;
  closing.push_back(closed.get_future());
  std::thread([opened = std::move(opened), closed = std::move(closed)]() mutable {
    opened.reset();
    closed.set_value();
  }).detach();
}

// What is waited for: the answer, or the end of patience, whatever is first. Lives on the loop.
template <class Value>
struct Waiting {
  explicit Waiting(net::Loop& loop) : timer(loop) {}

  void settle(Result<Value> value) {
    timer.drop();
    if (auto tell = std::exchange(done, nullptr)) tell(std::move(value));
  }

  std::function<void(Result<Value>)> done;
  net::Timer timer;
};

}  // namespace

Sound::Sound(net::Loop& loop, std::shared_ptr<Backend> backend, Deadlines deadlines)
    : loop_{loop}, backend_{std::move(backend)}, deadlines_{deadlines},
      closing_{std::make_shared<std::vector<std::future<void>>>()} {}

Sound::~Sound() {
  const auto until = std::chrono::steady_clock::now() + deadlines_.close;
  for (const auto& one : *closing_) one.wait_until(until);
}

// `late` gets what comes after the deadline.
template <class Value>
void Sound::ask(std::function<Result<Value>()> work, std::function<void(Result<Value>)> done, std::function<void(Value)> late) {
  const auto waiting = std::make_shared<Waiting<Value>>(loop_);
  const auto answer = std::make_shared<std::optional<Result<Value>>>();
  waiting->done = std::move(done);
  waiting->timer.set_after(deadlines_.open, [waiting, backend = backend_] {
    backend->left_behind();
    waiting->settle(failure("R0313", "the sound system does not answer",
                            "is its server stuck? `pactl info` should answer at once; restarting it may help"));
  });
  const auto work_there = [answer, work = std::move(work)] { answer->emplace(work()); };
  const auto settle = [answer, weak = std::weak_ptr(waiting), late = std::move(late)] {
    const auto waits = weak.lock();
    if (waits && waits->done) return waits->settle(std::move(**answer));
    if (**answer && late) late(std::move(***answer));
  };
  thread_.run(loop_.poster(), work_there, settle, net::Pool::AtExit::Leave);
}

void Sound::list(std::function<void(Result<std::vector<Device>>)> done) {
  ask<std::vector<Device>>([backend = backend_] { return backend->devices(); }, std::move(done), nullptr);
}

void Sound::open(const Choice& choice, std::function<void(Result<std::unique_ptr<Duplex>>)> done) {
  const auto close = [closing = closing_](std::unique_ptr<Opened> opened) { close_elsewhere(*closing, std::move(opened)); };
  const auto hardware = std::make_shared<std::unique_ptr<Hardware>>(std::make_unique<Hardware>(loop_, deadlines_.moves, close));
  const auto work = [backend = backend_, choice, rope = (*hardware)->rope()] { return open_both(*backend, choice, rope); };
  const auto opened = [hardware, done = std::move(done)](Result<std::unique_ptr<Opened>> both) {
    if (!both) return done(tl::unexpected(both.error()));
    (*hardware)->take_over(std::move(*both));
    done(std::move(*hardware));
  };
  ask<std::unique_ptr<Opened>>(work, opened, close);
}

}  // namespace flow::audio::device
