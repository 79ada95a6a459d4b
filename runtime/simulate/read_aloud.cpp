#include "runtime/simulate/read_aloud.h"

#include "compiler/ir/value.h"
#include "runtime/json/json.h"

namespace flow::simulate {
namespace {

constexpr std::string_view Before = "/v1/text-to-speech/";
constexpr std::size_t TextMax = 5'000;

auto refused(int status, std::string code, std::string message) -> ReadAloud {
  return {status, "application/json", to_json(Value::Record{{"detail", Value::Record{{"status", std::move(code)}, {"message", std::move(message)}}}})};
}

}  // namespace

auto read_aloud(const std::string& method, const std::string& target, const net::Headers& headers, const std::string& body, Voice& voice, const Options& options) -> std::optional<ReadAloud> {
  if (!target.starts_with(Before)) return std::nullopt;
  if (method != "POST") return refused(405, "method_not_allowed", "Method Not Allowed");
  const auto query = target.find('?');
  const auto path = std::string_view(target).substr(Before.size(), query == target.npos ? target.npos : query - Before.size());
  const auto name = path.substr(0, path.find('/'));
  if (name.empty()) return refused(404, "voice_not_found", "A voice was not found.");
  if (!options.required_key.empty() && net::find(headers, "xi-api-key").value_or("") != options.required_key) return refused(401, "invalid_api_key", "Invalid API key");
  if (target.find("output_format=pcm_24000") == target.npos) return refused(400, "invalid_output_format", "Only pcm_24000 is spoken here.");
  const auto asked = json::parse(body);
  const auto* text = asked ? asked->field("text") : nullptr;
  if (!text || !text->text() || text->text()->empty() || text->text()->size() > TextMax) return refused(422, "invalid_text", "`text` is missing, empty or too long.");
  ReadAloud out{200, "audio/pcm", {}};
  for (const auto& phrase : phrases(*text->text())) {
    const auto& speech = voice.speak(phrase, {std::string(name), options.locale, 1.0});
    out.body.append(reinterpret_cast<const char*>(speech.pcm.data()), speech.pcm.size() * sizeof(std::int16_t));
  }
  return out;
}

}  // namespace flow::simulate
