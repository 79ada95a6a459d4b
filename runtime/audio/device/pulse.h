#pragma once
// Asks a PulseAudio server (or PipeWire in its place) what RtAudio must not be left to find out.

namespace flow::audio::device {

enum class PulseServer { None, WithoutDevices, WithDevices };

// Whether a server answers, and has a speaker and a microphone, if only a monitor. RtAudio 5.2 reads the names of the
// default devices without looking whether there are any, and takes the whole program with it. Blocks; may be stuck with
// the server.
auto ask_pulse() -> PulseServer;

}  // namespace flow::audio::device
