#include "runtime/net/http.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include "runtime/net/dial.h"
#include "runtime/net/loop_impl.h"

namespace flow::net {

namespace http = beast::http;

struct HttpCall::Impl : std::enable_shared_from_this<HttpCall::Impl> {
  using Done = std::function<void(Result<HttpResponse>)>;
  Impl(Loop& on, HttpRequest what, Done done)
      : loop(on), request(std::move(what)), on_done(std::move(done)), deadline(on), ends(on.now() + request.deadline) {}

  void start();
  void ask();
  void dialled(Result<std::unique_ptr<Bytes>> bytes, const std::string& target);
  void read();
  void answered(error_code error);
  auto redirect(const HttpResponse& response) -> Result<bool>;
  void finish(Result<HttpResponse> result);
  void abandon();

  Loop& loop;
  HttpRequest request;
  Done on_done;
  Timer deadline;
  Time ends;
  Url url;
  std::shared_ptr<Dial> dial;
  std::optional<AnyStream> stream;
  beast::flat_buffer buffer;
  http::request<http::string_body> message;
  std::optional<http::response_parser<http::string_body>> parser;
  int redirects = 0;
};

namespace {

auto broken(const std::string& where, const error_code& error) -> tl::unexpected<Error> {
  if (error == http::error::body_limit || error == http::error::header_limit) {
    return failure("R0115", "the answer of " + where + " is too large", "ask for less, or raise the limit");
  }
  if (error.category() == error_code(http::error::bad_version).category() && error != http::error::end_of_stream &&
      error != http::error::partial_message) {
    return failure("R0111", where + " did not answer in HTTP: " + error.message(),
                   "is it an HTTP service, and http:// or https:// right?");
  }
  return failure("R0108", "the connection to " + where + " was lost before the answer was complete",
                 "try again; is the network steady?");
}

auto is_token(const std::string& text) -> bool { return check({{text, ""}}).has_value(); }

}  // namespace

void HttpCall::Impl::start() {
  deadline.set(ends, [this] {
    finish(failure("R0106",
                   (url.host.empty() ? request.url : authority(url)) + " did not answer within " +
                       std::to_string(request.deadline.count()) + " ms",
                   "raise the deadline, or ask for less"));
  });
  loop.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->ask();
  });
}

void HttpCall::Impl::ask() {
  if (!on_done) return;
  auto parsed = parse_url(request.url);
  if (!parsed) return finish(tl::make_unexpected(parsed.error()));
  if (parsed->scheme.starts_with("ws"))
    return finish(
        failure("R0107", "`" + parsed->scheme + "://` is not an address for HTTP", "write http:// or https://"));
  if (!is_token(request.method)) return finish(failure("R0107", "`" + request.method + "` is no HTTP method"));
  if (auto fit = check(request.headers); !fit) return finish(tl::make_unexpected(fit.error()));
  auto proxy = request.proxies.choose(*parsed);
  if (!proxy) return finish(tl::make_unexpected(proxy.error()));
  url = *parsed;
  Route route{.to = url, .via = *proxy, .tunnel = url.encrypted(), .tls = request.tls};
  const auto target = *proxy && !url.encrypted() ? "http://" + authority(url) + url.target : url.target;
  dial = Dial::start(loop, std::move(route), request.deadline,
                     [this, target](Result<std::unique_ptr<Bytes>> bytes) { dialled(std::move(bytes), target); });
}

void HttpCall::Impl::dialled(Result<std::unique_ptr<Bytes>> bytes, const std::string& target) {
  const auto keep = shared_from_this();
  dial.reset();
  if (!bytes) return finish(tl::make_unexpected(bytes.error()));
  stream.emplace(loop.impl().context.get_executor(), std::move(*bytes));
  message = {};
  message.method_string(request.method);
  message.target(target);
  message.version(11);
  message.set(http::field::host, authority(url));
  message.set(http::field::user_agent, "flowc");
  message.set(http::field::accept, "*/*");
  for (const auto& header : request.headers) message.set(header.name, header.value);
  message.set(http::field::connection, "close");
  message.body() = request.body;
  message.prepare_payload();
  http::async_write(*stream, message, [self = shared_from_this()](error_code error, std::size_t) {
    if (!self->on_done) return;
    // A service may answer and hang up before it has read everything; what it said is worth reading.
    if (error && error != asio::error::broken_pipe && error != asio::error::connection_reset)
      return self->answered(error);
    self->read();
  });
}

void HttpCall::Impl::read() {
  buffer.clear();
  parser.emplace();
  parser->body_limit(request.body_max);
  parser->skip(request.method == "HEAD");
  http::async_read(*stream, buffer, *parser, [self = shared_from_this()](error_code error, std::size_t) {
    if (self->on_done) self->answered(error);
  });
}

void HttpCall::Impl::answered(error_code error) {
  if (error) return finish(broken(authority(url), error));
  auto received = parser->release();
  HttpResponse response{
      .status = static_cast<int>(received.result_int()), .body = std::move(received.body()), .url = request.url};
  for (const auto& field : received)
    response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  const auto again = redirect(response);
  if (!again) return finish(tl::make_unexpected(again.error()));
  if (*again) return ask();
  finish(std::move(response));
}

// True: `request` was changed and is to be asked again.
auto HttpCall::Impl::redirect(const HttpResponse& response) -> Result<bool> {
  const bool moved = response.status == 301 || response.status == 302 || response.status == 303 ||
                     response.status == 307 || response.status == 308;
  const auto location = find(response.headers, "Location");
  if (!moved || !location || (request.method != "GET" && request.method != "HEAD")) return false;
  if (redirects++ == request.redirects_max) {
    return failure("R0116", authority(url) + " redirects more than " + std::to_string(request.redirects_max) + " times",
                   "name the final address");
  }
  const auto from = boost::urls::parse_uri(request.url);
  const auto to = boost::urls::parse_uri_reference(*location);
  boost::urls::url next;
  if (!from || !to || !boost::urls::resolve(*from, *to, next))
    return failure("R0116", authority(url) + " redirects to what is no address", "name the final address");
  const auto target = parse_url(next.buffer());
  if (!target || (url.encrypted() && !target->encrypted())) {
    return failure("R0116", authority(url) + " redirects to an address that is not encrypted, or is none",
                   "name the final address, with https://");
  }
  if (target->host != url.host || target->port != url.port) {
    std::erase_if(request.headers, [](const Header& header) {
      const Headers one{header};
      return find(one, "Authorization") || find(one, "Cookie") || find(one, "Proxy-Authorization");
    });
  }
  request.url = next.buffer();
  stream->bytes().close();
  stream.reset();
  return true;
}

void HttpCall::Impl::finish(Result<HttpResponse> result) {
  const auto keep = shared_from_this();
  const auto done = std::exchange(on_done, nullptr);
  abandon();
  if (done) done(std::move(result));
}

void HttpCall::Impl::abandon() {
  on_done = nullptr;
  deadline.drop();
  if (dial) dial->abandon();
  dial.reset();
  if (stream) stream->bytes().close();
}

auto HttpCall::start(Loop& loop, HttpRequest request, std::function<void(Result<HttpResponse>)> on_done)
    -> std::unique_ptr<HttpCall> {
  auto impl = std::make_shared<Impl>(loop, std::move(request), std::move(on_done));
  impl->start();
  return std::make_unique<HttpCall>(std::move(impl));
}

HttpCall::HttpCall(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpCall::~HttpCall() { impl_->abandon(); }

}  // namespace flow::net
