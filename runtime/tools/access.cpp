#include "runtime/tools/access.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/json/json.h"
#include "runtime/tools/request.h"

namespace flow::tools {
namespace {

constexpr net::Millis UnknownLife{60'000};   // of a token that does not say how long it is good
constexpr net::Millis EarlierAtMost{60'000}; // a token is renewed so long before its end, or a tenth of its life
constexpr net::Millis TokenDeadline{10'000};
constexpr std::size_t TokenBytesMax = 65'536;

struct Token {
  std::string access, refresh;
  net::Time good_until;
};

using TokenDone = std::function<void(Result<std::string>)>;

// The token of one service, and who waits for it.
struct Credential {
  Token token;
  std::shared_ptr<void> under_way;
  std::vector<std::pair<std::weak_ptr<void>, TokenDone>> waiting;
};

auto whole(const Value* value) -> std::int64_t {
  if (!value) return 0;
  if (const auto* number = std::get_if<std::int64_t>(&value->data)) return *number;
  if (const auto* text = value->text(); text && text->size() < 10 && !text->empty() && text->find_first_not_of("0123456789") == text->npos) return std::stoll(*text);
  return 0;
}

auto text_of(const Value& record, const char* name) -> std::string {
  const auto* value = record.field(name);
  return value && value->text() ? *value->text() : std::string{};
}

}  // namespace

struct Access::Impl : std::enable_shared_from_this<Access::Impl> {
  Impl(net::Loop& on, Fetch how, const Settings& with) : loop(on), fetch(std::move(how)), settings(with) {}

  net::Loop& loop;
  Fetch fetch;
  const Settings& settings;
  std::map<std::string, Credential> credentials;  // by the service's name

  // `who` is whoever waits: if it is gone, nobody does.
  void token(const ir::Service& service, const std::weak_ptr<void>& who, TokenDone done);
  void ask_for_token(const ir::Service& service);
  auto read_token(const ir::Service& service, const Result<net::HttpResponse>& answer) -> Result<Token>;
};

namespace {

// One request on its way in.
struct Sending : std::enable_shared_from_this<Sending> {
  std::shared_ptr<void> request;
  bool renewed = false;
};

}  // namespace

void Access::Impl::token(const ir::Service& service, const std::weak_ptr<void>& who, TokenDone done) {
  auto& credential = credentials[service.name];
  if (credential.token.refresh.empty()) credential.token.refresh = settings.secret(service.auth.refresh);
  if (!credential.token.access.empty() && loop.now() < credential.token.good_until) {
    return loop.post([who, done = std::move(done), access = credential.token.access] {
      if (!who.expired()) done(access);
    });
  }
  credential.waiting.emplace_back(who, std::move(done));
  if (!credential.under_way) ask_for_token(service);
}

void Access::Impl::ask_for_token(const ir::Service& service) {
  auto& credential = credentials[service.name];
  const auto& auth = service.auth;
  std::vector<std::pair<std::string, std::string>> form;
  if (credential.token.refresh.empty()) {
    form.emplace_back("grant_type", "client_credentials");
  } else {
    form.emplace_back("grant_type", "refresh_token");
    form.emplace_back("refresh_token", credential.token.refresh);
  }
  if (!auth.scopes.empty()) form.emplace_back("scope", fmt::format("{}", fmt::join(auth.scopes, " ")));
  const auto client = settings.text(auth.client), secret = settings.secret(auth.client_secret);
  net::HttpRequest request{.method = "POST", .url = settings.text(auth.token_url), .deadline = TokenDeadline, .body_max = TokenBytesMax};
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  if (secret.empty()) {
    form.emplace_back("client_id", client);
  } else {  // what every server of tokens must understand (RFC 6749, 2.3.1)
    request.headers.push_back({"Authorization", net::basic_authorization(escaped(client), escaped(secret))});
  }
  for (const auto& [name, value] : form) request.body += (request.body.empty() ? "" : "&") + name + "=" + escaped(value);
  credential.under_way = fetch(loop, std::move(request), [this, service = &service](const Result<net::HttpResponse>& answer) {
    auto& mine = credentials[service->name];
    auto token = read_token(*service, answer);
    if (token) mine.token = *token;
    mine.under_way.reset();
    for (const auto& [who, done] : std::exchange(mine.waiting, {})) {
      if (who.expired()) continue;
      token ? done(token->access) : done(tl::unexpected(token.error()));
    }
  });
}

auto Access::Impl::read_token(const ir::Service& service, const Result<net::HttpResponse>& answer) -> Result<Token> {
  if (!answer) return tl::unexpected(answer.error());
  const auto from = fmt::format("who gives tokens for `{}`", service.name);
  const auto parsed = json::parse(answer->body, {.bytes = TokenBytesMax, .depth = 16});
  if (answer->status / 100 != 2) {
    const auto code = parsed ? text_of(*parsed, "error") : std::string{};
    if (code == "invalid_grant") {
      credentials[service.name].token.refresh.clear();
      return failure("R0214", from + " does not take the refresh token any more", "somebody must allow it again, and the new token goes into " + service.auth.refresh);
    }
    // Only what the standard names: the rest of an answer may hold anything.
    return failure(answer->status >= 500 || answer->status == 429 ? "R0208" : "R0214", fmt::format("{} answered {}{}", from, answer->status, code.empty() ? "" : ": " + code),
                   "are the client's name, its secret and its scopes right?");
  }
  Token token;
  if (parsed) token.access = text_of(*parsed, "access_token");
  auto type = parsed ? text_of(*parsed, "token_type") : std::string{};
  std::ranges::transform(type, type.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (token.access.empty() || type != "bearer") return failure("R0214", from + " gave no bearer token");
  token.refresh = text_of(*parsed, "refresh_token");  // a new one replaces the old one
  if (token.refresh.empty()) token.refresh = credentials[service.name].token.refresh;
  const auto seconds = whole(parsed->field("expires_in"));
  const net::Millis life = seconds > 0 ? net::Millis{std::min<std::int64_t>(seconds, 365 * 86'400) * 1000} : UnknownLife;
  token.good_until = loop.now() + life - std::min(EarlierAtMost, life / 10);
  return token;
}

Access::Access(net::Loop& loop, Fetch fetch, const Settings& settings) : impl_(std::make_shared<Impl>(loop, std::move(fetch), settings)) {}

Access::~Access() = default;

auto Access::send(const ir::Service& service, net::HttpRequest request, Answered done) -> std::shared_ptr<void> {
  using Kind = ir::Auth::Kind;
  const auto& auth = service.auth;
  if (auth.kind == Kind::Bearer) request.headers.push_back({"Authorization", "Bearer " + impl_->settings.secret(auth.secret)});
  if (auth.kind == Kind::Header) {
    request.headers.push_back({auth.header, impl_->settings.secret(auth.secret)});
    request.redirects_max = 0;  // whoever is redirected to must not get the key
  }
  if (auth.kind != Kind::OAuth) return impl_->fetch(impl_->loop, std::move(request), std::move(done));

  const auto sending = std::make_shared<Sending>();
  struct Steps {
    // With a token; on 401 once more with a new one.
    static void with_token(const std::shared_ptr<Impl>& self, const ir::Service& to, const std::weak_ptr<Sending>& who, net::HttpRequest what, Answered answered) {
      self->token(to, who, [self = std::weak_ptr(self), &to, who, what = std::move(what), answered = std::move(answered)](const Result<std::string>& token) {
        const auto access = self.lock();
        const auto mine = who.lock();
        if (!access || !mine) return;
        if (!token) return answered(tl::unexpected(token.error()));
        auto with = what;
        with.headers.push_back({"Authorization", "Bearer " + *token});
        mine->request = access->fetch(access->loop, std::move(with), [self, &to, who, what, answered, used = *token](Result<net::HttpResponse> answer) {
          const auto again = self.lock();
          const auto still = who.lock();
          if (!again || !still) return;
          if (!answer || answer->status != 401 || std::exchange(still->renewed, true)) return answered(std::move(answer));
          auto& held = again->credentials[to.name].token;
          if (held.access == used) held.access.clear();  // else somebody has got a new one meanwhile
          with_token(again, to, who, what, answered);
        });
      });
    }
  };
  Steps::with_token(impl_, service, sending, std::move(request), std::move(done));
  return sending;
}

}  // namespace flow::tools
