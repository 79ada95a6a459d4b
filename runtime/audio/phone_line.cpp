#include "runtime/audio/phone_line.h"

#include <algorithm>

#include "compiler/base/check.h"

namespace flow::audio {

// Three samples go in for each one of the line, so as many come out as went in.
void PhoneLine::pass(PcmOut frame) {
  FLOW_ASSERT(frame.size() == static_cast<std::size_t>(FrameSamples));
  narrow_.clear();
  wide_.clear();
  in_.process(frame, narrow_);
  for (auto& sample : narrow_) sample = g711_decode(law_, g711_encode(law_, sample));
  out_.process(narrow_, wide_);
  FLOW_ASSERT(wide_.size() == frame.size());
  std::ranges::copy(wide_, frame.begin());
}

}  // namespace flow::audio
