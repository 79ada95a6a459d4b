#include "runtime/audio/device/hushed.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>

namespace flow::audio::device {
namespace {

// Where descriptor 2 led to, while it leads nowhere; else -1. Whoever takes it out puts it back.
std::atomic<int> errors_led_to{-1};

}  // namespace

Hushed::Hushed(bool hush) {
  if (!hush) return;
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  const int errors = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (errors >= 0) {
    errors_led_to.store(errors);
    ::dup2(nowhere, STDERR_FILENO);
  }
  ::close(nowhere);
}

Hushed::~Hushed() { lift(); }

void Hushed::lift() {
  const int errors = errors_led_to.exchange(-1);
  if (errors < 0) return;
  ::dup2(errors, STDERR_FILENO);
  ::close(errors);
}

}  // namespace flow::audio::device
