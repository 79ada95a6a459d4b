#include "runtime/store/memory.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/programs.h"

namespace flow::store {
namespace {

using namespace std::chrono_literals;

// A file, and a time that stands still; everything is carried out at once.
struct Shelf {
  test::Shop shop;
  std::string path = std::filesystem::temp_directory_path() / ("flow_memory_" + std::to_string(::getpid()) + ".sqlite");
  std::int64_t time = 1'000'000'000'000;
  std::vector<Error> errors;
  std::unique_ptr<Memory> memory;

  Shelf() {
    remove();
    open();
  }
  ~Shelf() {
    memory.reset();
    remove();
  }
  void remove() const {
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  }
  void open() {
    const auto at_once = [](const std::function<void()>& work, const std::function<void()>& done) {
      work();
      done();
      return true;
    };
    auto opened = Memory::open(path, shop.program, at_once, [this](Error error) { errors.push_back(std::move(error)); }, [this] { return time; });
    REQUIRE(opened);
    memory = std::move(*opened);
  }
  auto recall(const std::string& call = "call-2", const std::string& caller = "+15550100") -> core::Recalled {
    core::Recalled known;
    memory->recall({{{shop.flag, caller}}, caller}, call, [&](core::Recalled found) { known = std::move(found); });
    return known;
  }
  void keep(const std::string& id, std::optional<Value> result = std::nullopt, core::Millis age = 0ms, const std::string& call = "call-1") {
    memory->keep({"+15550100", {id, "look", Value::Record{{"query", "A1"}}, "batch_7", std::move(result), age}, 1h}, call);
  }
};

}  // namespace

TEST_CASE("a value is known when the same caller calls again, and to nobody else") {
  Shelf at;
  at.memory->remember({{at.shop.flag, "+15550100"}, Value::Record{{"name", "Adä\n\"quoted\""}, {"n", 3}, {"list", Value::List{1.5, Value{}}}}, 24h});
  at.open();  // another process, another day
  const auto known = at.recall();
  REQUIRE(known.values.size() == 1);
  CHECK(known.values[0].value == Value(Value::Record{{"name", "Adä\n\"quoted\""}, {"n", 3}, {"list", Value::List{1.5, Value{}}}}));
  CHECK(at.recall("call-3", "+15550199").values.empty());
  at.shop.program.name = "another flow";
  CHECK(at.recall().values.empty());
}

TEST_CASE("a value is gone when its time is over, and when it is set to none") {
  Shelf at;
  at.memory->remember({{at.shop.flag, "+15550100"}, true, 24h});
  at.time += core::Millis{24h}.count() - 1;
  CHECK(at.recall().values.size() == 1);
  at.time += 1;
  CHECK(at.recall().values.empty());
  at.memory->remember({{at.shop.flag, "+15550100"}, true, 24h});
  at.memory->remember({{at.shop.flag, "+15550100"}, Value{}, 24h});
  CHECK(at.recall().values.empty());
}

TEST_CASE("what is over is not in the file any more, and a number never was") {
  Shelf at;
  at.memory->remember({{at.shop.flag, "+15550100"}, "something personal", 24h});
  at.memory.reset();
  std::ifstream file(at.path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  CHECK(bytes.find("15550100") == std::string::npos);
  const auto allowed = std::filesystem::status(at.path).permissions();
  CHECK((allowed & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) == std::filesystem::perms::none);
}

TEST_CASE("work is handed over once, with its age, the oldest first") {
  Shelf at;
  at.keep("call-1/2");
  at.keep("call-1/1", Value("two boots"), 5min);
  at.memory->release("call-1");
  at.time += 60'000;
  const auto known = at.recall();
  REQUIRE(known.jobs.size() == 2);
  CHECK(known.jobs[0] == core::KeptJob{"call-1/1", "look", Value::Record{{"query", "A1"}}, "batch_7", Value("two boots"), 6min});
  CHECK(known.jobs[1] == core::KeptJob{"call-1/2", "look", Value::Record{{"query", "A1"}}, "batch_7", std::nullopt, 1min});
  CHECK(at.recall("call-3").jobs.empty());  // while call-2 has it
  at.memory->release("call-2");
  CHECK(at.recall("call-3").jobs.size() == 2);
}

TEST_CASE("what was told is forgotten, and what belongs to a call that still goes on stays with it") {
  Shelf at;
  at.keep("call-1/1");
  CHECK(at.recall().jobs.empty());
  at.memory->release("call-1");
  at.memory->forget({"call-1/1"});
  CHECK(at.recall().jobs.empty());
}

TEST_CASE("a call that died without a word holds its work for an hour and no longer") {
  Shelf at;
  at.keep("call-1/1", std::nullopt, 0ms);
  at.memory->keep({"+15550100", {"call-1/2", "look", Value::Record{}, "", std::nullopt, 0ms}, 48h}, "call-1");
  at.time += core::Millis{Memory::LeaseMax}.count() + 1;
  const auto known = at.recall();
  REQUIRE(known.jobs.size() == 1);  // the other's own time is over
  CHECK(known.jobs[0].id == "call-1/2");
}

TEST_CASE("a file that cannot be used is told of with its name") {
  test::Shop shop;
  const auto opened = Memory::open("/nowhere/at/all.sqlite", shop.program, {}, {});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == "R0404");
  CHECK(opened.error().text.find("/nowhere/at/all.sqlite") != std::string::npos);
}

}  // namespace flow::store
