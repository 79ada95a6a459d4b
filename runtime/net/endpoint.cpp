#include "runtime/net/endpoint.h"

#include <openssl/evp.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <cstdlib>

namespace flow::net {

namespace {

auto base64(const std::string& text) -> std::string {
  std::string result((text.size() + 2) / 3 * 4 + 1, '\0');  // one more for the zero that is written
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  result.resize(static_cast<std::size_t>(size));
  return result;
}

auto lower(std::string_view text) -> std::string {
  std::string result(text);
  for (auto& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

auto default_port(std::string_view scheme) -> std::uint16_t { return scheme == "wss" || scheme == "https" ? 443 : 80; }

auto trimmed(std::string_view text) -> std::string_view {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// As much of an address as may be shown: queries and user names may hold secrets.
auto shown(std::string_view text) -> std::string {
  const auto end = std::min(text.find('?'), text.size());
  const auto at = text.substr(0, end).rfind('@');
  return at == std::string_view::npos ? std::string(text.substr(0, end))
                                      : "..." + std::string(text.substr(at, end - at));
}

auto is_this_machine(std::string_view host) -> bool {
  const auto name = lower(host);
  const bool is_number = name.find_first_not_of("0123456789.") == std::string::npos;
  return name == "localhost" || name.ends_with(".localhost") || (is_number && name.starts_with("127.")) ||
         name == "::1";
}

// One entry of NO_PROXY: `*`, a host, a domain with or without its dot, either with a port.
auto excepts(std::string_view entry, const Url& url) -> bool {
  if (entry.empty()) return false;
  if (entry == "*") return true;
  const auto colon = entry.rfind(':');
  if (colon != std::string_view::npos && entry.find(':') == colon) {
    if (entry.substr(colon + 1) != std::to_string(url.port)) return false;
    entry = entry.substr(0, colon);
  }
  if (entry.starts_with("*")) entry.remove_prefix(1);
  if (entry.starts_with(".")) entry.remove_prefix(1);
  const auto name = lower(entry), host = lower(url.host);
  return host == name || (host.ends_with(name) && host[host.size() - name.size() - 1] == '.');
}

}  // namespace

auto find(const Headers& headers, std::string_view name) -> std::optional<std::string_view> {
  const auto wanted = lower(name);
  for (const auto& header : headers) {
    if (lower(header.name) == wanted) return header.value;
  }
  return std::nullopt;
}

auto basic_authorization(const std::string& user, const std::string& password) -> std::string { return "Basic " + base64(user + ":" + password); }

auto check(const Headers& headers) -> Result<void> {
  const auto in_token = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  for (const auto& header : headers) {
    if (header.name.empty() || !std::all_of(header.name.begin(), header.name.end(), in_token)) {
      return failure("R0107", "`" + header.name + "` is no name for an HTTP header");
    }
    if (header.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      return failure("R0107", "the HTTP header `" + header.name + "` holds a line break");
    }
  }
  return {};
}

auto parse_url(std::string_view text) -> Result<Url> {
  const auto wrong = [&](const char* why) {
    return failure("R0107", "`" + shown(text) + "` is not an address to connect to: " + why,
                   "write it as wss://host/path, or ws://host:port/path for a server of your own");
  };
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return wrong("it cannot be read");
  Url url;
  url.scheme = lower(parsed->scheme());
  if (url.scheme != "ws" && url.scheme != "wss" && url.scheme != "http" && url.scheme != "https") {
    return wrong("it does not begin with ws, wss, http or https");
  }
  url.host = parsed->host_address();
  if (url.host.empty()) return wrong("it names no host");
  const auto port = std::string(parsed->port());
  const int number = port.size() > 5 ? 0 : port.empty() ? default_port(url.scheme) : std::stoi(port);  // digits only
  if (number < 1 || number > 65'535) return wrong("its port is none");
  url.port = static_cast<std::uint16_t>(number);
  url.target = std::string(parsed->encoded_path());
  if (url.target.empty()) url.target = "/";
  if (parsed->has_query()) url.target += "?" + std::string(parsed->encoded_query());
  url.user = parsed->user();
  url.password = parsed->password();
  return url;
}

auto authority(const Url& url) -> std::string {
  auto text = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  if (url.port != default_port(url.scheme)) text += ":" + std::to_string(url.port);
  return text;
}

auto Proxies::from_environment() -> Proxies {
  return from([](const char* name) -> const char* { return std::getenv(name); });
}

auto Proxies::from(const std::function<const char*(const char*)>& lookup) -> Proxies {
  const auto first = [&](std::initializer_list<const char*> names) -> std::string {
    for (const auto* name : names) {
      const auto* value = lookup(name);
      if (value != nullptr && *value != '\0') return value;
    }
    return {};
  };
  // HTTP_PROXY in capitals is not read: a web server sets it from a request's header.
  return {.http = first({"http_proxy", "all_proxy", "ALL_PROXY"}),
          .https = first({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
          .except = first({"no_proxy", "NO_PROXY"})};
}

auto Proxies::choose(const Url& url) const -> Result<std::optional<Url>> {
  if (is_this_machine(url.host)) return std::nullopt;
  const auto& name = url.encrypted() ? https : http;
  if (name.empty()) return std::nullopt;
  for (std::string_view rest = except; !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    if (excepts(trimmed(rest.substr(0, comma)), url)) return std::nullopt;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  const auto proxy = parse_url(name.find("://") == std::string::npos ? "http://" + name : name);
  if (!proxy || proxy->scheme != "http") {
    // The address may hold a password and is not repeated.
    return failure("R0107", "the proxy that the environment names is not an http:// address",
                   "set HTTPS_PROXY to http://host:port, or NO_PROXY to go without");
  }
  return *proxy;
}

}  // namespace flow::net
