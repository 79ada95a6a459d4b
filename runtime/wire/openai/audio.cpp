#include "runtime/wire/openai/audio.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <iterator>

#include "runtime/wire/base64.h"

namespace flow::wire::openai {
namespace {

// Walks over the members of one flat JSON object. `fits` turns false for good at the first thing it does not know.
class Flat {
 public:
  explicit Flat(std::string_view frame) : at_(frame.data()), end_(frame.data() + frame.size()) {
    skip_blank();
    fits_ = take('{');
  }

  // The next member; false at the end of the object, or if `fits` turned false.
  auto next() -> bool {
    skip_blank();
    if (!fits_ || (first_ && at_ < end_ && *at_ == '}')) return false;
    if (!first_ && !take(',')) return false;
    first_ = false;
    skip_blank();
    name = text();
    skip_blank();
    fits_ = fits_ && take(':');
    skip_blank();
    if (!fits_) return false;
    is_text = at_ < end_ && *at_ == '"';
    value = is_text ? text() : number();
    return fits_;
  }

  // After the last member: whether the object ended there, and the frame with it.
  auto whole() -> bool {
    skip_blank();
    if (!fits_ || !take('}')) return false;
    skip_blank();
    return at_ == end_;
  }

  std::string_view name, value;
  bool is_text = false;

 private:
  void skip_blank() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  auto take(char c) -> bool {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  // Plain text: what it holds is asked by `is_plain`, or by base64 itself.
  auto text() -> std::string_view {
    if (!take('"')) return fits_ = false, std::string_view();
    const auto* close = static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
    if (!close) return fits_ = false, std::string_view();
    const std::string_view found(at_, static_cast<std::size_t>(close - at_));
    at_ = close + 1;
    return found;
  }
  auto number() -> std::string_view {
    const auto* begin = at_;
    while (at_ < end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    const std::string_view found(begin, static_cast<std::size_t>(at_ - begin));
    fits_ = !found.empty() && found.size() <= 15 && (found.size() == 1 || found[0] != '0');
    return found;
  }

  const char* at_;
  const char* end_;
  bool first_ = true;
  bool fits_ = false;
};

// Printable ASCII without an escape.
auto is_plain(std::string_view text) -> bool {
  for (const char c : text) {
    if (c < ' ' || c > '~' || c == '\\') return false;
  }
  return true;
}

auto whole_number(std::string_view digits) -> std::int64_t {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

constexpr std::string_view DeltaType = "response.output_audio.delta";
constexpr std::string_view AppendType = "input_audio_buffer.append";

// Calls `take(name, value, is_text)` for each member but the type; it says whether it knows the member. The audio is
// the only text that is not asked to be plain. Nothing but one object of `type` with known members passes.
template <class Take>
auto scan(std::string_view frame, std::string_view type, const Take& take) -> bool {
  Flat members(frame);
  bool typed = false;
  while (members.next()) {
    const bool is_audio = members.name == "delta" || members.name == "audio";
    if (!is_audio && members.is_text && !is_plain(members.value)) return false;
    if (members.name == "type") {
      if (!members.is_text || members.value != type) return false;
      typed = true;
    } else if (!take(members.name, members.value, members.is_text)) {
      return false;
    }
  }
  return members.whole() && typed;
}

// Whether a member was there: an empty text is, too.
constexpr auto is_there = [](std::string_view text) { return text.data() != nullptr; };

}  // namespace

auto scan_audio_delta(std::string_view frame) -> std::optional<AudioDelta> {
  AudioDelta found;
  int indexes = 0;
  const bool fits = scan(frame, DeltaType, [&](std::string_view name, std::string_view value, bool is_text) {
    if (name == "delta") return found.audio = value, is_text;
    if (name == "item_id") return found.item_id = value, is_text;
    if (name == "response_id") return found.response_id = value, is_text;
    if (name == "event_id") return found.event_id = value, is_text;
    if (name == "output_index") return found.output_index = whole_number(value), indexes |= 1, !is_text;
    if (name == "content_index") return found.content_index = whole_number(value), indexes |= 2, !is_text;
    return name == "obfuscation";
  });
  if (!fits || !is_there(found.audio) || !is_there(found.item_id) || !is_there(found.response_id) || indexes != 3)
    return std::nullopt;
  return found;
}

auto scan_append(std::string_view frame) -> std::optional<AppendedAudio> {
  AppendedAudio found;
  const bool fits = scan(frame, AppendType, [&](std::string_view name, std::string_view value, bool is_text) {
    if (name == "audio") return found.audio = value, is_text;
    if (name == "event_id") return found.event_id = value, is_text;
    return false;  // the decoder says that it is unknown
  });
  if (!fits || !is_there(found.audio)) return std::nullopt;
  return found;
}

namespace {

void append_frame(const auto& sound, std::string& out) {
  out.assign(R"({"type":"input_audio_buffer.append","audio":")");
  base64_encode(sound, out);
  out += R"("})";
}

}  // namespace

void encode_append(std::span<const std::int16_t> pcm, std::string& out) { append_frame(pcm, out); }
void encode_append(std::span<const std::uint8_t> bytes, std::string& out) { append_frame(bytes, out); }

void encode_audio_delta(const AudioDelta& at, std::span<const std::int16_t> pcm, std::string& out) {
  out.clear();
  fmt::format_to(
      std::back_inserter(out),
      R"({{"type":"{}","event_id":"{}","response_id":"{}","item_id":"{}","output_index":{},"content_index":{},"delta":")",
      DeltaType, at.event_id, at.response_id, at.item_id, at.output_index, at.content_index);
  base64_encode(pcm, out);
  out += R"("})";
}

}  // namespace flow::wire::openai
