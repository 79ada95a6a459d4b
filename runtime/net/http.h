#pragma once
// HTTP and HTTPS requests: one request, one whole response, within a deadline and a size.

#include <functional>
#include <memory>
#include <string>

#include "runtime/net/endpoint.h"
#include "runtime/net/loop.h"

namespace flow::net {

// Every status is a response; only the absence of one is an error.
struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
  std::string url;  // where it came from, after redirects
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;       // http:// or https://
  Headers headers = {};  // Host, Content-Length and User-Agent are added unless given
  std::string body = {};
  Millis deadline{30'000};         // for everything, redirects included
  std::size_t body_max = 4 << 20;  // of the response
  int redirects_max = 5;  // followed for GET and HEAD only, never from https to http; headers that carry secrets
                          // (Authorization, Cookie) are left behind when the host changes
  Tls tls = {};
  Proxies proxies = {};
  // The connection may be one that an earlier request has left open, and is left open for a later one.
  bool keep = false;
  // If given: what comes of the body of an answer with 2xx, piece by piece; the response's own body stays empty. False:
  // it is enough, and the response is complete.
  std::function<bool(const HttpResponse& head, std::string_view piece)> on_piece = {};
};

// Errors: R0101, R0102, R0104, R0106, R0107, R0108, R0111, R0112 as in ws.h; R0115 the answer is larger than
// `body_max`, R0116 more than `redirects_max` redirects, or one that must not be followed.
class HttpCall {
 public:
  // `on_done` is called once, on the loop's thread, never inside this call.
  static auto start(Loop& loop, HttpRequest request, std::function<void(Result<HttpResponse>)> on_done)
      -> std::unique_ptr<HttpCall>;
  ~HttpCall();  // gives the request up; on_done is not called any more

  struct Impl;
  explicit HttpCall(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace flow::net
