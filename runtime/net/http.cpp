#include "runtime/net/http.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include "runtime/net/dial.h"
#include "runtime/net/idle.h"
#include "runtime/net/loop_impl.h"

namespace flow::net {

namespace http = beast::http;

struct HttpCall::Impl : std::enable_shared_from_this<HttpCall::Impl> {
  using Done = std::function<void(Result<HttpResponse>)>;
  Impl(Loop& on, HttpRequest what, Done done)
      : loop(on), request(std::move(what)), on_done(std::move(done)), deadline(on), ends(on.now() + request.deadline) {}

  void start();
  void ask();
  void connect(Route route);
  void dialled(Result<std::unique_ptr<Bytes>> bytes);
  void send();
  void read();
  void read_pieces();
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
  std::string path, place;
  bool reused = false;  // the connection is one that an earlier request left
  bool enough = false;  // whoever hears the pieces wants no more
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

// The answer without its body.
auto head_of(const http::response<http::string_body>& received, const std::string& from) -> HttpResponse {
  HttpResponse response{.status = static_cast<int>(received.result_int()), .url = from};
  for (const auto& field : received) response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  return response;
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
  path = *proxy && !url.encrypted() ? "http://" + authority(url) + url.target : url.target;
  place = IdleConnections::key(route);
  reused = false;
  if (auto idle = request.keep ? IdleConnections::of(loop).take(place, loop.now()) : std::nullopt) {
    reused = true;
    stream.emplace(std::move(*idle));
    return send();
  }
  connect(std::move(route));
}

void HttpCall::Impl::connect(Route route) {
  dial = Dial::start(loop, std::move(route), request.deadline, [this](Result<std::unique_ptr<Bytes>> bytes) { dialled(std::move(bytes)); });
}

void HttpCall::Impl::dialled(Result<std::unique_ptr<Bytes>> bytes) {
  const auto keep = shared_from_this();
  dial.reset();
  if (!bytes) return finish(tl::make_unexpected(bytes.error()));
  stream.emplace(loop.impl().context.get_executor(), std::move(*bytes));
  send();
}

void HttpCall::Impl::send() {
  message = {};
  message.method_string(request.method);
  message.target(path);
  message.version(11);
  message.set(http::field::host, authority(url));
  message.set(http::field::user_agent, "flowc");
  message.set(http::field::accept, "*/*");
  for (const auto& header : request.headers) message.set(header.name, header.value);
  if (!request.keep) message.set(http::field::connection, "close");
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
  if (request.on_piece) {
    http::async_read_header(*stream, buffer, *parser, [self = shared_from_this()](error_code error, std::size_t) {
      if (!self->on_done) return;
      const auto succeeded = self->parser->is_header_done() && self->parser->get().result_int() / 100 == 2;
      if (error || !succeeded) {
        if (error) return self->answered(error);
        return http::async_read(*self->stream, self->buffer, *self->parser, [self](error_code failed, std::size_t) {
          if (self->on_done) self->answered(failed);
        });
      }
      self->read_pieces();
    });
    return;
  }
  http::async_read(*stream, buffer, *parser, [self = shared_from_this()](error_code error, std::size_t) {
    if (self->on_done) self->answered(error);
  });
}

// Hands on what has come, until there is no more or it is enough.
void HttpCall::Impl::read_pieces() {
  const auto keep = shared_from_this();
  const auto piece = std::exchange(parser->get().body(), {});
  if (!piece.empty() && !request.on_piece(head_of(parser->get(), request.url), piece)) enough = true;
  if (!on_done) return;
  if (enough || parser->is_done()) return answered({});
  http::async_read_some(*stream, buffer, *parser, [self = shared_from_this()](error_code error, std::size_t) {
    if (!self->on_done) return;
    if (error && error != http::error::need_buffer) return self->answered(error);
    self->read_pieces();
  });
}

void HttpCall::Impl::answered(error_code error) {
  if (error) {
    // What was left open may have been closed in the same moment as it was used; what may be said twice is.
    const auto& method = request.method;
    const auto may_repeat = method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
    if (reused && may_repeat && parser && !parser->got_some() && error != http::error::body_limit && error != http::error::header_limit) {
      stream.reset();
      return ask();
    }
    return finish(broken(authority(url), error));
  }
  const auto stays = request.keep && !enough && parser->keep_alive();
  auto received = parser->release();
  auto response = head_of(received, request.url);
  response.body = std::move(received.body());
  if (stays) {
    IdleConnections::of(loop).put(place, std::move(*stream), loop.now());
    stream.reset();
  }
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
  if (stream) stream->bytes().close();
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
