#include <algorithm>

#include "compiler/base/match.h"
#include "runtime/simulate/service_impl.h"
#include "runtime/simulate/unfinished.h"
#include "runtime/wire/base64.h"

namespace flow::simulate {

using namespace wire::openai;

namespace {

// Source: the protocol's notes, section 4.
constexpr std::size_t AppendMax = std::size_t{15} << 20;  // letters of base64

constexpr std::int64_t SamplesPerToken = 100 * core::SamplesPerMs;

}  // namespace

void Service::Impl::on(const client::AppendAudio& e) {
  if (e.audio.size() > AppendMax) return refuse("invalid_value", "Invalid 'audio': at most 15 MiB are accepted in one event.", "audio");
  std::vector<std::uint8_t> bytes;
  if (!wire::base64_decode(e.audio, bytes)) return refuse("invalid_value", "Invalid 'audio': expected standard base64.", "audio");
  std::vector<Heard> heard_in_it;
  if (!input.append(bytes, sounds_unfinished(ears.so_far()), heard_in_it)) return refuse("invalid_value", "Invalid 'audio': half a sample at the end.", "audio");
  for (auto& each : heard_in_it) {
    match(each, [&](SpeechBegan& began) { begin_turn(began); }, [&](SpeechEnded& ended) { end_turn(std::move(ended)); });
  }
  if (input.speaking()) hear(input.turn());
}

void Service::Impl::begin_turn(const SpeechBegan& e) {
  idle_at.reset();
  turn_item = desk.dice.id("item_");
  desk.emit(server::SpeechStarted{e.start_ms, turn_item});
  auto* reply = active();
  if (reply == nullptr || !desk.settings.turn_rules()->interrupt_response) return;
  reply->cut(Reply::End::TurnDetected);
  ended(*reply);
}

void Service::Impl::end_turn(SpeechEnded e) {
  desk.emit(server::SpeechStopped{e.end_ms, turn_item});
  hear_out(e.pcm, turn_item);
  commit(std::move(e.pcm));
  hear_words();
  if (desk.settings.turn_rules()->create_response && !desk.settings.transcription_only()) respond({});
}

void Service::Impl::on(const client::CommitAudio&) {
  const auto ms = input.buffered_ms();
  if (ms < Input::CommitMinMs) {
    return refuse("input_audio_buffer_commit_empty",
                  "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has " + std::to_string(ms) + ".00ms of audio.");
  }
  if (input.speaking()) desk.emit(server::SpeechStopped{input.written_ms(), turn_item});
  else turn_item = desk.dice.id("item_");
  auto pcm = input.take();
  hear_out(pcm, turn_item);
  commit(std::move(pcm));
  hear_words();
}

void Service::Impl::on(const client::ClearAudio&) {
  input.clear();
  hear_no_more();
  desk.emit(server::AudioCleared{});
}

void Service::Impl::on(const client::ClearOutputAudio&) {
  refuse("invalid_event", "'output_audio_buffer.clear' is only available on WebRTC and SIP connections.", "type");
}

// The buffer becomes the caller's turn `turn_item`, at the end of the conversation. Its words come later.
void Service::Impl::commit(std::vector<std::int16_t> pcm) {
  idle_at.reset();
  desk.emit(server::AudioCommitted{or_null(desk.conversation.last()), turn_item});
  Message message;
  message.head = {turn_item, "realtime.item", ItemStatus::Completed};
  message.role = Role::User;
  message.content.push_back(InputAudio{{}, Null{}});
  Entry entry;
  entry.item = message;
  entry.awaited = !pcm.empty();
  entry.has_audio = true;
  entry.pcm = std::move(pcm);
  const auto samples = entry.pcm.size();
  desk.conversation.add(std::move(entry));
  const auto before = or_null(desk.conversation.before(turn_item));
  desk.emit(server::ItemAdded{before, message});
  desk.emit(server::ItemDone{before, message});
  if (desk.settings.transcription() != nullptr) transcribe(turn_item, samples);
}

// ── Transcription: any time after the commit, word by word ───────────────────────────────────────────────────

void Service::Impl::transcribe(const std::string& item_id, std::size_t samples) {
  const auto latest = desk.options.chaos.reorder ? 4'000 : 500;
  const bool fails = desk.options.chaos.error && desk.dice.one_in(6);
  const bool known = samples == 0;  // nothing was said, and there is nothing to wait for
  transcripts.push_back({item_id, {}, known, 0, samples, desk.now + Millis{desk.dice.between(150, latest)}, fails});
}

void Service::Impl::transcribe_on() {
  const auto at = std::find_if(transcripts.begin(), transcripts.end(), [&](const Transcript& t) { return t.known && t.due <= desk.now; });
  if (at->fails) {
    desk.emit(server::TranscriptFailed{at->item_id, 0, {"server_error", "audio_unintelligible", "The audio could not be transcribed.", ""}});
    transcripts.erase(at);
    return;
  }
  if (at->sent < at->words.size()) {
    const auto space = at->words.find(' ', at->sent);
    const auto end = space == std::string::npos ? at->words.size() : space + 1;
    desk.emit(server::TranscriptDelta{at->item_id, 0, at->words.substr(at->sent, end - at->sent), {}});
    at->sent = end;
    at->due = desk.now + Millis{desk.dice.between(10, 30)};
    return;
  }
  const auto transcript = std::move(*at);
  transcripts.erase(at);
  if (auto* entry = desk.conversation.find(transcript.item_id)) {
    auto& message = std::get<Message>(entry->item);
    if (auto* audio = std::get_if<InputAudio>(&message.content.front())) audio->transcript = transcript.words;
  }
  server::TranscriptCompleted done{transcript.item_id, 0, transcript.words, {}, {}, {}};
  const auto* wanted = desk.settings.transcription();
  if (wanted != nullptr && wanted->model == "whisper-1") {
    done.usage = server::TranscriptDuration{static_cast<double>(transcript.samples) / audio::RateHz};
  } else {
    const auto in = static_cast<std::int64_t>(transcript.samples) / SamplesPerToken;
    const auto out = tokens_of(transcript.words);
    done.usage = server::TranscriptTokens{in + out, in, OutputTokens{0, in}, out};
  }
  desk.emit(std::move(done));
}

// ── The caller who says nothing ──────────────────────────────────────────────────────────────────────────────

// `since`: when the agent's last words will have been heard.
void Service::Impl::wait_for_caller(Millis since) {
  const auto rules = desk.settings.turn_rules();
  if (!rules || !rules->idle_timeout_ms || input.speaking()) return;
  idle_at = std::max(since, desk.now) + Millis{*rules->idle_timeout_ms};
  idle_from_ms = input.written_ms();
}

void Service::Impl::time_out() {
  idle_at.reset();
  if (active() != nullptr) return;
  turn_item = desk.dice.id("item_");
  desk.emit(server::TimeoutTriggered{idle_from_ms, input.written_ms(), turn_item});
  commit({});
  if (!desk.settings.transcription_only()) respond({});
}

}  // namespace flow::simulate
