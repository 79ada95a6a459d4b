#pragma once
// The two kinds of byte streams, and the certificates that the encrypted one needs. For this folder only.

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "compiler/base/result.h"
#include "runtime/net/any_stream.h"
#include "runtime/net/endpoint.h"

namespace flow::net {

using tcp = asio::ip::tcp;
namespace ssl = asio::ssl;

// Whether nothing has come on a connected socket, not even its end.
auto nothing_came(tcp::socket& socket) -> bool;

auto plain_bytes(tcp::socket socket) -> std::unique_ptr<Bytes>;

// Contexts are costly to make (certificates are read) and shared by connections. R0104 if a file cannot be read.
auto client_context(const Tls& tls) -> Result<std::shared_ptr<ssl::context>>;
auto server_context(const std::string& certificate_file, const std::string& key_file)
    -> Result<std::shared_ptr<ssl::context>>;

// An encrypted stream that has still to shake hands.
class TlsStart {
 public:
  virtual ~TlsStart() = default;
  // Gives the stream, or R0104 with what was wrong with the certificate.
  virtual void client(const std::string& host, Once<Result<std::unique_ptr<Bytes>>> done) = 0;
  virtual void server(Once<Result<std::unique_ptr<Bytes>>> done) = 0;
  virtual void close() = 0;
};
auto tls_start(tcp::socket socket, std::shared_ptr<ssl::context> context) -> std::shared_ptr<TlsStart>;

}  // namespace flow::net
