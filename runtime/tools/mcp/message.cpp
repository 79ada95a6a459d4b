#include "runtime/tools/mcp/message.h"

#include "runtime/json/json.h"

namespace flow::tools::mcp {
namespace {

auto wrong(const char* what) -> tl::unexpected<Error> { return failure("mcp_message", std::string("this is no message of JSON-RPC: ") + what); }

auto is_id(const Value& value) -> bool { return value.text() || std::holds_alternative<std::int64_t>(value.data); }

}  // namespace

auto read_message(std::string_view text) -> Result<Message> {
  const auto parsed = json::parse(text, {.bytes = MessageMax, .depth = 64});
  if (!parsed) return wrong(parsed.error().text.c_str());
  if (!parsed->record()) return wrong("it is no record");
  const auto *version = parsed->field("jsonrpc"), *id = parsed->field("id"), *method = parsed->field("method");
  if (!version || !version->text() || *version->text() != "2.0") return wrong("it has no `jsonrpc` of 2.0");
  if (id && !id->is_none() && !is_id(*id)) return wrong("its `id` is neither a whole number nor a text");
  Message message;
  if (id) message.id = *id;
  if (method) {
    if (!method->text()) return wrong("its `method` is no text");
    message.kind = message.id.is_none() ? Message::Kind::Notification : Message::Kind::Request;
    message.method = *method->text();
    if (const auto* params = parsed->field("params")) message.content = *params;
    return message;
  }
  if (const auto* error = parsed->field("error"); error && !error->is_none()) {
    const auto *code = error->field("code"), *said = error->field("message");
    message.kind = Message::Kind::Error;
    if (const auto* number = code ? std::get_if<std::int64_t>(&code->data) : nullptr) message.code = *number;
    if (said && said->text()) message.text = *said->text();
    return message;
  }
  const auto* result = parsed->field("result");
  if (!result) return wrong("it has neither `method` nor `result` nor `error`");
  if (message.id.is_none()) return wrong("its `id` is missing");
  message.kind = Message::Kind::Result;
  message.content = *result;
  return message;
}

auto write_message(const Message& message) -> std::string {
  Value::Record out{{"jsonrpc", "2.0"}};
  if (!message.id.is_none() || message.kind == Message::Kind::Error) out.emplace_back("id", message.id);
  switch (message.kind) {
    case Message::Kind::Request:
    case Message::Kind::Notification:
      out.emplace_back("method", message.method);
      if (!message.content.is_none()) out.emplace_back("params", message.content);
      break;
    case Message::Kind::Result: out.emplace_back("result", message.content); break;
    case Message::Kind::Error: out.emplace_back("error", Value::Record{{"code", message.code}, {"message", message.text}}); break;
  }
  return to_json(Value(std::move(out)));
}

}  // namespace flow::tools::mcp
