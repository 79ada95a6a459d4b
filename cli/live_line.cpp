#include "cli/live_line.h"

#include "runtime/telemetry/words.h"

namespace flow::cli {
namespace {

constexpr std::string_view Erase = "\r\x1b[2K";

}  // namespace

void LiveLine::show(std::string text) {
  const bool fits = telemetry::columns(text) < console_.width;  // a line that wraps cannot be taken back
  if (!console_.terminal || console_.quiet || !fits || text == text_) return;
  text_ = std::move(text);
  console_.print(std::string(Erase) + text_);
}

void LiveLine::print_above(std::string_view text) {
  if (text_.empty()) return console_.print(text);
  console_.print(std::string(Erase) + std::string(text) + text_);
}

void LiveLine::clear() {
  if (text_.empty()) return;
  text_.clear();
  console_.print(Erase);
}

}  // namespace flow::cli
