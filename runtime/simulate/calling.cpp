#include <algorithm>

#include "runtime/simulate/reply.h"

namespace flow::simulate {

using namespace wire::openai;

auto Reply::call_item(ItemStatus status, const std::string& arguments) const -> Item {
  return FunctionCall{{item_id_, "realtime.item", status}, order_.answer->calls[call_].name, call_id_, arguments};
}

void Reply::open_call() {
  item_id_ = desk_.dice.id("item_");
  call_id_ = desk_.dice.id("call_");
  written_ = 0;
  announce(call_item(ItemStatus::InProgress, ""));
}

// Some letters of the arguments, as a model writes them.
void Reply::call_on() {
  if (!open_) open_call();
  const auto& arguments = order_.answer->calls[call_].arguments;
  const auto count = std::min(arguments.size() - written_, static_cast<std::size_t>(desk_.dice.between(4, 16)));
  if (count > 0) desk_.emit(server::ArgumentsDelta{place(), call_id_, arguments.substr(written_, count)});
  written_ += count;
  wait(8, 25);
  if (written_ < arguments.size()) return;
  close_call(ItemStatus::Completed);
  if (call_ == order_.answer->calls.size()) phase_ = Phase::Over;
}

void Reply::close_call(ItemStatus status) {
  const auto& call = order_.answer->calls[call_];
  const auto arguments = call.arguments.substr(0, written_);
  desk_.emit(server::ArgumentsDone{place(), call_id_, call.name, arguments});
  finish_item(call_item(status, arguments));
  if (status != ItemStatus::Completed) return;
  ++call_;
  written_ = 0;
}

}  // namespace flow::simulate
