#pragma once
// The device that is really there: an open microphone and an open speaker, watched over.

#include <functional>
#include <memory>

#include "runtime/audio/device/duplex.h"
#include "runtime/audio/device/opened.h"
#include "runtime/net/bell.h"
#include "runtime/net/loop.h"

namespace flow::audio::device {

class Hardware final : public Duplex {
 public:
  // Takes over what is to be closed, and does so elsewhere.
  using Close = std::function<void(std::unique_ptr<Opened>)>;

  // Without devices yet: those want its rope to be opened with.
  Hardware(net::Loop& loop, Millis moves, Close close);
  ~Hardware() override;

  auto rope() const -> net::Bell::Rope { return bell_.rope(); }
  void take_over(std::unique_ptr<Opened> opened) { opened_ = std::move(opened); }

  void start(Owner& owner) override;
  void stop() override;
  auto read(PcmOut out) -> Samples override;
  auto wanted() const -> Samples override;
  void write(Pcm pcm) override;
  auto taken() const -> Samples override;
  void drop() override;
  auto facts() const -> Facts override;

 private:
  // Since when a side has moved so much.
  struct Progress {
    std::int64_t frames = -1;
    net::Time since{};
  };
  void rung();
  void watch();
  auto stuck(Progress& progress, std::int64_t frames) const -> bool;
  void lose(const Error& error);

  net::Loop& loop_;
  Millis moves_;
  Close close_;
  net::Bell bell_;
  net::Timer watch_;
  std::unique_ptr<Opened> opened_;
  Owner* owner_ = nullptr;  // while started
  Progress heard_, spoken_;
  Facts last_;  // of a stopped one
};

}  // namespace flow::audio::device
