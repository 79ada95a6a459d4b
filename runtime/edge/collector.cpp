#include "runtime/edge/collector.h"

#include <fmt/format.h>

#include "runtime/json/json.h"
#include "runtime/net/http.h"

namespace flow::edge {
namespace {

constexpr auto Hint = "the call is not touched by it; is the collector there, and does it take OTLP over HTTP?";

auto not_sent(const std::string& why) -> tl::unexpected<Error> { return failure("R0407", "the trace of the call was not taken: " + why, Hint); }

// A collector that takes a part says how much it left.
auto answered(const Result<net::HttpResponse>& response) -> Result<void> {
  if (!response) return not_sent(response.error().text);
  if (response->status < 200 || response->status > 299) return not_sent(fmt::format("the collector answered with status {}", response->status));
  const auto body = json::parse(response->body);
  const auto* partial = body ? body->field("partialSuccess") : nullptr;
  const auto* rejected = partial ? partial->field("rejectedSpans") : nullptr;
  const auto count = rejected ? to_spoken(*rejected) : std::string{};
  if (!count.empty() && count != "0") return not_sent(fmt::format("the collector rejected {} spans of it", count));
  return {};
}

}  // namespace

auto send_trace(net::Loop& loop, const Collector& to, std::string otlp, std::function<void(Result<void>)> done) -> std::shared_ptr<void> {
  auto url = to.url;
  while (url.ends_with('/')) url.pop_back();
  net::HttpRequest request{.method = "POST", .url = url + "/v1/traces", .headers = {{"Content-Type", "application/json"}}, .body = std::move(otlp), .deadline = to.deadline};
  request.body_max = std::size_t{64} << 10;
  request.proxies = to.proxies;
  return net::HttpCall::start(loop, std::move(request), [done = std::move(done)](const Result<net::HttpResponse>& response) { done(answered(response)); });
}

}  // namespace flow::edge
