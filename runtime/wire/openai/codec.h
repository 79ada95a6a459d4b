#pragma once
// Events to JSON text and back, both ways: a client decodes what a service encodes and the other way round.

#include "compiler/base/result.h"
#include "runtime/wire/openai/client_event.h"
#include "runtime/wire/openai/reader.h"
#include "runtime/wire/openai/server_event.h"

namespace flow::wire::openai {

// As the service reads its clients: strict, first fault only.
auto decode_client(std::string_view frame) -> tl::expected<client::Event, Refusal>;
auto encode(const client::Event& event) -> std::string;

// As a client reads the service: tolerant. An event of a type that is not known is `Unknown`.
//
//   errors   `malformed_event`: not JSON, no type, or a member that must be there is not there or not readable
auto decode_server(std::string_view frame) -> Result<server::Event>;
auto encode(const server::Event& event) -> std::string;

}  // namespace flow::wire::openai
