#include "runtime/store/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "compiler/base/check.h"
#include "runtime/store/lines.h"
#include "runtime/store/replay.h"
#include "tests/runtime/store/desk.h"

namespace flow::store {
namespace {

using namespace core;

auto at(std::int64_t ms) -> Instant { return {Millis{ms}}; }
auto timer(std::uint32_t n) -> Event { return TimerFired{TimerId{n}}; }

struct Desk {
  Folder folder;
  Home home;
  Writer writer;
  std::vector<Error> failures;

  auto open(const std::string& path) -> std::unique_ptr<Journal> {
    auto journal = Journal::create(writer, path, SomeHeader, home.post(), [this](const Error& why) { failures.push_back(why); });
    REQUIRE(journal);
    return *std::move(journal);
  }
};

TEST_CASE("a journal holds the program, and every event before what it led to") {
  Desk desk;
  const auto path = desk.folder.file("call.jsonl");
  auto journal = desk.open(path);
  journal->event(at(0), CallerConnected{"+1", "call-1"});
  journal->effects({OpenLink{Epoch{1}, Millis{0}, Id<ir::Realtime>{0}}});
  journal->event(at(1500), timer(3));
  journal->effects({});
  REQUIRE(desk.home.flush(*journal));
  CHECK(content(path) ==
        "{\"flowjournal\":6,\"program\":\"0123\",\"started\":\"2026-01-02T03:04:05Z\",\"ir\":\"flowir 1\\n\\\"quoted\\\"\\n\"}\n"
        "{\"t\":0,\"e\":[\"CallerConnected\",\"+1\",\"call-1\",false,null]}\n"
        "{\"f\":[[\"OpenLink\",1,0,0]]}\n"
        "{\"t\":1500,\"e\":[\"TimerFired\",3]}\n"
        "{\"f\":[]}\n");
  CHECK(read_header(content(path)) == SomeHeader);
  CHECK(desk.failures.empty());
}

TEST_CASE("a journal is for its owner's eyes") {
  Desk desk;
  const auto path = desk.folder.file("call.jsonl");
  const auto journal = desk.open(path);
  struct stat about {};
  REQUIRE(stat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("a replay hears the sound between the events, and what the devices added to it") {
  Desk desk;
  const auto path = desk.folder.file("call.jsonl");
  const std::vector<std::int16_t> loud{1, -1};
  {
    auto journal = desk.open(path);
    journal->latency({.in = Millis{12}, .out = Millis{30}});
    journal->audio(Track::Caller, Samples{0}, loud);
    journal->event(at(7), timer(3));
    journal->effects({});
    journal->audio(Track::Agent, Samples{480}, loud);
    REQUIRE(desk.home.flush(*journal));
  }
  std::string order;
  const auto replayed = replay(
      content(path), [&](const Event&, Instant, EffectList&) { order += "event "; },
      [&](Track track, Samples, std::span<const std::int16_t> pcm) { order += fmt::format("{} {} ", track == Track::Caller ? "caller" : "agent", pcm.size()); },
      [&](audio::Latency latency) { order += fmt::format("in {} out {} ", latency.in.count(), latency.out.count()); });
  REQUIRE(replayed);
  CHECK(order == "in 12 out 30 caller 2 event agent 2 ");
}

TEST_CASE("sound comes back sample by sample, in its order, and silence costs a count") {
  Desk desk;
  const auto path = desk.folder.file("call.jsonl");
  const std::vector<std::int16_t> loud{1, -1, 32767, -32768, 0}, quiet(480, 0);
  {
    auto journal = desk.open(path);
    journal->audio(Track::Caller, Samples{0}, quiet);
    journal->audio(Track::Agent, Samples{480}, loud);
    journal->audio(Track::Agent, Samples{485}, {});
    REQUIRE(desk.home.flush(*journal));
  }
  const auto text = content(path);
  CHECK(text.find("{\"c\":[0,480]}\n") != text.npos);
  std::vector<std::pair<Track, std::vector<std::int16_t>>> heard;
  REQUIRE(replay_audio(text, [&](Track track, Samples, std::span<const std::int16_t> pcm) { heard.emplace_back(track, std::vector(pcm.begin(), pcm.end())); }));
  CHECK(heard == std::vector<std::pair<Track, std::vector<std::int16_t>>>{{Track::Caller, quiet}, {Track::Agent, loud}});
}

TEST_CASE("what a journal was given is written when it goes") {
  Desk desk;
  const auto path = desk.folder.file("call.jsonl");
  {
    Writer writer;
    auto journal = Journal::create(writer, path, SomeHeader, desk.home.post(), {});
    (*journal)->audio(Track::Caller, Samples{0}, std::vector<std::int16_t>{7, 8});
    journal->reset();
  }
  CHECK(content(path).ends_with("]}\n"));
}

TEST_CASE("a journal that cannot be made says why") {
  Desk desk;
  const auto journal = Journal::create(desk.writer, "/nowhere/call.jsonl", SomeHeader, desk.home.post(), {});
  REQUIRE_FALSE(journal);
  CHECK(journal.error().code == "R0401");
  CHECK(journal.error().text == "cannot write the journal /nowhere/call.jsonl: No such file or directory");
}

TEST_CASE("a full disk is told once, a flush says so, and the call goes on") {
  Desk desk;
  auto journal = desk.open("/dev/full");
  for (std::uint32_t n = 1; n <= 100; ++n) {
    journal->event(at(n), timer(n));
    journal->effects({});
  }
  const auto flushed = desk.home.flush(*journal);
  REQUIRE_FALSE(flushed);
  CHECK(flushed.error().code == "R0401");
  CHECK(flushed.error().text == "cannot write the journal /dev/full: No space left on device");
  journal->event(at(200), timer(200));
  CHECK_FALSE(desk.home.flush(*journal));
  CHECK(desk.failures.size() == 1);
}

TEST_CASE("nobody is called once the journal is gone") {
  Desk desk;
  auto journal = desk.open("/dev/full");
  bool called = false;
  journal->flush([&](Result<void>) { called = true; });
  journal.reset();
  auto other = desk.open(desk.folder.file("other.jsonl"));
  REQUIRE(desk.home.flush(*other));  // the writer is past the first one
  desk.home.run_what_waits();
  CHECK_FALSE(called);
  CHECK(desk.failures.empty());
}

// A pipe that nobody reads yet: a disk that takes nothing.
struct StuckDisk {
  std::string path;
  int reader = -1;
  explicit StuckDisk(const Folder& folder) : path(folder.file("stuck")) {
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
    REQUIRE(reader >= 0);
    fcntl(reader, F_SETFL, 0);
  }
  ~StuckDisk() { close_reader(); }
  void close_reader() {
    if (reader >= 0) ::close(std::exchange(reader, -1));
  }
  auto read_until(const std::string& end) -> std::string {
    std::string all, part(65'536, '\0');
    while (!all.ends_with(end)) {
      const auto got = ::read(reader, part.data(), part.size());
      REQUIRE(got > 0);
      all.append(part, 0, static_cast<std::size_t>(got));
    }
    return all;
  }
};

TEST_CASE("when the disk is slow, sound gives way, is counted, and events stay") {
  Desk desk;
  StuckDisk disk(desk.folder);
  auto journal = desk.open(disk.path);
  const std::vector<std::int16_t> frame(480, 1);
  std::int64_t given = 0;
  for (; given < 480 * 6000; given += 480) journal->audio(Track::Caller, Samples{given}, frame);
  journal->event(at(1), timer(1));
  journal->effects({});
  journal->event(at(2), timer(2));
  journal->effects({DropTimer{TimerId{77}}});
  auto text = disk.read_until("77]]}\n");
  journal->audio(Track::Caller, Samples{given}, frame);
  journal->event(at(3), timer(3));
  journal->effects({DropTimer{TimerId{78}}});
  text += disk.read_until("78]]}\n");

  std::int64_t kept = 0;
  REQUIRE(replay_audio(text, [&](Track, Samples, std::span<const std::int16_t> pcm) { kept += static_cast<std::int64_t>(pcm.size()); }));
  const auto replayed = replay(text, [](const Event& event, Instant, EffectList& out) {
    const auto n = std::get<TimerFired>(event).timer.n;
    if (n > 1) out.push_back(DropTimer{TimerId{75 + n}});
  });
  REQUIRE(replayed);
  CHECK(replayed->effects_equal == 3);
  CHECK(replayed->lost.count > 0);
  CHECK(kept + replayed->lost.count == given + 480);
  CHECK(text.size() < Journal::AudioWaitingMax + 200'000);
}

TEST_CASE("when the disk takes nothing at all, the journal ends and the call goes on") {
  Desk desk;
  StuckDisk disk(desk.folder);
  auto journal = desk.open(disk.path);
  const Event large = SpokenTextArrived{Epoch{1}, ResponseId{1}, ItemId{1}, std::string(1'000'000, 'x')};
  for (int i = 0; i < 40; ++i) journal->event(at(i), large);
  desk.home.run_until([&] { return !desk.failures.empty(); });
  CHECK(desk.failures[0].text.ends_with("the disk is too slow"));
  const auto previous = std::signal(SIGPIPE, SIG_IGN);
  disk.close_reader();  // lets the writer's thread go
  CHECK_FALSE(desk.home.flush(*journal));
  std::signal(SIGPIPE, previous);
}

TEST_CASE("many journals share one writer") {
  Desk desk;
  std::vector<std::unique_ptr<Journal>> journals;
  for (int i = 0; i < 200; ++i) journals.push_back(desk.open(desk.folder.file(std::to_string(i))));
  for (std::uint32_t n = 1; n <= 20; ++n) {
    for (auto& journal : journals) {
      journal->event(at(n), timer(n));
      journal->effects({});
    }
  }
  for (int i = 0; i < 200; ++i) {
    REQUIRE(desk.home.flush(*journals[static_cast<std::size_t>(i)]));
    const auto text = content(desk.folder.file(std::to_string(i)));
    std::uint32_t next = 1;
    const auto replayed = replay(text, [&](const Event& event, Instant, EffectList&) { CHECK(event == timer(next++)); });
    REQUIRE(replayed);
    CHECK(replayed->events == 20);
  }
}

// Runs `work` in a process of its own; gives back what it wrote to stderr and how it ended.
template <class Work>
auto in_child(const Work& work) -> std::pair<std::string, int> {
  int pipe_ends[2];
  REQUIRE(pipe(pipe_ends) == 0);
  const auto child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    for (const int signal : {SIGABRT, SIGSEGV}) std::signal(signal, SIG_DFL);
    dup2(pipe_ends[1], 2);
    work();
    _exit(0);
  }
  ::close(pipe_ends[1]);
  std::string said, part(4096, '\0');
  for (ssize_t got = 0; (got = ::read(pipe_ends[0], part.data(), part.size())) > 0;) said.append(part, 0, static_cast<std::size_t>(got));
  ::close(pipe_ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return {said, status};
}

TEST_CASE("what was flushed survives kill -9, and the rest is read as far as it goes") {
  const Folder folder;
  const auto path = folder.file("call.jsonl");
  const auto [said, status] = in_child([&] {
    Home home;
    Writer writer;
    auto journal = Journal::create(writer, path, SomeHeader, home.post(), {});
    for (std::uint32_t n = 1; n <= 1000; ++n) {
      (*journal)->event(at(n), timer(n));
      (*journal)->effects({});
    }
    if (!home.flush(**journal)) _exit(1);
    for (std::uint32_t n = 1001; n <= 3000; ++n) {
      (*journal)->event(at(n), timer(n));
      (*journal)->effects({});
    }
    kill(getpid(), SIGKILL);
  });
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(WTERMSIG(status) == SIGKILL);
  const auto replayed = replay(content(path), [](const Event&, Instant, EffectList&) {});
  REQUIRE(replayed);
  CHECK(replayed->effects_equal >= 1000);
  CHECK_FALSE(replayed->first_difference);
}

TEST_CASE("an assertion's last words are the events that led to it, and the journal has them all") {
  const Folder folder;
  const auto path = folder.file("call.jsonl");
  const auto [said, status] = in_child([&] {
    Home home;
    Writer writer;
    keep_last_words();
    auto journal = Journal::create(writer, path, SomeHeader, home.post(), {});
    for (std::uint32_t n = 1; n <= 100; ++n) {
      (*journal)->event(at(n), timer(n));
      if (n == 100) FLOW_ASSERT(n < 100, "too far");
      (*journal)->effects({});
    }
  });
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
  INFO(said);
  CHECK(said.find("too far") != said.npos);
  CHECK(said.find("{\"t\":84,") == said.npos);
  CHECK(said.find("{\"t\":85,\"e\":[\"TimerFired\",85]}\n") != said.npos);
  CHECK(said.find("{\"t\":100,\"e\":[\"TimerFired\",100]}\n") != said.npos);
  const auto replayed = replay(content(path), [](const Event&, Instant, EffectList&) {});
  REQUIRE(replayed);
  CHECK(replayed->events == 100);
  CHECK(replayed->effects_equal == 99);
  CHECK_FALSE(replayed->whole);
}

}  // namespace
}  // namespace flow::store
