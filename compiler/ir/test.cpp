#include "compiler/ir/test.h"

namespace flow::ir {

auto words_of_tool_news() -> const std::vector<std::string_view>& {
  static const std::vector<std::string_view> words{"called",    "refused",     "started", "acked",     "progressed", "retried", "ready",
                                                   "held",      "speaking",    "delivered", "interrupted", "failed",  "timed_out", "cancelled",
                                                   "expired",   "skipped",     "joined",  "kept",      "unknown",    "late"};
  return words;
}

auto words_of_transfer_news() -> const std::vector<std::string_view>& {
  static const std::vector<std::string_view> words{"started", "ordered", "ringing", "answered", "done", "failed"};
  return words;
}

auto to_word(TransferNews news) -> std::string_view { return words_of_transfer_news().at(static_cast<std::size_t>(news)); }

auto to_word(ToolNews news) -> std::string_view { return words_of_tool_news().at(static_cast<std::size_t>(news)); }

}  // namespace flow::ir
