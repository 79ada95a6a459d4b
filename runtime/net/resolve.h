#pragma once
// Names to addresses. For this folder only.

#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <vector>

#include "compiler/base/result.h"

namespace flow::net {

// Blocks until the name service has answered; at once for numeric addresses. R0102 if there is no such name.
auto resolve(const std::string& host, std::uint16_t port) -> Result<std::vector<boost::asio::ip::tcp::endpoint>>;

// The same for what needs no asking: numeric addresses.
auto numeric(const std::string& host, std::uint16_t port) -> std::vector<boost::asio::ip::tcp::endpoint>;

}  // namespace flow::net
