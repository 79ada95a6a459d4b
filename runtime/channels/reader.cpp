#include "runtime/channels/reader.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace flow::channels {

// Only one side at a time touches `bytes` and `count`: the thread while it reads, then the loop.
struct Reader::Shared {
  int input = 0;
  Reader* owner = nullptr;  // looked at on the loop only
  std::function<void(std::string_view)> got;
  std::array<char, 4096> bytes{};
  ::ssize_t count = 0;

  void read() {
    do count = ::read(input, bytes.data(), bytes.size());
    while (count < 0 && errno == EINTR);
  }
  auto text() const -> std::string_view {
    return {bytes.data(), static_cast<std::size_t>(std::max<::ssize_t>(count, 0))};
  }
};

Reader::Reader(net::Loop& loop, int input, std::function<void(std::string_view)> got)
    : loop_{loop}, shared_{std::make_shared<Shared>(Shared{.input = input, .owner = this, .got = std::move(got)})} {
  read_more();
}

Reader::~Reader() { shared_->owner = nullptr; }

// Whoever types nothing keeps the thread waiting, so it is left to itself when the reader goes.
void Reader::read_more() {
  const auto work = [shared = shared_] { shared->read(); };
  const auto done = [shared = shared_] {
    if (shared->owner == nullptr) return;
    shared->got(shared->text());
    if (shared->owner != nullptr && shared->count > 0) shared->owner->read_more();
  };
  thread_.run(loop_.poster(), work, done, net::Pool::AtExit::Leave);
}

}  // namespace flow::channels
