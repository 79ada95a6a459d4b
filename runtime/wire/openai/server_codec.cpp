#include "runtime/wire/openai/codec.h"
#include "runtime/wire/openai/envelope.h"

namespace flow::wire::openai {

auto decode_server(std::string_view frame) -> Result<server::Event> {
  auto event = read_event<server::Event>(frame, Reader::Manner::Tolerant);
  if (!event) return failure("malformed_event", std::move(event.error().message));
  return std::move(*event);
}

auto encode(const server::Event& event) -> std::string { return write_event(event, false); }

}  // namespace flow::wire::openai
