// Opening and losing devices of a backend that gets stuck, vanishes and refuses on demand.

#include "runtime/audio/device/sound.h"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <future>
#include <optional>

using namespace flow;
using namespace flow::audio::device;
using namespace std::chrono_literals;
using audio::Samples;

namespace {

// What the hardware is made to do. Whatever waits is let go at the end of the test.
struct World {
  std::vector<Device> devices{{.name = "desk", .inputs = 1, .outputs = 1, .default_input = true, .default_output = true, .rate_hz = 24'000, .id = 0},
                              {.name = "headset", .inputs = 1, .outputs = 2, .rate_hz = 48'000, .id = 1}};
  bool stuck_opening = false, stuck_closing = false, refuses = false;
  std::promise<void> let_go;
  std::shared_future<void> gone{let_go.get_future()};
  std::atomic<Traffic*> microphone{nullptr}, speaker{nullptr};
  std::atomic<int> open{0}, left_behind{0};
};

class WorldStream final : public Stream {
 public:
  WorldStream(std::shared_ptr<World> world, const Device& device, Side side) : world_{std::move(world)}, side_{side} {
    format_ = {.rate_hz = device.rate_hz, .channels = side == Side::Input ? device.inputs : device.outputs,
               .period = device.rate_hz / 100, .delay = side == Side::Input ? 0 : device.rate_hz / 50};
    world_->open += 1;
  }
  ~WorldStream() override {
    if (world_->stuck_closing) world_->gone.wait();
    world_->open -= 1;
  }
  auto format() const -> Format override { return format_; }
  auto start(Traffic& traffic) -> Result<void> override {
    (side_ == Side::Input ? world_->microphone : world_->speaker) = &traffic;
    return {};
  }

 private:
  std::shared_ptr<World> world_;
  Side side_;
  Format format_;
};

class WorldBackend final : public Backend {
 public:
  explicit WorldBackend(std::shared_ptr<World> world) : world_{std::move(world)} {}
  auto devices() -> Result<std::vector<Device>> override {
    if (world_->stuck_opening) world_->gone.wait();
    return world_->devices;
  }
  auto open(const Device& device, Side side) -> Result<std::unique_ptr<Stream>> override {
    if (world_->refuses) return failure("R0312", "the " + device.name + " cannot be opened");
    return std::make_unique<WorldStream>(world_, device, side);
  }
  void left_behind() override { world_->left_behind += 1; }

 private:
  std::shared_ptr<World> world_;
};

struct Room : Duplex::Owner {
  std::shared_ptr<World> world = std::make_shared<World>();
  net::Loop loop;
  std::optional<Sound> sound;
  std::unique_ptr<Duplex> device;
  std::optional<Error> refused, lost;
  int moves = 0;

  Room() { sound.emplace(loop, std::make_shared<WorldBackend>(world), Sound::Deadlines{.open = 100ms, .moves = 400ms, .close = 50ms}); }
  ~Room() override {
    device.reset();
    sound.reset();
    world->let_go.set_value();
  }

  void open(const Choice& choice = {}) {
    sound->open(choice, [this](Result<std::unique_ptr<Duplex>> opened) {
      if (opened) device = std::move(*opened);
      else refused = opened.error();
    });
    CHECK(loop.run_until([this] { return device || refused; }, 5s));
    if (device) device->start(*this);
  }
  void device_moved() override { moves += 1; }
  void device_lost(const Error& error) override { lost = error; }
  auto until(const std::function<bool()>& done) -> bool { return loop.run_until(done, 5s); }
};

}  // namespace

TEST_CASE("the default devices are opened, and the loop is told when they move") {
  Room room;
  room.open();
  REQUIRE(room.device);
  CHECK(room.device->facts().input == "desk");
  CHECK(room.device->facts().output == "desk");
  CHECK(room.device->facts().output_delay == 20ms);
  const auto before = room.moves;
  std::vector<std::int16_t> sound(240, 77);
  room.world->microphone.load()->moved(sound.data(), 240, false);
  CHECK(room.until([&] { return room.moves > before; }));
  std::vector<std::int16_t> read(480);
  CHECK(room.device->read(read) == Samples{240});
  CHECK(read[239] == 77);
}

TEST_CASE("what is written is taken by the callback, doubled for two channels at twice the rate") {
  Room room;
  room.open({.output = "headset"});
  REQUIRE(room.device);
  const auto wanted = room.device->wanted();
  CHECK(wanted == audio::to_samples(40ms));
  room.device->write(std::vector<std::int16_t>(static_cast<std::size_t>(wanted.count), 1'000));
  std::vector<std::int16_t> out(960);
  room.world->speaker.load()->moved(out.data(), 480, false);
  CHECK(out[900] == out[901]);
  CHECK(std::abs(out[900] - 1'000) < 30);
  CHECK(room.device->taken() > audio::to_samples(7ms));  // but for the converter's delay
  CHECK(room.device->taken() <= audio::to_samples(10ms));
  CHECK(room.device->facts().underruns == 0);

  room.device->drop();
  const auto taken = room.device->taken();
  room.world->speaker.load()->moved(out.data(), 480, false);
  CHECK(std::ranges::count(out, 0) == 960);
  CHECK(room.device->taken() == taken);
}

TEST_CASE("a loop that is late is counted, and more is kept ahead from then on") {
  Room room;
  room.open();
  REQUIRE(room.device);
  room.device->write(std::vector<std::int16_t>(100, 1));
  const auto queue = room.device->facts().queue;
  std::vector<std::int16_t> out(240);
  room.world->speaker.load()->moved(out.data(), 240, false);
  CHECK(room.until([&] { return room.device->facts().queue > queue; }));
  CHECK(room.device->facts().underruns == 1);
  room.device->stop();
  CHECK(room.device->facts().underruns == 1);
}

TEST_CASE("what came from a microphone before anybody listened is not given") {
  Room room;
  room.sound->open({}, [&](Result<std::unique_ptr<Duplex>> opened) { room.device = std::move(*opened); });
  CHECK(room.until([&] { return room.device != nullptr; }));
  std::vector<std::int16_t> early(240, 5), late(240, 6);
  room.world->microphone.load()->moved(early.data(), 240, false);
  room.device->start(room);
  room.world->microphone.load()->moved(late.data(), 240, false);
  std::vector<std::int16_t> read(480);
  CHECK(room.device->read(read) == Samples{240});
  CHECK(read[0] == 6);
}

TEST_CASE("a device that reports its end is lost, by name") {
  Room room;
  room.open();
  REQUIRE(room.device);
  room.world->speaker.load()->broke();
  CHECK(room.until([&] { return room.lost.has_value(); }));
  CHECK(room.lost->code == "R0314");
  CHECK(room.lost->text == "the speaker went away: desk");
}

TEST_CASE("a device that moves nothing is lost after its deadline") {
  Room room;
  room.open();
  REQUIRE(room.device);
  CHECK(room.until([&] { return room.lost.has_value(); }));
  CHECK(room.lost->code == "R0313");
}

TEST_CASE("a device that refuses is said, and nothing stays open") {
  Room room;
  room.world->refuses = true;
  room.open();
  REQUIRE(room.refused);
  CHECK(room.refused->code == "R0312");
  CHECK(room.world->open == 0);
}

TEST_CASE("a sound system that never answers is given up") {
  Room room;
  room.world->stuck_opening = true;
  room.open();
  REQUIRE(room.refused);
  CHECK(room.refused->code == "R0313");
  CHECK(room.world->left_behind == 1);
}

TEST_CASE("a device whose closing never ends holds up neither the call nor the program") {
  Room room;
  room.open();
  REQUIRE(room.device);
  room.world->stuck_closing = true;
  room.device->stop();
  room.device.reset();
  room.sound.reset();  // waits for its deadline, not for the device
  CHECK(room.world->open > 0);
}

TEST_CASE("a device that is gone is replaced by the default one only if that is asked for") {
  Room chosen;
  chosen.open({.input = "gone"});
  REQUIRE(chosen.refused);
  CHECK(chosen.refused->code == "R0311");
  Room any;
  any.open({.input = "gone", .or_default = true});
  REQUIRE(any.device);
  CHECK(any.device->facts().input == "desk");
}
