#include "runtime/net/idle.h"

#include <algorithm>

#include "runtime/net/loop_impl.h"

namespace flow::net {

auto IdleConnections::of(Loop& loop) -> IdleConnections& {
  auto& idle = loop.impl().idle;
  if (!idle) idle = std::make_shared<IdleConnections>();
  return *idle;
}

auto IdleConnections::key(const Route& route) -> std::string {
  return route.to.scheme + "://" + authority(route.to) + " " + (route.via ? authority(*route.via) : "") + " " + route.tls.ca_file;
}

auto IdleConnections::take(const std::string& key, Time now) -> std::optional<AnyStream> {
  close_old(now);
  for (auto it = all_.rbegin(); it != all_.rend();) {  // the youngest is the most likely to be there
    if (it->key != key) {
      ++it;
      continue;
    }
    auto stream = std::move(it->stream);
    it = std::make_reverse_iterator(all_.erase(std::next(it).base()));
    if (stream.bytes().is_idle()) return stream;
    stream.bytes().close();
  }
  return std::nullopt;
}

void IdleConnections::put(std::string key, AnyStream stream, Time now) {
  close_old(now);
  if (all_.size() == Max) {
    all_.front().stream.bytes().close();
    all_.erase(all_.begin());
  }
  all_.push_back({std::move(key), std::move(stream), now + KeptFor});
}

void IdleConnections::close_old(Time now) {
  std::erase_if(all_, [&](Idle& idle) {
    if (idle.until > now) return false;
    idle.stream.bytes().close();
    return true;
  });
}

}  // namespace flow::net
