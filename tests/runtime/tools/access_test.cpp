#include "runtime/tools/access.h"

#include "tests/runtime/tools/outside.h"

namespace flow::tools {
namespace {

// A service behind OAuth: whoever asks for tokens and whoever asks the service are told apart by their address.
struct Gate : OutsideWorld {
  net::ManualClock clock;
  net::Loop own{clock};
  std::optional<Settings> known;
  std::unique_ptr<Access> access;
  std::vector<Result<net::HttpResponse>> heard;
  std::vector<std::shared_ptr<void>> sent;

  explicit Gate(std::string refresh = "") {
    environment = {{"CLIENT_SECRET", "s e/cret"}, {"REFRESH", "rt1"}};
    ir::Auth auth{.kind = ir::Auth::Kind::OAuth, .provider = "shop", .token_url = {ir::Setting::From::Text, "https://id.example.com/token"},
                  .client = {ir::Setting::From::Text, "flowc app"}, .client_secret = "CLIENT_SECRET", .refresh = std::move(refresh), .scopes = {"orders.read", "orders.write"}};
    const auto shop = service(ir::Service::Kind::Http, "https://api.example.com", auth);
    program.tools.add({.name = "t", .body = ir::Tool::Body::Http, .work = ir::Work{.service = shop}});
    known = settings();
    access = std::make_unique<Access>(own, fetch, *known);
  }
  ~Gate() { access.reset(); }

  void send() {
    sent.push_back(access->send(program.services[Id<ir::Service>{0}], {.url = "https://api.example.com/orders"}, [this](Result<net::HttpResponse> answer) { heard.push_back(std::move(answer)); }));
    settle();
  }
  void settle() {
    bool through = false;
    own.post([&] { through = true; });
    REQUIRE(own.run_until([&] { return through; }, 5s));
  }
  void answer(std::size_t which, int status, std::string body) {
    answers.at(which)(net::HttpResponse{.status = status, .body = std::move(body)});
    settle();
  }
  auto key(std::size_t which) const -> std::string { return std::string(net::find(asked.at(which).headers, "Authorization").value_or("")); }
};

constexpr auto First = R"({"access_token":"at1","token_type":"Bearer","expires_in":3600})";
constexpr auto Second = R"({"access_token":"at2","token_type":"bearer","expires_in":"3600","refresh_token":"rt2"})";

}  // namespace

TEST_CASE("a client that speaks for itself gets a token before it asks, and uses it again") {
  Gate at;
  at.send();
  REQUIRE(at.asked.size() == 1);
  CHECK(at.asked[0].url == "https://id.example.com/token");
  CHECK(at.asked[0].body == "grant_type=client_credentials&scope=orders.read%20orders.write");
  CHECK(at.key(0) == net::basic_authorization("flowc%20app", "s%20e%2Fcret"));
  at.answer(0, 200, First);
  REQUIRE(at.asked.size() == 2);
  CHECK(at.key(1) == "Bearer at1");
  at.answer(1, 200, "[]");
  REQUIRE(at.heard.size() == 1);
  CHECK(at.heard[0]->body == "[]");
  at.send();
  REQUIRE(at.asked.size() == 3);
  CHECK(at.key(2) == "Bearer at1");
}

TEST_CASE("a token is renewed before its time is over") {
  Gate at;
  at.send();
  at.answer(0, 200, First);
  at.clock.advance(3600s - 61s);
  at.send();
  CHECK(at.key(2) == "Bearer at1");
  at.clock.advance(2s);
  at.send();
  CHECK(at.asked.at(3).url == "https://id.example.com/token");
}

TEST_CASE("all who wait for a token wait for the same one") {
  Gate at;
  at.send();
  at.send();
  at.send();
  CHECK(at.asked.size() == 1);
  at.answer(0, 200, First);
  CHECK(at.asked.size() == 4);
}

TEST_CASE("a token that the service does not take is renewed once, and the request repeated once") {
  Gate at{"REFRESH"};
  at.send();
  CHECK(at.asked[0].body.starts_with("grant_type=refresh_token&refresh_token=rt1&"));
  at.answer(0, 200, First);
  at.answer(1, 401, "");
  REQUIRE(at.asked.size() == 3);
  CHECK(at.asked[2].body.starts_with("grant_type=refresh_token&refresh_token=rt1&"));
  at.answer(2, 200, Second);
  REQUIRE(at.asked.size() == 4);
  CHECK(at.key(3) == "Bearer at2");
  SECTION("and what comes then is the answer") {
    at.answer(3, 200, "[]");
    CHECK(at.heard.at(0)->status == 200);
  }
  SECTION("even if it is no again") {
    at.answer(3, 401, "");
    CHECK(at.heard.at(0)->status == 401);
    CHECK(at.asked.size() == 4);
  }
  SECTION("and a new refresh token has replaced the old one") {
    at.answer(3, 200, "[]");
    at.clock.advance(2h);
    at.send();
    CHECK(at.asked.at(4).body.starts_with("grant_type=refresh_token&refresh_token=rt2&"));
  }
}

TEST_CASE("a token that cannot be had is told by the standard's word alone") {
  Gate at;
  at.send();
  at.answer(0, 400, R"({"error":"invalid_scope","error_description":"client flowc app with s e/cret may not"})");
  REQUIRE(at.heard.size() == 1);
  CHECK(at.heard[0].error().code == "R0214");
  CHECK(at.heard[0].error().text == "who gives tokens for `shop` answered 400: invalid_scope");
}

TEST_CASE("a refresh token that is used up is not used again") {
  Gate at{"REFRESH"};
  at.send();
  at.answer(0, 400, R"({"error":"invalid_grant"})");
  CHECK(at.heard.at(0).error().hint.find("REFRESH") != std::string::npos);
}

TEST_CASE("an answer that is no token is none") {
  Gate at;
  for (const auto* wrong : {"", "[]", R"({"access_token":"x"})", R"({"access_token":"x","token_type":"mac"})", R"({"access_token":7,"token_type":"bearer"})"}) {
    INFO(wrong);
    at.send();
    at.answer(at.asked.size() - 1, 200, wrong);
    CHECK(at.heard.back().error().code == "R0214");
  }
}

TEST_CASE("whoever was dropped hears nothing, and the others get their token") {
  Gate at;
  at.send();
  at.send();
  at.sent[0].reset();
  at.answer(0, 200, First);
  CHECK(at.asked.size() == 2);
}

}  // namespace flow::tools
