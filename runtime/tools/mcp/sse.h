#pragma once
// Server-sent events, as they come: `text/event-stream` in pieces of any size. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace flow::tools::mcp {

struct SseEvent {
  std::string name = "message";
  std::string data;
  auto operator==(const SseEvent&) const -> bool = default;
};

class SseDecoder {
 public:
  static constexpr std::size_t EventMax = std::size_t{10} << 20;  // bytes of one event

  // The events that are complete with this piece. An event without data is none.
  auto take(std::string_view piece) -> std::vector<SseEvent>;
  // One event was too large: nothing more is read.
  auto failed() const -> bool { return failed_; }

 private:
  void line(std::vector<SseEvent>& out);

  std::string line_;
  SseEvent event_;
  bool has_data_ = false, after_return_ = false, failed_ = false, begun_ = false;
};

}  // namespace flow::tools::mcp
