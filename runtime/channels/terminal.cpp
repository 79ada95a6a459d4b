#include "runtime/channels/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "compiler/base/match.h"

namespace flow::channels {

// Only one side at a time touches `bytes` and `count`: the thread while it reads, then the loop.
struct Terminal::Reader {
  int input = 0;
  Terminal* owner = nullptr;  // looked at on the loop only
  std::array<char, 4096> bytes{};
  ::ssize_t count = 0;

  void read() {
    do count = ::read(input, bytes.data(), bytes.size());
    while (count < 0 && errno == EINTR);
  }
  auto got() const -> std::string_view {
    return {bytes.data(), static_cast<std::size_t>(std::max<::ssize_t>(count, 0))};
  }
};

Terminal::Terminal(net::Loop& loop, Pacer& pacer, Options options)
    : loop_{loop}, options_{std::move(options)}, player_{pacer} {}

Terminal::~Terminal() { close(); }

void Terminal::open(audio::Playout& playout, Listener& listener) {
  player_.start(playout, listener, [](audio::Samples) {});
  reader_ = std::make_shared<Reader>(Reader{.input = options_.input, .owner = this});
  read_more();
}

void Terminal::close() {
  player_.stop();
  if (reader_) reader_->owner = nullptr;
  reader_.reset();
}

// Whoever types nothing keeps the thread waiting, so it is left to itself when the call ends.
void Terminal::read_more() {
  const auto work = [reader = reader_] { reader->read(); };
  const auto done = [reader = reader_] {
    if (reader->owner) reader->owner->bytes_came(reader->got());
  };
  thread_.run(loop_.poster(), work, done, net::Pool::AtExit::Leave);
}

// The end of input, or a terminal that went away, is a caller who hangs up.
void Terminal::bytes_came(std::string_view bytes) {
  const bool end = bytes.empty();
  std::vector<std::string> lines;
  lines_.add(bytes, lines);
  if (end) lines.push_back(lines_.rest());
  for (const auto& line : lines) line_came(line);
  if (end) hang_up();
  if (reader_ && !hung_up_) read_more();
}

void Terminal::line_came(std::string_view line) {
  for (const auto& typed : read_typed_line(line)) {
    if (!player_.running()) return;
    match(
        typed, [&](const Notice& notice) { tell(notice); }, [&](const core::CallerHungUp&) { hang_up(); },
        [&](const auto& event) { player_.listener().happened(event); });
  }
}

void Terminal::tell(const Notice& notice) {
  if (options_.notice) options_.notice(notice.text);
}

void Terminal::hang_up() {
  if (!player_.running()) return;
  hung_up_ = true;
  player_.stop();
  player_.listener().happened(core::CallerHungUp{});
}

}  // namespace flow::channels
