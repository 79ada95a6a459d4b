#include "runtime/channels/terminal.h"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/channels/call.h"

namespace flow::channels {
namespace {

using net::Millis;

// A terminal whose keyboard is a pipe that the test writes to.
struct Fixture : Call {
  int ends[2] = {-1, -1};
  std::vector<std::string> notices;
  std::unique_ptr<Terminal> terminal;

  Fixture() {
    REQUIRE(::pipe(ends) == 0);
    terminal = std::make_unique<Terminal>(
        loop, pacer,
        Terminal::Options{.input = ends[0], .notice = [this](const std::string& text) { notices.push_back(text); }});
    terminal->open(playout, listener);
  }
  ~Fixture() {
    hang_up_keyboard();
    terminal.reset();
    ::close(ends[0]);
  }
  void type(std::string_view text) {
    REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<::ssize_t>(text.size()));
  }
  void hang_up_keyboard() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
  auto until(const std::function<bool()>& done) -> bool { return loop.run_until(done, Millis{5'000}); }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a typed line is what the caller says, and keys and words keep their order") {
  type("hello\n/dtmf 1\nbye");
  CHECK(until([&] { return listener.events.size() == 2; }));
  type("e\n");
  CHECK(until([&] { return listener.events.size() == 3; }));
  CHECK(listener.events ==
        std::vector<core::Event>{core::TextTyped{"hello"}, core::DigitPressed{'1'}, core::TextTyped{"byee"}});
}

TEST_CASE_METHOD(Fixture, "the end of input says the line before it and hangs up") {
  type("goodbye");
  hang_up_keyboard();
  CHECK(until([&] { return listener.hung_up(); }));
  CHECK(listener.events == std::vector<core::Event>{core::TextTyped{"goodbye"}, core::CallerHungUp{}});
  pass(Millis{100});
  CHECK(listener.agent.empty());
}

TEST_CASE_METHOD(Fixture, "nothing is said after hanging up") {
  type("/hangup\nhello?\n");
  CHECK(until([&] { return listener.hung_up(); }));
  CHECK(listener.events == std::vector<core::Event>{core::CallerHungUp{}});
}

TEST_CASE_METHOD(Fixture, "a command that is none is told to the person, not to the call") {
  type("/nonsense\n");
  CHECK(until([&] { return !notices.empty(); }));
  CHECK(listener.events.empty());
}

TEST_CASE_METHOD(Fixture, "the agent's voice is paced though nobody hears it") {
  say(Millis{100});
  pass(Millis{200});
  CHECK(listener.events == std::vector<core::Event>{core::PlayoutDrained{core::to_samples(Millis{100})}});
  CHECK_FALSE(terminal->has_voice());
  CHECK(listener.caller.empty());
}

TEST_CASE_METHOD(Fixture, "a call can end while nobody types") {
  terminal.reset();
  pass(Millis{100});
  CHECK(listener.agent.empty());
}

}  // namespace flow::channels
