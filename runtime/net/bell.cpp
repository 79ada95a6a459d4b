#include "runtime/net/bell.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>

#include "compiler/base/check.h"
#include "runtime/net/loop_impl.h"

namespace flow::net {

struct Bell::Shared {
  int event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  std::atomic<bool> pulled{false};

  Shared() { FLOW_ASSERT(event >= 0, "no file descriptor is left"); }
  ~Shared() { ::close(event); }
};

void Bell::Rope::pull() const noexcept {
  if (!shared_ || shared_->pulled.exchange(true)) return;
  const std::uint64_t one = 1;
  // It cannot fail but for a full counter, and then the loop is awake.
  [[maybe_unused]] const auto written = ::write(shared_->event, &one, sizeof one);
}

struct Bell::Waiting : std::enable_shared_from_this<Bell::Waiting> {
  Waiting(Loop& loop, std::shared_ptr<Shared> with, Task task)
      : shared(std::move(with)), event(loop.impl().context, ::dup(shared->event)), rung(std::move(task)) {}

  void wait() {
    event.async_wait(asio::posix::descriptor_base::wait_read, [weak = weak_from_this()](boost::system::error_code error) {
      const auto self = weak.lock();
      if (error || !self) return;
      self->hear();
    });
  }

  // The mark goes before the task looks at what there is: what comes later pulls again.
  void hear() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(shared->event, &count, sizeof count);
    shared->pulled.store(false);
    wait();
    rung();
  }

  std::shared_ptr<Shared> shared;
  asio::posix::stream_descriptor event;
  Task rung;
};

Bell::Bell(Loop& loop, Task rung)
    : shared_(std::make_shared<Shared>()), waiting_(std::make_shared<Waiting>(loop, shared_, std::move(rung))) {
  waiting_->wait();
}

Bell::~Bell() = default;

auto Bell::rope() const -> Rope {
  Rope rope;
  rope.shared_ = shared_;
  return rope;
}

}  // namespace flow::net
