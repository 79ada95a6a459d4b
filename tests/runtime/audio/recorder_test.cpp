#include "runtime/audio/recorder.h"

#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace flow::audio {
namespace {

namespace fs = std::filesystem;

// A disk that works when the test lets it.
struct Disk {
  struct Job {
    std::function<void()> work, done;
  };
  std::deque<Job> jobs;
  bool takes = true;

  auto background() -> Background {
    return [this](std::function<void()> work, std::function<void()> done) {
      if (takes) jobs.push_back({std::move(work), std::move(done)});
      return takes;
    };
  }
  void catch_up() {
    while (!jobs.empty()) {
      const auto job = std::move(jobs.front());
      jobs.pop_front();
      job.work();
      job.done();
    }
  }
};

// Files of this process cannot grow beyond `bytes`.
class FullDisk {
 public:
  explicit FullDisk(std::int64_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const ::rlimit limit{static_cast<::rlim_t>(bytes), before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    before_action_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, before_action_);
  }

 private:
  ::rlimit before_{};
  void (*before_action_)(int) = SIG_DFL;
};

struct Fixture {
  std::string path =
      (fs::temp_directory_path() / ("flow_recorder_test_" + std::to_string(::getpid()) + ".wav")).string();
  Disk disk;
  std::vector<Error> errors;
  std::unique_ptr<Recorder> recorder = start(path);
  std::int64_t clock = 0;

  ~Fixture() { fs::remove(path); }

  auto start(const std::string& file) -> std::unique_ptr<Recorder> {
    auto made = Recorder::create(file, disk.background(), [this](const Error& error) { errors.push_back(error); });
    REQUIRE(made);
    return std::move(*made);
  }
  void frame(std::int16_t caller, std::int16_t agent) {
    const std::vector<std::int16_t> left(FrameSamples, caller), right(FrameSamples, agent);
    recorder->caller(Samples{clock}, left);
    recorder->agent(Samples{clock}, right);
    clock += FrameSamples;
  }
  auto finish() -> bool {
    bool done = false;
    recorder->finish([&] { done = true; });
    disk.catch_up();
    return done;
  }
  auto bytes() const -> std::string {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  auto recorded() const -> std::vector<std::int16_t> {
    const auto all = bytes();
    std::vector<std::int16_t> interleaved((all.size() - 44) / 2);
    std::copy_n(all.data() + 44, interleaved.size() * 2, reinterpret_cast<char*>(interleaved.data()));
    return interleaved;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a call is recorded whole: caller left, agent right") {
  for (int n = 0; n < 60; ++n) frame(1, 2);
  CHECK(finish());
  const auto interleaved = recorded();
  REQUIRE(interleaved.size() == 60 * 2 * FrameSamples);
  CHECK(interleaved[0] == 1);
  CHECK(interleaved[1] == 2);
  CHECK(errors.empty());
}

TEST_CASE_METHOD(Fixture, "a slow disk changes nothing of what is recorded") {
  for (int n = 0; n < 100; ++n) frame(static_cast<std::int16_t>(n), 0);
  CHECK(disk.jobs.size() == 1);
  disk.catch_up();
  for (int n = 100; n < 130; ++n) frame(static_cast<std::int16_t>(n), 0);
  CHECK(finish());
  const auto interleaved = recorded();
  REQUIRE(interleaved.size() == 130 * 2 * FrameSamples);
  for (std::size_t n = 0; n < 130; ++n) REQUIRE(interleaved[n * 2 * FrameSamples] == static_cast<int>(n));
}

TEST_CASE_METHOD(Fixture, "the same call gives the same bytes, however the disk was") {
  for (int n = 0; n < 90; ++n) frame(static_cast<std::int16_t>(n), 5);
  CHECK(finish());
  const auto first = bytes();
  recorder = start(path);
  clock = 0;
  for (int n = 0; n < 90; ++n) {
    frame(static_cast<std::int16_t>(n), 5);
    disk.catch_up();
  }
  CHECK(finish());
  CHECK(bytes() == first);
}

TEST_CASE_METHOD(Fixture, "a disk that stands still for a minute ends the recording once, with what is there") {
  for (int n = 0; n < 50; ++n) frame(3, 3);
  for (int n = 0; n < 51 * 62; ++n) frame(3, 3);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].code == "R0307");
  CHECK(finish());
  CHECK(recorded().size() == 25 * 2 * FrameSamples);
}

TEST_CASE_METHOD(Fixture, "while nobody takes the work it waits") {
  disk.takes = false;
  for (int n = 0; n < 50; ++n) frame(3, 3);
  disk.takes = true;
  frame(3, 3);
  CHECK(finish());
  CHECK(recorded().size() == 51 * 2 * FrameSamples);
  CHECK(errors.empty());
}

TEST_CASE_METHOD(Fixture, "an end that nobody writes is told, and is still the end") {
  frame(3, 3);
  disk.takes = false;
  CHECK(finish());
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].code == "R0307");
}

TEST_CASE_METHOD(Fixture, "a full disk is told once, and the call goes on") {
  const FullDisk full{44 + 25 * 4 * FrameSamples};
  for (int n = 0; n < 200; ++n) {
    frame(3, 3);
    disk.catch_up();
  }
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].code == "R0306");
  CHECK(finish());
  CHECK(recorded().size() == 25 * 2 * FrameSamples);
}

TEST_CASE_METHOD(Fixture, "work that ends after the recorder is gone harms nobody") {
  for (int n = 0; n < 30; ++n) frame(3, 3);
  REQUIRE(disk.jobs.size() == 1);
  recorder.reset();
  disk.catch_up();
  CHECK(recorded().size() == 25 * 2 * FrameSamples);
}

TEST_CASE("a recording that cannot be made says why") {
  Disk disk;
  CHECK(Recorder::create("/no/such/folder/call.wav", disk.background(), [](const Error&) {}).error().code == "R0306");
}

}  // namespace flow::audio
