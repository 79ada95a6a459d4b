#pragma once
// One call of `flowc run`: puts together the loop, the service, the caller, the tools, the files and who looks on, and
// holds the call to its end.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/call_files.h"
#include "cli/connection.h"
#include "cli/onlookers.h"
#include "cli/raw_terminal.h"
#include "runtime/audio/block_pool.h"
#include "runtime/audio/device/sound.h"
#include "runtime/audio/processing/echo.h"
#include "runtime/audio/recorder.h"
#include "runtime/channels/channel.h"
#include "runtime/channels/line.h"
#include "runtime/channels/pacer.h"
#include "runtime/channels/script.h"
#include "runtime/edge/call.h"
#include "runtime/edge/log_file.h"
#include "runtime/net/blocking.h"
#include "runtime/net/loop.h"
#include "runtime/simulate/server.h"
#include "runtime/store/journal.h"
#include "runtime/store/memory.h"
#include "runtime/store/spending.h"
#include "runtime/tools/doers.h"

namespace flow::cli {

class Conversation {
 public:
  // `program` is verified and runs on `connection`.
  Conversation(const Run& run, const Console& console, ir::Program program, Connection connection, CallFiles files);
  ~Conversation();

  // Opens everything; an error means that no call began.
  auto prepare() -> Result<void>;
  // Holds the call; returns the exit code.
  auto hold() -> int;

 private:
  auto read_script() -> Result<void>;
  auto open_files() -> Result<void>;
  auto open_memory() -> Result<void>;
  auto open_spending() -> Result<void>;
  auto memory_file() const -> std::string;
  auto open_services() -> Result<void>;
  auto start_service() -> Result<void>;
  auto make_caller() -> Result<void>;
  auto make_device() -> Result<void>;
  void make_line();
  void look_on();
  void make_call();

  auto caller_speaks() const -> bool;
  auto is_recognised() const -> bool;
  auto make_tools() -> edge::MakeTools;
  auto in_background() -> audio::Background;  // for what blocks or takes its time
  void introduce() const;
  void interrupted();
  void call_finished(const core::Finish& finish);
  void complete_files(std::size_t from);
  void send_trace(std::function<void()> then);
  void sum_up() const;

  const Run& run_;
  const Console& console_;
  ir::Program program_;
  Connection connection_;
  CallFiles files_;
  std::string name_;  // of the call
  std::string started_;  // wall time
  std::optional<channels::Script> script_;
  const ir::Channel* stands_for_ = nullptr;  // of the program; null: a call by none of its channels

  // In the order in which they need each other; the last goes first.
  net::Loop loop_;
  audio::BlockPool blocks_;
  net::Pool work_{2};  // Lua, and the voice of a scripted caller
  net::Pool disk_{1};
  net::Pool databases_{2};  // of tools
  channels::Pacer pacer_{loop_};
  std::unique_ptr<simulate::Embedded> service_;
  store::Writer writer_;
  std::unique_ptr<store::Journal> journal_;
  std::unique_ptr<edge::JournalFile> chronicle_;
  std::unique_ptr<store::Memory> memory_;
  std::unique_ptr<store::Spending> spending_;
  std::vector<std::string> secrets_;  // of services, never shown
  std::shared_ptr<tools::Doers> doers_;
  std::unique_ptr<audio::Recorder> recorder_;
  std::unique_ptr<edge::LogFile> trace_file_, wire_file_;
  std::unique_ptr<TimelineOnlooker> timeline_;
  std::unique_ptr<FiguresOnlooker> figures_;
  std::unique_ptr<SpansOnlooker> spans_;  // if traces go anywhere
  std::shared_ptr<void> trace_request_;
  std::vector<std::unique_ptr<edge::Observer>> logs_;
  std::unique_ptr<audio::device::Sound> sound_;
  std::optional<audio::EchoCanceller> canceller_;
  std::unique_ptr<RawTerminal> keys_;
  std::unique_ptr<channels::Channel> caller_;
  std::unique_ptr<channels::Line> line_;  // between the caller and the call; none: nothing is
  std::unique_ptr<edge::Call> call_;
  std::unique_ptr<net::Signals> signals_;
  net::Timer length_{loop_};

  int interrupts_ = 0;
  bool failed_ = false;  // something of the call could not be kept
  std::optional<core::Finish> finish_;
};

}  // namespace flow::cli
