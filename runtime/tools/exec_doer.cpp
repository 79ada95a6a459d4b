#include <fmt/format.h>

#include <filesystem>

#include "runtime/net/process.h"
#include "runtime/tools/answer.h"
#include "runtime/tools/doers.h"

namespace flow::tools {
namespace {

constexpr std::size_t SaidMax = 65'536;  // bytes of what a program says beside its answer; the rest is dropped
constexpr std::size_t LineMax = 4'096;
constexpr int TryAgain = 75;             // EX_TEMPFAIL of sysexits.h

// One run of a program: arguments in, answer out, the rest into the log.
class ExecRun : public std::enable_shared_from_this<ExecRun> {
 public:
  ExecRun(const ir::Program& program, std::shared_ptr<const ir::Tool> tool, Hearer hearer) : program_(program), tool_(std::move(tool)), hearer_(std::move(hearer)) {}

  void start(const Outside& outside, const Value& arguments) {
    const auto& work = *tool_->work;
    net::ProcessOptions options{.command = work.command, .environment = environment_for(tool_->env, outside.environment)};
    options.folder = (std::filesystem::path(outside.folder) / work.folder).lexically_normal().string();
    net::ProcessHandlers handlers;
    handlers.on_out = [this](std::string_view piece) { hear_answer(piece); };
    handlers.on_err = [this](std::string_view piece) { hear_words(piece); };
    handlers.on_end = [this](net::ProcessEnd how) { ended(how); };
    auto process = net::Process::start(outside.loop, options, std::move(handlers));
    if (!process) {
      outside.loop.post([weak = weak_from_this(), error = process.error()] {
        if (const auto self = weak.lock()) self->end(Failed{error.code, error.text});
      });
      return;
    }
    process_ = std::move(*process);
    process_->write(to_json(arguments) + "\n");
    process_->close_input();
  }

 private:
  auto name() const -> const std::string& { return tool_->work->command[0]; }

  void hear_answer(std::string_view piece) {
    out_ += piece;
    if (out_.size() > AnswerMax) end(Failed{"R0209", fmt::format("`{}` gave more than {} bytes", name(), AnswerMax)});
  }

  void hear_words(std::string_view piece) {
    for (const char c : piece) {
      if (c == '\n') {
        say_line();
      } else if (line_.size() < LineMax) {
        line_ += c;
      }
    }
  }

  void say_line() {
    if (line_.empty()) return;
    said_ += line_.size();
    last_line_ = std::exchange(line_, {});
    if (said_ <= SaidMax && hearer_.log) hearer_.log(last_line_);
  }

  void ended(net::ProcessEnd how) {
    say_line();
    if (how.signal == 0 && how.code == 0) return end(read_answer(program_, *tool_, out_));
    const auto what = how.signal != 0 ? fmt::format("was ended by signal {}", how.signal) : fmt::format("ended with {}", how.code);
    end(Failed{"R0210", fmt::format("`{}` {}{}", name(), what, last_line_.empty() ? "" : ": " + shortened(last_line_)), how.code == TryAgain});
  }

  void end(Outcome outcome) {
    const auto keep = shared_from_this();
    const auto done = std::exchange(hearer_, {}).done;
    const auto gone = std::move(process_);
    if (done) done(std::move(outcome));
  }

  const ir::Program& program_;
  std::shared_ptr<const ir::Tool> tool_;
  Hearer hearer_;
  std::unique_ptr<net::Process> process_;
  std::string out_, line_, last_line_;
  std::size_t said_ = 0;
};

class ExecDoer final : public Doer {
 public:
  explicit ExecDoer(const Outside& outside) : outside_(outside) {}
  auto start(Task task, Hearer hearer) -> std::shared_ptr<void> override {
    const auto run = std::make_shared<ExecRun>(outside_.program, task.tool, std::move(hearer));
    run->start(outside_, task.arguments);
    return run;  // with it goes the process, and with that its group
  }

 private:
  const Outside& outside_;
};

}  // namespace

auto environment_for(const std::vector<std::string>& names, const Environment& environment) -> std::vector<std::pair<std::string, std::string>> {
  std::vector<std::string> all{"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER"};
  all.insert(all.end(), names.begin(), names.end());
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& name : all) {
    if (const auto value = environment ? environment(name) : std::nullopt) out.emplace_back(name, *value);
  }
  return out;
}

auto exec_doer(const Outside& outside) -> std::unique_ptr<Doer> { return std::make_unique<ExecDoer>(outside); }

}  // namespace flow::tools
