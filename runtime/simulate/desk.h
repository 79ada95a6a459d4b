#pragma once
// What the parts of one connection's service share: the present moment, where events go, and what they all look at.

#include <utility>
#include <vector>

#include "runtime/simulate/conversation.h"
#include "runtime/simulate/dice.h"
#include "runtime/simulate/options.h"
#include "runtime/simulate/settings.h"
#include "runtime/simulate/voice.h"
#include "runtime/wire/openai/server_event.h"

namespace flow::simulate {

using Events = std::vector<wire::openai::server::Event>;

// The tokens of the last minute, as `rate_limits.updated` reports them: a bucket that fills by itself.
class TokenBucket {
 public:
  explicit TokenBucket(std::int64_t a_minute) : limit_(a_minute), left_(static_cast<double>(a_minute)) {}

  void spend(std::int64_t tokens, Millis now) {
    fill(now);
    left_ -= static_cast<double>(tokens);
  }
  auto empty(Millis now) -> bool {
    fill(now);
    return left_ <= 0;
  }
  auto limit() const -> std::int64_t { return limit_; }
  auto left() const -> std::int64_t { return left_ < 0 ? 0 : static_cast<std::int64_t>(left_); }
  auto full_in_s() const -> double { return (static_cast<double>(limit_) - left_) / (static_cast<double>(limit_) / 60.0); }

 private:
  void fill(Millis now) {
    left_ += static_cast<double>((now - filled_at_).count()) * static_cast<double>(limit_) / 60'000.0;
    if (left_ > static_cast<double>(limit_)) left_ = static_cast<double>(limit_);
    filled_at_ = now;
  }
  std::int64_t limit_;
  double left_;
  Millis filled_at_{0};
};

struct Desk {
  Desk(Options chosen, Voice& engine, Settings session)
      : options(std::move(chosen)), voice(engine), dice(options.seed), settings(std::move(session)), budget(options.tokens_a_minute) {}

  void emit(wire::openai::server::What what) { out->push_back({dice.id("event_"), std::move(what)}); }

  const Options options;
  Voice& voice;
  Dice dice;
  Settings settings;
  Conversation conversation;
  std::string conversation_id;
  TokenBucket budget;
  bool spoke = false;  // audio of the agent was emitted
  Millis now{0};
  Events* out = nullptr;
};

inline auto or_null(std::optional<std::string> text) -> wire::openai::Sparse<std::string> {
  if (text) return std::move(*text);
  return wire::openai::Null{};
}

}  // namespace flow::simulate
