#include <unistd.h>

#include <filesystem>

#include "runtime/net/blocking.h"
#include "tests/runtime/edge/world.h"

namespace flow::edge {
namespace {

// A call whose flag is kept for the caller, and the file it is kept in.
struct Remembered : World {
  std::string path = std::filesystem::temp_directory_path() / ("flow_edge_memory_" + std::to_string(::getpid()) + ".sqlite");
  net::Pool disk{1};
  std::unique_ptr<store::Memory> file;

  Remembered() {
    remove();
    auto& flag = shop.program.state[shop.flag];
    flag.kept_for = std::chrono::hours{24};
    flag.kept_by = shop.program.exprs.add({.op = ir::Expr::Op::Call, .name = "from"});
    auto opened = store::Memory::open(
        path, shop.program, [this](auto work, auto done) { return disk.run(loop.poster(), std::move(work), std::move(done)); }, {});
    REQUIRE(opened);
    file = std::move(*opened);
    memory = file.get();
  }
  ~Remembered() {
    call.reset();
    file.reset();
    remove();
  }
  void remove() const {
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  }
  void remember(Value value) {
    bool kept = false;
    file->remember({{shop.flag, "+15550100"}, std::move(value), std::chrono::hours{24}});
    file->flush([&] { kept = true; });
    await([&] { return kept; });
  }
};

}  // namespace

TEST_CASE("what is kept for a caller is there before the service is called") {
  Remembered world;
  world.remember(true);
  world.connect();
  const auto recalled = last_of<core::Recalled>(world.notes.events);
  REQUIRE(recalled.values.size() == 1);
  CHECK(recalled.values[0].value == Value(true));
  const auto is = [](auto tag, const auto& each) { return std::holds_alternative<decltype(tag)>(each); };
  const auto& effects = world.notes.effects;
  const auto recall = std::find_if(effects.begin(), effects.end(), [&](const auto& e) { return is(core::Recall{}, e); });
  const auto open = std::find_if(effects.begin(), effects.end(), [&](const auto& e) { return is(core::OpenLink{}, e); });
  CHECK(recall < open);
}

TEST_CASE("without a memory a call begins, and knows of nobody") {
  Remembered world;
  world.remember(true);
  world.memory = nullptr;
  world.connect();
  CHECK(last_of<core::Recalled>(world.notes.events).values.empty());
}

}  // namespace flow::edge
