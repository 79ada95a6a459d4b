#include "runtime/wire/openai/handshake.h"

#include <fmt/format.h>

namespace flow::wire::openai {
namespace {

constexpr std::string_view ServiceUrl = "wss://api.openai.com/v1/realtime";
constexpr std::string_view ServicePath = "/v1/realtime";
constexpr std::string_view AzurePath = "/openai/v1/realtime";

auto percent_encoded(std::string_view text) -> std::string {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

struct Parts {
  std::string_view host;  // with its scheme and port
  std::string_view path, query;
};

auto parts_of(std::string_view url) -> Parts {
  url = url.substr(0, url.find('#'));
  const auto scheme = url.find("://");
  const auto host_end = url.find_first_of("/?", scheme == url.npos ? 0 : scheme + 3);
  const auto rest = host_end == url.npos ? std::string_view() : url.substr(host_end);
  const auto mark = rest.find('?');
  return {url.substr(0, host_end), rest.substr(0, mark),
          mark == rest.npos ? std::string_view() : rest.substr(mark + 1)};
}

// Exactly one of these says what the link is for.
auto has_purpose(std::string_view query) -> bool {
  for (std::size_t at = 0; at <= query.size();) {
    const auto end = std::min(query.find('&', at), query.size());
    const auto name = query.substr(at, end - at).substr(0, query.substr(at, end - at).find('='));
    if (name == "model" || name == "call_id" || name == "intent") return true;
    at = end + 1;
  }
  return false;
}

}  // namespace

auto handshake_of(Host host, std::string_view url, std::string_view model, std::string_view key) -> Handshake {
  const auto parts = parts_of(url.empty() ? ServiceUrl : url);
  const bool on_azure = host == Host::Azure || parts.host.substr(0, parts.host.rfind(':')).ends_with(".openai.azure.com") || parts.host.ends_with(".openai.azure.com");
  const auto path = parts.path.empty() || parts.path == "/" ? (on_azure ? AzurePath : ServicePath) : parts.path;
  auto query = std::string(parts.query);
  if (!model.empty() && !has_purpose(query))
    query += fmt::format("{}model={}", query.empty() ? "" : "&", percent_encoded(model));
  Handshake out{
      .url = fmt::format("{}{}{}{}", parts.host, path, query.empty() ? "" : "?", query), .headers = {}, .auth = {}};
  if (key.empty()) return out;
  if (on_azure)
    out.auth = {"api-key", std::string(key)};
  else
    out.auth = {"Authorization", fmt::format("Bearer {}", key)};
  return out;
}

}  // namespace flow::wire::openai
