#include "runtime/tools/fetch.h"

namespace flow::tools {

auto over_network(net::Proxies proxies) -> Fetch {
  return [proxies = std::move(proxies)](net::Loop& loop, net::HttpRequest request, auto done) -> std::shared_ptr<void> {
    request.proxies = proxies;
    request.keep = true;
    return net::HttpCall::start(loop, std::move(request), std::move(done));
  };
}

}  // namespace flow::tools
