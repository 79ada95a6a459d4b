#include "runtime/tools/mcp/sse.h"

#include <utility>

namespace flow::tools::mcp {

auto SseDecoder::take(std::string_view piece) -> std::vector<SseEvent> {
  std::vector<SseEvent> out;
  for (const char c : piece) {
    if (failed_) return out;
    const auto half = std::exchange(after_return_, c == '\r');
    if (c == '\n' && half) continue;  // the second half of \r\n
    if (c == '\n' || c == '\r') {
      line(out);
      continue;
    }
    line_ += c;
    if (line_.size() + event_.data.size() > EventMax) failed_ = true;
  }
  return out;
}

void SseDecoder::line(std::vector<SseEvent>& out) {
  auto whole = std::exchange(line_, {});
  std::string_view text = whole;
  if (!std::exchange(begun_, true) && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.empty()) {
    auto event = std::exchange(event_, {});
    if (std::exchange(has_data_, false)) out.push_back(std::move(event));
    return;
  }
  const auto colon = text.find(':');
  const auto field = text.substr(0, colon);
  auto value = colon == text.npos ? std::string_view{} : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (std::exchange(has_data_, true)) event_.data += '\n';
    event_.data += value;
  } else if (field == "event" && !value.empty()) {
    event_.name = value;
  }  // `id` and `retry` are for streams that are taken up again, and comments for nobody
}

}  // namespace flow::tools::mcp
