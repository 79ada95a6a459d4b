#include "runtime/channels/terminal.h"

#include <utility>

#include "compiler/base/match.h"

namespace flow::channels {

Terminal::Terminal(net::Loop& loop, Pacer& pacer, Options options)
    : loop_{loop}, options_{std::move(options)}, player_{pacer} {}

Terminal::~Terminal() { close(); }

void Terminal::open(audio::Playout& playout, Listener& listener) {
  player_.start(playout, listener, [](audio::Samples) {});
  reader_ = std::make_unique<Reader>(loop_, options_.input, [this](std::string_view bytes) { bytes_came(bytes); });
}

void Terminal::close() {
  player_.stop();
  reader_.reset();
}

// The end of input, or a terminal that went away, is a caller who hangs up.
void Terminal::bytes_came(std::string_view bytes) {
  const bool end = bytes.empty();
  std::vector<std::string> lines;
  lines_.add(bytes, lines);
  if (end) lines.push_back(lines_.rest());
  for (const auto& line : lines) line_came(line);
  if (end) hang_up();
  if (hung_up_) reader_.reset();
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
