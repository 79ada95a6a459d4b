#include "runtime/audio/dtmf.h"

#include <spandsp.h>
// It redefines these for C++, and standard headers below need them.
#undef lrint
#undef lrintf

#include <algorithm>

#include "compiler/base/check.h"

namespace flow::audio {
namespace {

constexpr int ToneMs = 80, SilenceMs = 80;
constexpr int PhoneHz = 8'000;

// Q.24 has 8 and 4 dB accepted; in a block of 12.75 ms one tone leaks into the other, which takes some of that.
constexpr int TwistDb = 10, ReverseTwistDb = 5;
constexpr int Unchanged = -1, ThresholdUnchanged = -99;

struct Release {
  void operator()(dtmf_tx_state_t* state) const { dtmf_tx_free(state); }
};

}  // namespace

auto key_sound(char key) -> std::vector<std::int16_t> {
  const std::unique_ptr<dtmf_tx_state_t, Release> phone{dtmf_tx_init(nullptr)};
  FLOW_ASSERT(phone);
  dtmf_tx_set_timing(phone.get(), ToneMs, SilenceMs);
  dtmf_tx_put(phone.get(), &key, 1);
  std::vector<std::int16_t> sound((ToneMs + SilenceMs) * PhoneHz / 1000, 0);
  dtmf_tx(phone.get(), sound.data(), static_cast<int>(sound.size()));
  return resample(sound, PhoneHz, RateHz);
}

void KeyListener::Free::operator()(dtmf_rx_state_s* state) const { dtmf_rx_free(state); }

KeyListener::KeyListener() : receiver_{dtmf_rx_init(nullptr, nullptr, nullptr)} {
  FLOW_ASSERT(receiver_);
  dtmf_rx_parms(receiver_.get(), Unchanged, TwistDb, ReverseTwistDb, ThresholdUnchanged);
}
KeyListener::KeyListener(KeyListener&&) noexcept = default;
auto KeyListener::operator=(KeyListener&&) noexcept -> KeyListener& = default;
KeyListener::~KeyListener() = default;

auto KeyListener::hear(Pcm pcm) -> std::string_view {
  heard_.clear();
  narrow_.process(pcm, heard_);
  dtmf_rx(receiver_.get(), heard_.data(), static_cast<int>(heard_.size()));
  return {keys_.data(), dtmf_rx_get(receiver_.get(), keys_.data(), static_cast<int>(keys_.size()) - 1)};
}

auto KeyListener::sounding() const -> bool { return dtmf_rx_status(receiver_.get()) != 0; }

}  // namespace flow::audio
