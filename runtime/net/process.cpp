#include "runtime/net/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstring>
#include <deque>
#include <optional>

#include "runtime/net/loop_impl.h"

namespace flow::net {

using boost::system::error_code;
using Descriptor = asio::posix::stream_descriptor;

namespace {

constexpr Millis AskedFor{2'000};  // so long a program may take to end that was asked to
constexpr std::size_t PieceMax = 65'536;

// Both ends of a pipe; what is not taken is closed.
struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) ends = {-1, -1};
  }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  auto operator=(const Pipe&) -> Pipe& = delete;
  auto take(std::size_t end) -> int { return std::exchange(ends.at(end), -1); }
  std::array<int, 2> ends{-1, -1};
};

// What the system wants to hear before it starts a program; freed whatever happens.
struct SpawnPlan {
  SpawnPlan() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  auto operator=(const SpawnPlan&) -> SpawnPlan& = delete;
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
};

auto pointers(std::vector<std::string>& texts) -> std::vector<char*> {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// 0, or why it could not be.
auto spawn(const ProcessOptions& options, Pipe& in, Pipe& out, Pipe& err, pid_t& pid) -> int {
  SpawnPlan plan;
  posix_spawn_file_actions_adddup2(&plan.files, in.ends[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&plan.files, out.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&plan.files, err.ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&plan.files, STDERR_FILENO + 1);
  if (!options.folder.empty()) posix_spawn_file_actions_addchdir_np(&plan.files, options.folder.c_str());
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setsigdefault(&plan.attributes, &all);
  posix_spawnattr_setpgroup(&plan.attributes, 0);
  posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  auto command = options.command;
  std::vector<std::string> environment;
  for (const auto& [name, value] : options.environment) environment.push_back(name + "=" + value);
  const auto argv = pointers(command), envp = pointers(environment);
  return posix_spawnp(&pid, argv[0], &plan.files, &plan.attributes, argv.data(), envp.data());
}

}  // namespace

struct Process::Impl : std::enable_shared_from_this<Process::Impl> {
  Impl(Loop& loop, ProcessHandlers its, pid_t number)
      : handlers(std::move(its)), pid(number), in(loop.impl().context), out(loop.impl().context), err(loop.impl().context), end(loop.impl().context), patience(loop) {}

  void read(Descriptor& from, std::array<char, PieceMax>& piece, const std::function<void(std::string_view)>& hears);
  void write_next();
  void await_end();
  void kill(int signal) const {
    if (!ended) ::kill(-pid, signal);
  }
  void finish_if_over();

  ProcessHandlers handlers;
  pid_t pid;
  Descriptor in, out, err, end;  // `end` becomes readable when the program ends
  Timer patience;
  std::array<char, PieceMax> out_piece, err_piece;
  std::deque<std::string> waiting;
  bool writing = false, closes_input = false;
  int open = 2;  // out and err
  std::optional<ProcessEnd> ended;
};

void Process::Impl::read(Descriptor& from, std::array<char, PieceMax>& piece, const std::function<void(std::string_view)>& hears) {
  from.async_read_some(asio::buffer(piece), [this, self = shared_from_this(), &from, &piece, &hears](error_code error, std::size_t size) {
    if (error) {
      --open;
      return finish_if_over();
    }
    const auto now_hears = hears;  // whoever hears it may let us go
    if (now_hears) now_hears({piece.data(), size});
    if (from.is_open()) read(from, piece, hears);
  });
}

void Process::Impl::write_next() {
  if (writing || !in.is_open()) return;
  error_code ignored;
  if (waiting.empty()) {
    if (closes_input) in.close(ignored);
    return;
  }
  writing = true;
  asio::async_write(in, asio::buffer(waiting.front()), [self = shared_from_this()](error_code error, std::size_t) {
    self->writing = false;
    self->waiting.pop_front();
    error_code none;
    if (error) {  // it reads no more
      self->waiting.clear();
      self->in.close(none);
      return;
    }
    self->write_next();
  });
}

// Somebody waits for every program to its end, or it would stay in the system's tables.
void Process::Impl::await_end() {
  end.async_wait(Descriptor::wait_read, [self = shared_from_this()](error_code error) {
    if (error) return;
    int status = 0;
    if (::waitpid(self->pid, &status, WNOHANG) != self->pid) return self->await_end();
    self->kill(SIGKILL);  // what it left behind in its group
    self->ended = ProcessEnd{WIFEXITED(status) ? WEXITSTATUS(status) : 0, WIFSIGNALED(status) ? WTERMSIG(status) : 0};
    self->patience.drop();
    error_code ignored;
    self->end.close(ignored);
    self->finish_if_over();
  });
}

void Process::Impl::finish_if_over() {
  if (!ended || open > 0) return;
  const auto hears = std::exchange(handlers.on_end, nullptr);
  if (hears) hears(*ended);
}

auto Process::start(Loop& loop, const ProcessOptions& options, ProcessHandlers handlers) -> Result<std::unique_ptr<Process>> {
  const auto refused = [&](int why) {
    return failure("R0210", "cannot start `" + (options.command.empty() ? std::string() : options.command[0]) + "`: " + std::strerror(why),
                   why == ENOENT ? "is it installed, and is the folder right?" : "may it be run by this user?");
  };
  if (options.command.empty()) return refused(ENOENT);
  // A program that ends before it has read everything must not end us.
  static const auto ignored = ::signal(SIGPIPE, SIG_IGN);
  (void)ignored;
  Pipe in, out, err;
  if (in.ends[0] < 0 || out.ends[0] < 0 || err.ends[0] < 0) return refused(EMFILE);
  pid_t pid = 0;
  if (const int why = spawn(options, in, out, err, pid); why != 0) return refused(why);
  const int end = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (end < 0) {
    const int why = errno;
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return refused(why);
  }
  auto impl = std::make_shared<Impl>(loop, std::move(handlers), pid);
  impl->in.assign(in.take(1));
  impl->out.assign(out.take(0));
  impl->err.assign(err.take(0));
  impl->end.assign(end);
  impl->read(impl->out, impl->out_piece, impl->handlers.on_out);
  impl->read(impl->err, impl->err_piece, impl->handlers.on_err);
  impl->await_end();
  return std::make_unique<Process>(std::move(impl));
}

Process::Process(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Process::~Process() {
  impl_->handlers = {};
  impl_->patience.drop();
  impl_->kill(SIGKILL);
  error_code ignored;
  impl_->in.close(ignored);
  impl_->out.close(ignored);
  impl_->err.close(ignored);
}

void Process::write(std::string text) {
  if (impl_->closes_input || text.empty()) return;
  impl_->waiting.push_back(std::move(text));
  impl_->write_next();
}

void Process::close_input() {
  impl_->closes_input = true;
  impl_->write_next();
}

void Process::stop() {
  impl_->kill(SIGTERM);
  impl_->patience.set_after(AskedFor, [raw = impl_.get()] { raw->kill(SIGKILL); });
}

}  // namespace flow::net
