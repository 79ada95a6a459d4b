#include "runtime/simulate/door.h"

#include <algorithm>
#include <charconv>

#include "compiler/ir/value.h"
#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

// Source: the protocol's notes, section 1: this and, for its deployments on Azure, that path.
constexpr std::string_view Paths[] = {"/v1/realtime", "/openai/v1/realtime"};
constexpr std::string_view KeyProtocol = "openai-insecure-api-key.";

auto decoded(std::string_view text) -> std::string {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    int code = 0;
    if (text[at] == '%' && at + 2 < text.size() && std::from_chars(&text[at + 1], &text[at + 1] + 2, code, 16).ptr == &text[at + 1] + 2) {
      out += static_cast<char>(code);
      at += 2;
    } else {
      out += text[at] == '+' ? ' ' : text[at];
    }
  }
  return out;
}

auto parameter(std::string_view target, std::string_view name) -> std::string {
  const auto mark = target.find('?');
  auto rest = mark == target.npos ? std::string_view{} : target.substr(mark + 1);
  while (!rest.empty()) {
    const auto pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) == name && equals != pair.npos) return decoded(pair.substr(equals + 1));
  }
  return {};
}

auto error_body(std::string message, std::string code) -> std::string {
  return to_json(Value(Value::Record{{"error", Value(Value::Record{{"message", Value(std::move(message))},
                                                                   {"type", Value("invalid_request_error")},
                                                                   {"code", Value(std::move(code))},
                                                                   {"param", Value{}}})}}));
}

auto key_of(const Knock& knock) -> std::string {
  if (const auto bearer = net::find(knock.headers, "Authorization"); bearer && lower(*bearer).starts_with("bearer ")) return std::string(trimmed(bearer->substr(7)));
  if (const auto key = net::find(knock.headers, "api-key")) return std::string(*key);
  for (const auto& offered : knock.subprotocols) {
    if (offered.starts_with(KeyProtocol)) return offered.substr(KeyProtocol.size());
  }
  return {};
}

auto wants_beta(const Knock& knock) -> bool {
  const auto header = net::find(knock.headers, "OpenAI-Beta");
  if (header && header->find("realtime") != header->npos) return true;
  return std::any_of(knock.subprotocols.begin(), knock.subprotocols.end(), [](const auto& offered) { return offered.starts_with("openai-beta."); });
}

// Models of the vendor that only write. Any other name may be somebody's deployment.
auto cannot_speak(std::string_view model) -> bool {
  if (!model.starts_with("gpt-")) return false;
  for (const auto* word : {"realtime", "transcribe", "live", "audio", "voice"}) {
    if (model.find(word) != model.npos) return false;
  }
  return true;
}

}  // namespace

auto judge(const Knock& knock, const Options& options) -> Welcome {
  Welcome welcome;
  const auto path = std::string_view(knock.target).substr(0, knock.target.find('?'));
  if (std::find(std::begin(Paths), std::end(Paths), path) == std::end(Paths)) {
    welcome.status = 404;
    welcome.body = error_body("Invalid URL (" + std::string(path) + ")", "unknown_url");
    return welcome;
  }
  if (!knock.websocket) {
    welcome.status = 426;
    welcome.body = error_body("This address speaks WebSocket.", "invalid_request");
    return welcome;
  }
  if (!options.required_key.empty() && key_of(knock) != options.required_key) {
    welcome.status = 401;
    welcome.body = error_body("Incorrect API key provided.", "invalid_api_key");
    return welcome;
  }
  const auto chaos = read_chaos(parameter(knock.target, "chaos"));
  if (!chaos) {
    welcome.status = 400;
    welcome.body = error_body(chaos.error().text, "invalid_value");
    return welcome;
  }
  const auto& base = options.chaos;
  welcome.chaos = {base.delay || chaos->delay, base.reorder || chaos->reorder, base.drop || chaos->drop, base.error || chaos->error};
  const auto& offered = knock.subprotocols;
  if (std::find(offered.begin(), offered.end(), "realtime") != offered.end()) welcome.subprotocol = "realtime";
  welcome.model = parameter(knock.target, "model");
  welcome.transcription_only = parameter(knock.target, "intent") == "transcription";
  if (wants_beta(knock)) {
    welcome.turned_away = {"beta_api_shape_disabled", "The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.", {}, {}};
  } else if (welcome.model.empty() && !welcome.transcription_only && parameter(knock.target, "call_id").empty()) {
    welcome.turned_away = {"missing_required_parameter", "Missing required parameter: 'model'.", "model", {}};
  } else if (cannot_speak(welcome.model)) {
    welcome.turned_away = {"model_not_found", "The model '" + welcome.model + "' does not exist or you do not have access to it.", "model", {}};
  }
  if (welcome.model.empty()) welcome.model = "gpt-realtime";
  return welcome;
}

}  // namespace flow::simulate
