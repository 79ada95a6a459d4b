#include "runtime/wire/openai/codec.h"
#include "runtime/wire/openai/envelope.h"

namespace flow::wire::openai {

auto decode_client(std::string_view frame) -> tl::expected<client::Event, Refusal> {
  return read_event<client::Event>(frame, Reader::Manner::Strict);
}

auto encode(const client::Event& event) -> std::string { return write_event(event, true); }

}  // namespace flow::wire::openai
