#pragma once
// One call's journal: every event before it is taken, every effect after it, every sample that was recorded, in order,
// as lines of JSON in one file (docs in README.md). What it holds is enough to run the call again and to render its
// WAV again, without network, audio or Lua.
//
// Lines are put in order in memory and written behind by another thread: nothing here waits for the disk. Only a tool
// that writes does, by `flush`. A journal that cannot be written says so once (R0401) and takes no more; the call goes
// on.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "compiler/base/result.h"
#include "runtime/audio/latency.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"

namespace flow::store {

// Hands work to the thread of a call's loop, from any thread.
using Post = std::function<void(std::function<void()>)>;

// The thread that writes the journals of all calls. Waits for what was handed over before it goes.
class Writer {
 public:
  Writer();
  ~Writer();
  Writer(const Writer&) = delete;
  auto operator=(const Writer&) -> Writer& = delete;

  struct State;
  auto state() -> const std::shared_ptr<State>& { return state_; }

 private:
  std::shared_ptr<State> state_;
};

enum class Track { Caller, Agent };

// What stands in a journal's first line.
struct Header {
  std::string program_text;   // the program in IR text form, whole: a journal needs no other file
  std::string program_hash;
  std::string started;        // wall time, ISO 8601
  auto operator==(const Header&) const -> bool = default;
};

class Journal {
 public:
  // Of one journal that waits to be written. Beyond the first, audio gives way (a line says how much); beyond the
  // second the journal ends with R0401.
  static constexpr std::size_t AudioWaitingMax = std::size_t{4} << 20;
  static constexpr std::size_t WaitingMax = std::size_t{32} << 20;

  // Creates or overwrites `path`; R0401 if it cannot. `failed` is called at most once, through `home`, when the disk refuses
  // later.
  static auto create(Writer& writer, const std::string& path, const Header& header, Post home,
                     std::function<void(Error)> failed) -> Result<std::unique_ptr<Journal>>;
  ~Journal();  // hands over what is left; does not wait
  Journal(const Journal&) = delete;
  auto operator=(const Journal&) -> Journal& = delete;

  // All of these on the loop's thread. `event` comes before Session::step, `effects` right after it.
  void event(core::Instant now, const core::Event& event);
  void effects(const core::EffectList& effects);
  // What the recorder gets, sample by sample: 24 kHz, mono. `at` counts from the recording's begin. Stretches of
  // silence are not written.
  void audio(Track track, core::Samples at, std::span<const std::int16_t> pcm);
  // What devices add from here on.
  void latency(audio::Latency latency);
  // Calls back through `home` when the disk has all that was given before; also after a failure, with its error.
  void flush(std::function<void(Result<void>)> then);

  struct Impl;
  explicit Journal(std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

// When an assertion fails: prints the last events of the call that this thread was stepping, and gives the writer a
// moment to put the rest on disk. To be called once, by the program's main function.
void keep_last_words();

}  // namespace flow::store
