#pragma once
// RtAudio as the backend: PulseAudio (or PipeWire in its place) if it answers, else ALSA. The only home of RtAudio.
//
// JACK is never tried: looking for it may start a server. What RtAudio and the libraries below it print is kept off the
// terminal while devices are looked for and opened, unless `chatter` is asked for.

#include <memory>

#include "runtime/audio/device/backend.h"

namespace flow::audio::device {

// RtAudio keeps its list of devices once for the whole process: make one backend.
auto rtaudio_backend(bool chatter) -> std::shared_ptr<Backend>;

}  // namespace flow::audio::device
