#include "runtime/net/resolve.h"

#include <netdb.h>

#include <boost/asio/ip/address.hpp>
#include <cstring>
#include <memory>

namespace flow::net {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

}  // namespace

auto numeric(const std::string& host, std::uint16_t port) -> std::vector<tcp::endpoint> {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) return {};
  return {tcp::endpoint(address, port)};
}

auto resolve(const std::string& host, std::uint16_t port) -> Result<std::vector<tcp::endpoint>> {
  if (auto known = numeric(host, port); !known.empty()) return known;
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_ADDRCONFIG;
  addrinfo* first = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &first);
  if (error == EAI_AGAIN) {
    return failure("R0102", "the name service does not answer for `" + host + "`",
                   "is this machine connected to a network?");
  }
  if (error != 0) {
    return failure("R0102", "there is no host named `" + host + "`", "look at the address for a slip of the pen");
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(first, &freeaddrinfo);
  std::vector<tcp::endpoint> found;
  for (const auto* one = first; one != nullptr; one = one->ai_next) {
    tcp::endpoint endpoint;
    if (one->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
    endpoint.resize(one->ai_addrlen);
    found.push_back(endpoint);
  }
  return found;
}

}  // namespace flow::net
