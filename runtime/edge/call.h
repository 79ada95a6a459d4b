#pragma once
// One call: connects a core::Session to the world. Many live on one loop; nothing here blocks.
//
// Orders are carried out and nothing is decided: an `if` about the conversation belongs in runtime/core.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/audio/block_pool.h"
#include "runtime/audio/recorder.h"
#include "runtime/channels/channel.h"
#include "runtime/edge/chronicle.h"
#include "runtime/edge/observer.h"
#include "runtime/net/endpoint.h"
#include "runtime/net/loop.h"
#include "runtime/store/memory.h"
#include "runtime/store/spending.h"
#include "runtime/wire/dialect.h"

namespace flow::edge {

// Who runs the tools. Each start is answered by ToolFinished, ToolFailed or ToolStopped through the report it was made
// with, never inside these calls.
class ToolRunner {
 public:
  virtual ~ToolRunner() = default;
  virtual void start(const core::StartTool& order) = 0;
  virtual void stop(const core::StopTool& order) = 0;
};
using Report = std::function<void(core::Event)>;
using MakeTools = std::function<std::unique_ptr<ToolRunner>(Report)>;
// A service that speaks words exactly, as tools::speak: gives up when what comes back is dropped.
using Speak = std::function<std::shared_ptr<void>(Id<ir::Service>, const std::string& words, std::function<void(std::string_view piece)> on_piece,
                                                  std::function<void(Result<void>)> done)>;
using MakeDialect = std::function<std::unique_ptr<wire::Dialect>(const wire::LinkSetup&)>;

// What is named here outlives the call; null pointers mean: there is none.
struct CallSetup {
  const ir::Program& program;  // verified; its `realtime` says where the service is
  net::Loop& loop;
  audio::BlockPool& blocks;  // of the loop
  channels::Channel& channel;
  MakeDialect dialect;
  MakeTools tools;
  std::string key = {};  // of the program's service; goes into a header and nowhere else
  std::map<Id<ir::Realtime>, std::string> keys = {};  // of others: what an agent has of its own, what stands in
  Speak speak = {};  // lines of connections with `exact_speech`; without it the model reads them
  net::Tls tls = {};
  net::Proxies proxies = {};
  std::string from = {}, name = {};  // `call.from`, `call.id`
  Chronicle* journal = nullptr;
  store::Memory* memory = nullptr;      // what outlives the call
  store::Spending* spending = nullptr;  // what the calls of the flow cost together; this one is entered
  audio::Recorder* recorder = nullptr;
  std::vector<Observer*> observers = {};
  // The call is over and its connections are closed. Called once, on the loop; may destroy the call.
  std::function<void(const core::Finish&)> finished;

  auto key_of(Id<ir::Realtime> realtime) const -> std::string {
    const auto own = keys.find(realtime);
    return own != keys.end() ? own->second : realtime == program.realtime ? key : std::string{};
  }
};

class Driver;

class Call {
 public:
  explicit Call(CallSetup setup);
  ~Call();  // drops everything at once; `finished` is not called any more. Not from inside an observer
  Call(const Call&) = delete;
  auto operator=(const Call&) -> Call& = delete;

  void start();  // the caller is there
  void stop();   // the operator wants it to end, in order

 private:
  std::shared_ptr<Driver> driver_;
};

}  // namespace flow::edge
