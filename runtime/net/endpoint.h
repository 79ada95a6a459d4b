#pragma once
// Where a connection goes and how: addresses, headers, certificates, proxies.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"

namespace flow::net {

struct Header {
  std::string name, value;
  auto operator==(const Header&) const -> bool = default;
};
using Headers = std::vector<Header>;
// The value of the first header of that name, upper and lower case alike.
auto find(const Headers& headers, std::string_view name) -> std::optional<std::string_view>;

// R0107 if a name is no token or a value holds a line break: nothing may smuggle a header in.
auto check(const Headers& headers) -> Result<void>;

// The value of an `Authorization` header: `Basic …`.
auto basic_authorization(const std::string& user, const std::string& password) -> std::string;

struct Url {
  std::string scheme;          // lower case
  std::string host;            // without the brackets of an IPv6 address
  std::uint16_t port = 0;      // the scheme's own if none was given
  std::string target = "/";    // path and query
  std::string user, password;  // decoded; mostly empty
  auto encrypted() const -> bool { return scheme == "wss" || scheme == "https"; }
  auto operator==(const Url&) const -> bool = default;
};
// ws, wss, http and https only. R0107 for everything else.
auto parse_url(std::string_view text) -> Result<Url>;
// `host:port`, with brackets around IPv6, without the port if it is the scheme's own.
auto authority(const Url& url) -> std::string;

// Certificates are always verified, with the host's name, against the system's store.
struct Tls {
  std::string ca_file;  // PEM, trusted beside the system's store; empty: none
  auto operator==(const Tls&) const -> bool = default;
};

// HTTP proxies as the environment names them; empty: none.
struct Proxies {
  std::string http;    // for ws and http
  std::string https;   // for wss and https
  std::string except;  // comma-separated: `host`, `.domain`, `host:port`, `*`

  // HTTP_PROXY (lower case only), HTTPS_PROXY, ALL_PROXY and NO_PROXY; lower case names win.
  static auto from_environment() -> Proxies;
  static auto from(const std::function<const char*(const char*)>& lookup) -> Proxies;
  // The proxy for `url`, or none; never one for this machine itself. R0107 if what is configured is no http:// address.
  auto choose(const Url& url) const -> Result<std::optional<Url>>;
};

}  // namespace flow::net
