#pragma once
// What both kinds of event have around their own members: one JSON object, and an `event_id`.

#include "runtime/json/json.h"
#include "runtime/wire/openai/reader.h"
#include "runtime/wire/openai/writer.h"

namespace flow::wire::openai {

// The largest event of the protocol carries 15 MiB of audio in base64.
inline constexpr json::Limits EventLimits{.bytes = std::size_t{24} << 20, .depth = 64};

// Takes `event_id` out of the event. None: it is there and not a text.
auto take_event_id(Value::Record& event) -> std::optional<std::string>;

template <class Event>
auto read_event(std::string_view frame, Reader::Manner manner) -> tl::expected<Event, Refusal> {
  auto value = json::parse(frame, EventLimits);
  if (!value)
    return tl::unexpected(Refusal{"invalid_event", "The event could not be read: " + value.error().text + ".", {}, {}});
  auto* record = std::get_if<Value::Record>(&value->data);
  if (!record) return tl::unexpected(Refusal{"invalid_event", "The event is not a JSON object.", {}, {}});
  auto id = take_event_id(*record);
  if (!id)
    return tl::unexpected(Refusal{"invalid_value", "Invalid type for 'event_id': expected a string.", "event_id", {}});
  Event event{std::move(*id), {}};
  Reader reader(manner);
  reader.read(*value, event.what);
  if (!reader.refusal()) return event;
  auto refusal = *reader.refusal();
  refusal.event_id = std::move(event.event_id);
  return tl::unexpected(std::move(refusal));
}

template <class Event>
auto write_event(const Event& event, bool from_client) -> std::string {
  Writer writer(from_client);
  std::visit(
      [&]<class T>(const T& e) {
        if constexpr (Tagged<T>) {
          writer("type", std::string(T::Type));
          if (!event.event_id.empty()) writer("event_id", event.event_id);
          T::fields(writer, e);
        } else if (const auto* members = e.whole.record()) {
          if (!event.event_id.empty()) writer("event_id", event.event_id);
          for (const auto& [name, value] : *members) writer(name, value);
        }
      },
      event.what);
  return to_json(writer.take());
}

}  // namespace flow::wire::openai
