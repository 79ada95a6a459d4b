#include <openssl/x509v3.h>

#include <boost/asio/ssl/stream.hpp>
#include <cstring>

#include "runtime/net/bytes.h"

namespace flow::net {

namespace {

using Stream = ssl::stream<tcp::socket>;

class TlsBytes final : public Bytes {
 public:
  explicit TlsBytes(std::shared_ptr<ssl::context> context, std::unique_ptr<Stream> stream)
      : context_(std::move(context)), stream_(std::move(stream)) {}

  void read_some(const FewToRead& buffers, Done done) override { stream_->async_read_some(buffers, std::move(done)); }

  // A frame's header and payload go out as one record and one packet, not as two.
  void write_some(const FewToWrite& buffers, Done done) override {
    if (buffers.size() < 2) return stream_->async_write_some(buffers, std::move(done));
    const auto size = asio::buffer_copy(asio::buffer(record_), buffers);
    stream_->async_write_some(asio::const_buffer(record_.data(), size), std::move(done));
  }

  void shut_down(Once<error_code> done) override { stream_->async_shutdown(std::move(done)); }

  auto is_idle() -> bool override {
    auto& socket = stream_->next_layer();
    return socket.is_open() && SSL_pending(stream_->native_handle()) == 0 && nothing_came(socket);
  }

  void close() override {
    error_code ignored;
    stream_->next_layer().close(ignored);
  }

 private:
  std::shared_ptr<ssl::context> context_;
  std::unique_ptr<Stream> stream_;
  std::array<char, 16'384> record_;  // the most that one TLS record holds
};

auto certificate_failure(const std::string& host, long verdict, const error_code& error) -> tl::unexpected<Error> {
  switch (verdict) {
    case X509_V_OK:
      return failure("R0104", "no encrypted connection to " + host + ": " + error.message(),
                     "is it wss:// (or https://) that is spoken there?");
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return failure("R0104", "the certificate of " + host + " is for another host",
                     "use the name that the certificate is for; if this name is right, somebody may be in between");
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return failure("R0104", "the certificate of " + host + " is not valid today",
                     "look at this machine's date; if it is right, the service must renew its certificate");
    default:
      return failure(
          "R0104", "the certificate of " + host + " is not trusted: " + X509_verify_cert_error_string(verdict),
          "if it is signed by an authority of your own, name its file with --ca-file; else install the package "
          "ca-certificates");
  }
}

class Start final : public TlsStart, public std::enable_shared_from_this<Start> {
 public:
  Start(tcp::socket socket, std::shared_ptr<ssl::context> context)
      : context_(std::move(context)), stream_(std::make_unique<Stream>(std::move(socket), *context_)) {}

  void client(const std::string& host, Once<Result<std::unique_ptr<Bytes>>> done) override {
    auto* handle = stream_->native_handle();
    auto* rules = SSL_get0_param(handle);
    if (X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) != 1) {
      X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size());
      SSL_set_tlsext_host_name(handle, host.c_str());
    }
    static constexpr unsigned char Http[] = "\x08http/1.1";
    SSL_set_alpn_protos(handle, Http, sizeof Http - 1);
    stream_->async_handshake(ssl::stream_base::client,
                             [self = shared_from_this(), host, done = std::move(done)](error_code error) mutable {
                               self->finish(host, error, std::move(done));
                             });
  }

  void server(Once<Result<std::unique_ptr<Bytes>>> done) override {
    stream_->async_handshake(ssl::stream_base::server,
                             [self = shared_from_this(), done = std::move(done)](error_code error) mutable {
                               self->finish("the other side", error, std::move(done));
                             });
  }

  void close() override {
    error_code ignored;
    if (stream_) stream_->next_layer().close(ignored);
  }

 private:
  void finish(const std::string& host, error_code error, Once<Result<std::unique_ptr<Bytes>>> done) {
    if (error) return done(certificate_failure(host, SSL_get_verify_result(stream_->native_handle()), error));
    done(std::make_unique<TlsBytes>(context_, std::move(stream_)));
  }

  std::shared_ptr<ssl::context> context_;
  std::unique_ptr<Stream> stream_;
};

auto no_file(const std::string& file, const error_code& error) -> tl::unexpected<Error> {
  return failure("R0104", "cannot use the certificate file `" + file + "`: " + error.message(),
                 "it must be readable and in PEM form");
}

auto new_context(ssl::context::method method) -> std::shared_ptr<ssl::context> {
  auto context = std::make_shared<ssl::context>(method);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  return context;
}

}  // namespace

auto client_context(const Tls& tls) -> Result<std::shared_ptr<ssl::context>> {
  auto context = new_context(ssl::context::tls_client);
  error_code error;
  context->set_verify_mode(ssl::verify_peer);
  context->set_default_verify_paths(error);  // without a store nothing is trusted, which is said at the handshake
  if (!tls.ca_file.empty()) {
    context->load_verify_file(tls.ca_file, error);
    if (error) return no_file(tls.ca_file, error);
  }
  return context;
}

auto server_context(const std::string& certificate_file, const std::string& key_file)
    -> Result<std::shared_ptr<ssl::context>> {
  auto context = new_context(ssl::context::tls_server);
  error_code error;
  context->use_certificate_chain_file(certificate_file, error);
  if (error) return no_file(certificate_file, error);
  context->use_private_key_file(key_file, ssl::context::pem, error);
  if (error) return no_file(key_file, error);
  return context;
}

auto tls_start(tcp::socket socket, std::shared_ptr<ssl::context> context) -> std::shared_ptr<TlsStart> {
  return std::make_shared<Start>(std::move(socket), std::move(context));
}

}  // namespace flow::net
