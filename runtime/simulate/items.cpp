#include "compiler/base/match.h"
#include "runtime/audio/g711.h"
#include "runtime/audio/resample.h"
#include "runtime/simulate/service_impl.h"
#include "runtime/wire/base64.h"

namespace flow::simulate {

using namespace wire::openai;

namespace {

auto in_format(const AudioFormat& format, const std::vector<std::int16_t>& pcm) -> std::string {
  std::string text;
  if (std::holds_alternative<wire::openai::Pcm>(format)) {
    wire::base64_encode(std::span<const std::int16_t>(pcm), text);
    return text;
  }
  const auto narrow = audio::resample(pcm, audio::RateHz, 8'000);
  std::vector<std::uint8_t> codes(narrow.size());
  audio::g711_encode(std::holds_alternative<MuLaw>(format) ? audio::Law::Mu : audio::Law::A, narrow, codes);
  wire::base64_encode(codes, text);
  return text;
}

// Sets the id and status that a client may leave out.
void complete(Item& item, Dice& dice) {
  match(
      item,
      [&](Unknown&) {}, [&](ItemReference&) {}, [&](McpListTools& each) { if (!each.id) each.id = dice.id("item_"); },
      [&](McpApprovalResponse& each) { if (!each.id) each.id = dice.id("item_"); }, [&](McpCall&) {}, [&](McpApprovalRequest&) {},
      [&](auto& each) {
        if (!each.head.id || each.head.id->empty()) each.head.id = dice.id("item_");
        each.head.object = "realtime.item";
        each.head.status = ItemStatus::Completed;
      });
}

// Audio goes into the entry; events show items without it.
auto part_path(const std::string& param, std::size_t index) -> std::string { return param + ".content[" + std::to_string(index) + "]"; }

}  // namespace

auto Service::Impl::accept_audio(const InputAudio& audio, const std::string& param, Entry& entry) -> bool {
  std::vector<std::uint8_t> bytes;
  Input decoder;
  std::vector<Heard> turns;
  decoder.use(desk.settings.input_format());
  if (!wire::base64_decode(audio.audio.value_or(""), bytes) || !decoder.append(bytes, false, turns)) {
    refuse("invalid_value", "Invalid audio: expected whole samples in standard base64.", param + ".audio");
    return false;
  }
  const auto pcm = decoder.take();
  entry.pcm.insert(entry.pcm.end(), pcm.begin(), pcm.end());
  entry.has_audio = true;
  if (audio.transcript.get() != nullptr) entry.heard += *audio.transcript.get();
  else entry.awaited = true;
  return true;
}

auto Service::Impl::accept(Item item, const std::string& param) -> std::optional<Entry> {
  Entry entry;
  if (auto* message = std::get_if<Message>(&item)) {
    for (std::size_t i = 0; i < message->content.size(); ++i) {
      if (std::holds_alternative<OutputAudio>(message->content[i])) {
        refuse("invalid_value", "Assistant audio cannot be created by a client.", part_path(param, i) + ".type");
        return {};
      }
      auto* audio = std::get_if<InputAudio>(&message->content[i]);
      if (audio == nullptr) continue;
      if (!accept_audio(*audio, part_path(param, i), entry)) return {};
      audio->audio.reset();
      if (audio->transcript.is_absent()) audio->transcript = Null{};
    }
  }
  if (auto* call = std::get_if<FunctionCall>(&item); call != nullptr && !call->call_id) call->call_id = desk.dice.id("call_");
  complete(item, desk.dice);
  entry.item = std::move(item);
  entry.awaited = entry.awaited && !hearing;  // who is speaking meanwhile has the ears
  if (entry.awaited) hear_out(entry.pcm, std::string(id_of(entry.item)));
  return entry;
}

auto Service::Impl::fits(const Entry& entry, const std::string& param) -> bool {
  const auto* output = std::get_if<FunctionOutput>(&entry.item);
  if (output != nullptr && !desk.conversation.knows_call(output->call_id)) {
    refuse("invalid_value", "Tool call ID '" + output->call_id + "' not found in conversation.", param + ".call_id");
    return false;
  }
  if (desk.conversation.find(id_of(entry.item)) != nullptr) {
    refuse("invalid_value", "Item with id '" + std::string(id_of(entry.item)) + "' already exists.", param + ".id");
    return false;
  }
  return true;
}

void Service::Impl::on(const client::CreateItem& e) {
  auto entry = accept(e.item, "item");
  if (!entry || !fits(*entry, "item")) return;
  if (e.previous_item_id && *e.previous_item_id != "root" && desk.conversation.find(*e.previous_item_id) == nullptr) {
    return refuse("invalid_value", "Previous item with id '" + *e.previous_item_id + "' not found.", "previous_item_id");
  }
  const auto item = entry->item;
  const std::string id(id_of(item));
  desk.conversation.add(std::move(*entry), e.previous_item_id);
  const auto before = or_null(desk.conversation.before(id));
  desk.emit(server::ItemAdded{before, item});
  desk.emit(server::ItemDone{before, item});
  hear_words();
}

void Service::Impl::on(const client::RetrieveItem& e) {
  const auto* entry = desk.conversation.find(e.item_id);
  if (entry == nullptr) return refuse("item_retrieve_invalid_item_id", "Error retrieving item: the item with id '" + e.item_id + "' does not exist.", "item_id");
  auto item = entry->item;
  if (auto* message = std::get_if<Message>(&item)) {
    for (auto& part : message->content) {
      if (auto* sent = std::get_if<InputAudio>(&part)) sent->audio = in_format(desk.settings.input_format(), entry->pcm);
      if (auto* spoken = std::get_if<OutputAudio>(&part)) spoken->audio = in_format(*desk.settings.realtime().audio->output->format, entry->pcm);
    }
  }
  desk.emit(server::ItemRetrieved{std::move(item)});
}

void Service::Impl::on(const client::TruncateItem& e) {
  auto* entry = desk.conversation.find(e.item_id);
  if (entry == nullptr) return refuse("item_truncate_invalid_item_id", "Error truncating item: the item with id '" + e.item_id + "' does not exist.", "item_id");
  const auto* message = std::get_if<Message>(&entry->item);
  if (message == nullptr || message->role != Role::Assistant || !entry->has_audio) {
    return refuse("invalid_value", "Only model output audio messages can be truncated.", "item_id");
  }
  if (e.content_index != 0) return refuse("invalid_value", "Content part " + std::to_string(e.content_index) + " not found.", "content_index");
  const auto has_ms = static_cast<std::int64_t>(entry->pcm.size()) / core::SamplesPerMs;
  if (e.audio_end_ms > has_ms) {
    return refuse("invalid_value", "Audio content of " + std::to_string(has_ms) + "ms is already shorter than " + std::to_string(e.audio_end_ms) + "ms", "audio_end_ms");
  }
  cut_audio(*entry, e.audio_end_ms);
  desk.emit(server::ItemTruncated{e.item_id, e.content_index, e.audio_end_ms});
}

void Service::Impl::on(const client::DeleteItem& e) {
  if (!desk.conversation.remove(e.item_id)) {
    return refuse("item_delete_invalid_item_id", "Error deleting item: the item with id '" + e.item_id + "' does not exist.", "item_id");
  }
  desk.emit(server::ItemDeleted{e.item_id});
}

}  // namespace flow::simulate
