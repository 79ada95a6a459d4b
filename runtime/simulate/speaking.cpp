#include <algorithm>

#include "runtime/audio/g711.h"
#include "runtime/simulate/reply.h"
#include "runtime/wire/base64.h"

namespace flow::simulate {

using namespace wire::openai;

namespace {

constexpr std::int64_t ChunkMinMs = 100, ChunkMaxMs = 200;
constexpr std::int64_t WordsAheadMs = 500;  // how far the transcript runs ahead of the audio

}  // namespace

// One stream for the whole message, so that chunks join without a click.
auto Reply::encode(std::span<const std::int16_t> chunk) -> std::string {
  std::string text;
  if (std::holds_alternative<wire::openai::Pcm>(order_.rules.format)) {
    wire::base64_encode(chunk, text);
    return text;
  }
  if (!narrow_) narrow_.emplace(audio::RateHz, 8'000);
  std::vector<std::int16_t> narrow;
  narrow_->process(chunk, narrow);
  std::vector<std::uint8_t> codes(narrow.size());
  audio::g711_encode(std::holds_alternative<MuLaw>(order_.rules.format) ? audio::Law::Mu : audio::Law::A, narrow, codes);
  wire::base64_encode(codes, text);
  return text;
}

void Reply::open_message() {
  item_id_ = desk_.dice.id("item_");
  Message message;
  message.head = {item_id_, "realtime.item", ItemStatus::InProgress};
  message.role = Role::Assistant;
  announce(std::move(message));
  entry().has_audio = order_.rules.audio;
  entry().meant = order_.answer->say;
  server::PartInfo part_info;
  part_info.type = order_.rules.audio ? server::PartKind::Audio : server::PartKind::Text;
  (order_.rules.audio ? part_info.transcript : part_info.text) = "";
  desk_.emit(server::PartAdded{part(), std::move(part_info)});
}

// One stretch of speech. A phrase is synthesised when its turn has come, so that no step takes long.
void Reply::speak() {
  if (!open_) open_message();
  if (spoken_ == speech_.pcm.size()) {
    const auto& rules = order_.rules;
    speech_ = desk_.voice.speak(phrases_[phrase_++], {rules.voice, rules.locale.empty() ? desk_.options.locale : rules.locale, rules.speed});
    spoken_ = worded_ = 0;
  }
  const auto wanted = static_cast<std::size_t>(desk_.dice.between(ChunkMinMs, ChunkMaxMs) * core::SamplesPerMs);
  const auto count = std::min(wanted, speech_.pcm.size() - spoken_);
  const std::span chunk(speech_.pcm.data() + spoken_, count);
  say_words(static_cast<std::int64_t>(spoken_ + count) / core::SamplesPerMs + WordsAheadMs);
  desk_.emit(server::AudioDelta{part(), encode(chunk)});
  desk_.spoke = true;
  if (total_samples_ == 0) first_audio_ = desk_.now;
  if (auto& kept = entry(); !kept.cut) kept.pcm.insert(kept.pcm.end(), chunk.begin(), chunk.end());
  spoken_ += count;
  total_samples_ += static_cast<std::int64_t>(count);
  const auto length_ms = static_cast<double>(count) / static_cast<double>(core::SamplesPerMs);
  due_ = desk_.now + Millis{static_cast<std::int64_t>(length_ms / desk_.options.pace) + desk_.dice.between(0, 8)};
  if (spoken_ < speech_.pcm.size()) return;
  say_words(INT64_MAX);
  if (phrase_ < phrases_.size()) return;
  close_message(ItemStatus::Completed);
  phase_ = order_.answer->calls.empty() ? Phase::Over : Phase::Calls;
}

void Reply::say_words(std::int64_t until_ms) {
  const auto before_ms = (total_samples_ - static_cast<std::int64_t>(spoken_)) / core::SamplesPerMs;
  for (; worded_ < speech_.words.size() && speech_.words[worded_].at.count() < until_ms; ++worded_) {
    const auto& word = speech_.words[worded_];
    transcript_ += word.text;
    desk_.emit(server::SpokenTextDelta{part(), word.text});
    if (auto& kept = entry(); !kept.cut) {
      kept.heard = transcript_;
      kept.timing.push_back({word.text, word.at + Millis{before_ms}});
    }
  }
}

void Reply::write() {
  if (!open_) open_message();
  for (auto words = desk_.dice.between(1, 3); words > 0 && phrase_ < phrases_.size(); --words) {
    auto& rest = phrases_[phrase_];
    const auto space = rest.find(' ');
    const auto length = space == std::string::npos ? rest.size() : space + 1;
    transcript_ += rest.substr(0, length);
    desk_.emit(server::TextDelta{part(), rest.substr(0, length)});
    rest.erase(0, length);
    if (rest.empty()) ++phrase_;
  }
  wait(10, 30);
  if (phrase_ < phrases_.size()) return;
  close_message(ItemStatus::Completed);
  phase_ = order_.answer->calls.empty() ? Phase::Over : Phase::Calls;
}

auto Reply::part_info() const -> server::PartInfo {
  if (order_.rules.audio) return {server::PartKind::Audio, {}, transcript_, {}};
  return {server::PartKind::Text, transcript_, {}, {}};
}

auto Reply::message_item(ItemStatus status) const -> Item {
  Message message;
  message.head = {item_id_, "realtime.item", status};
  message.role = Role::Assistant;
  if (order_.rules.audio) message.content.push_back(OutputAudio{{}, transcript_});
  else message.content.push_back(OutputText{transcript_});
  return message;
}

void Reply::close_message(ItemStatus status) {
  if (order_.rules.audio) {
    const bool swapped = desk_.options.chaos.reorder && desk_.dice.one_in(2);
    if (!swapped) desk_.emit(server::AudioDone{part()});
    desk_.emit(server::SpokenTextDone{part(), transcript_});
    if (swapped) desk_.emit(server::AudioDone{part()});
  } else {
    desk_.emit(server::TextDone{part(), transcript_});
  }
  desk_.emit(server::PartDone{part(), part_info()});
  finish_item(message_item(status));
}

}  // namespace flow::simulate
