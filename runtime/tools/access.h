#pragma once
// Lets requests into services: adds the key that a service asks for, gets tokens, and renews them.
//
// Tokens are got before they are needed and again when a service says 401, once for all who wait. They are in memory
// and in headers, and nowhere else. One thread: the loop's.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/tools/fetch.h"
#include "runtime/tools/settings.h"

namespace flow::tools {

class Access {
 public:
  using Answered = std::function<void(Result<net::HttpResponse>)>;

  // `settings` outlives this. `fetch` gets every request, those for tokens too.
  Access(net::Loop& loop, Fetch fetch, const Settings& settings);
  ~Access();
  Access(const Access&) = delete;
  auto operator=(const Access&) -> Access& = delete;

  // As Fetch. R0214 if no token can be had. A 401 that a new token does not help is an answer like any other.
  auto send(const ir::Service& service, net::HttpRequest request, Answered done) -> std::shared_ptr<void>;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace flow::tools
