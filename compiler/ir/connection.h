#pragma once
// Whom a call is held with and where it comes from: the parts of a compiled flow that are about connections. Plain values
// without expressions; see ir.h for the rest of the contract.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/id.h"
#include "compiler/base/span.h"

namespace flow::ir {

using Millis = std::chrono::milliseconds;

// A text that stands in the flow, or the name of one that is read where the flow runs.
struct Setting {
  enum class From { Text, Env, Secret };
  From from = From::Text;
  std::string text;  // of Env and Secret: the name, never the value
  auto operator==(const Setting&) const -> bool = default;
};

struct Service;

enum class TurnControl { Own, Server };

// What a service charges for a million tokens; cached input is input that it knew already.
struct Prices {
  std::string currency;    // `usd`
  double text_in = 0, audio_in = 0, cached_in = 0, text_out = 0, audio_out = 0;
  auto operator==(const Prices&) const -> bool = default;
};

// How samples are written on the wire. Mulaw and Alaw are G.711: 8000 a second, one byte each.
enum class AudioFormat { Pcm16, Mulaw, Alaw };

// How often a connection that was lost or refused is opened again before it counts as gone.
struct Reconnect {
  int tries = 5;     // 0: not once
  Millis first{500}; // before the first of them; then twice as long each time ...
  Millis last{8'000};  // ... but never longer
  auto operator==(const Reconnect&) const -> bool = default;
};

struct Realtime {
  std::string name;
  std::string provider;    // openai, simulated, ...
  std::string model;
  std::string url;         // empty: the provider's own
  std::string url_env;     // the name in the environment that has it, if `url` is empty
  std::string key_secret;  // name of the secret, never its value
  TurnControl turn_control = TurnControl::Own;
  std::string transcription;      // the model that transcribes the caller; empty: none
  std::string noise_reduction;    // near_field, far_field or empty
  std::optional<Prices> prices;
  bool echo_cancellation = false; // the service removes the agent's voice from the caller's
  AudioFormat audio_in = AudioFormat::Pcm16;   // the caller's voice
  AudioFormat audio_out = AudioFormat::Pcm16;  // the agent's
  Reconnect reconnect;
  Id<Service> exact_speech;  // speaks the words that must be exact; none: the model reads them
  Id<Realtime> fallback;   // the connection to go on with when this one is gone
  auto operator==(const Realtime&) const -> bool = default;
};

// The most that all calls of a day or of a month may cost together; both begin at midnight where the flow runs.
struct SpendingLimit {
  enum class Per { Day, Month };
  double most = 0;
  std::string currency;    // `usd`
  Per per = Per::Day;
  auto operator==(const SpendingLimit&) const -> bool = default;
};

// Where calls come from.
struct Channel {
  enum class Kind { Phone, Browser, Microphone };
  enum class Keys { Events, Inband, None };
  std::string name, doc;
  Kind kind = Kind::Microphone;
  std::string address;       // of Phone: the number that is called, E.164; of Browser: the path of the page; of Microphone: the device, empty: the default one
  bool active = true;        // calls are taken
  bool headset = false;      // of Microphone: nothing of the agent's voice comes back through it
  std::optional<AudioFormat> audio;  // of the line's sound; none: the channel's usual one
  Keys keys = Keys::Events;  // how they come in: beside the sound, as tones in it, or not at all
  Span declared_at;
  auto operator==(const Channel&) const -> bool = default;
};

}  // namespace flow::ir
