#include "runtime/telemetry/paint.h"

namespace flow::telemetry {
namespace {

auto code_of(Paint paint) -> std::string_view {
  switch (paint) {
    case Paint::Plain: return "";
    case Paint::Faint: return "2";
    case Paint::Caller: return "1;36";
    case Paint::Agent: return "1;34";
    case Paint::Tool: return "33";
    case Paint::Good: return "32";
    case Paint::Bad: return "31";
  }
  return "";
}

}  // namespace

auto painted(std::string_view text, Paint paint, Style style) -> std::string {
  const auto code = code_of(paint);
  if (!style.colour || code.empty() || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace flow::telemetry
