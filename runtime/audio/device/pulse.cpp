#include "runtime/audio/device/pulse.h"

#include <pulse/pulseaudio.h>

#include <memory>

namespace flow::audio::device {
namespace {

struct Answer {
  bool came = false;
  bool both = false;
};

void server_info(pa_context*, const pa_server_info* info, void* answer) {
  auto& into = *static_cast<Answer*>(answer);
  into.came = true;
  into.both = info != nullptr && info->default_sink_name != nullptr && info->default_source_name != nullptr;
}

template <auto Free>
struct Freed {
  template <class Thing>
  void operator()(Thing* thing) const {
    Free(thing);
  }
};

}  // namespace

auto ask_pulse() -> PulseServer {
  const std::unique_ptr<pa_mainloop, Freed<pa_mainloop_free>> loop(pa_mainloop_new());
  const std::unique_ptr<pa_context, Freed<pa_context_unref>> context(pa_context_new(pa_mainloop_get_api(loop.get()), "flowc"));
  if (!context || pa_context_connect(context.get(), nullptr, PA_CONTEXT_NOFLAGS, nullptr) < 0) return PulseServer::None;
  Answer answer;
  std::unique_ptr<pa_operation, Freed<pa_operation_unref>> asked;
  while (!answer.came && PA_CONTEXT_IS_GOOD(pa_context_get_state(context.get()))) {
    if (!asked && pa_context_get_state(context.get()) == PA_CONTEXT_READY) {
      asked.reset(pa_context_get_server_info(context.get(), server_info, &answer));
    }
    if (pa_mainloop_iterate(loop.get(), 1, nullptr) < 0) break;
  }
  pa_context_disconnect(context.get());
  if (!answer.came) return PulseServer::None;
  return answer.both ? PulseServer::WithDevices : PulseServer::WithoutDevices;
}

}  // namespace flow::audio::device
