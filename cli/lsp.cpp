// `flowc lsp`: the server on a pipe. Reads what is there, answers, and says what is left when nothing is waiting.

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/commands.h"
#include "cli/version.h"
#include "compiler/check/load.h"
#include "lsp/frames.h"
#include "lsp/server.h"

namespace flow::cli {
namespace {

namespace fs = std::filesystem;

// Another number when the file is another one.
auto stamp_of(const std::string& path) -> std::uint64_t {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return 0;
  const auto time = static_cast<std::uint64_t>(about.st_mtim.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(about.st_mtim.tv_nsec);
  return ((time ^ (static_cast<std::uint64_t>(about.st_size) << 40u) ^ about.st_ino) | 1u) & ~(std::uint64_t{1} << 63u);
}

// The flows of a folder, without hidden ones and what npm brought. An editor may have somebody's whole home open: after so
// many entries the rest is left alone, until a file of it is opened.
auto flows_below(const std::string& folder) -> std::vector<std::string> {
  constexpr int EntriesMax = 100'000;
  std::vector<std::string> out;
  std::error_code error;
  int entries = 0;
  for (auto each = fs::recursive_directory_iterator{folder, fs::directory_options::skip_permission_denied, error}; !error && each != fs::end(each) && ++entries < EntriesMax; each.increment(error)) {
    const auto name = each->path().filename().string();
    std::error_code unknown;
    if (each->is_directory(unknown)) {
      if (name.starts_with('.') || name == "node_modules") each.disable_recursion_pending();
    } else if (name.ends_with(".flow")) {
      out.push_back(each->path().string());
    }
  }
  std::ranges::sort(out);
  return out;
}

auto cache_folder() -> fs::path {
  if (const char* folder = std::getenv("XDG_CACHE_HOME"); folder && *folder == '/') return folder;
  if (const char* home = std::getenv("HOME"); home && *home) return fs::path{home} / ".cache";
  return fs::temp_directory_path();
}

// The library as files, so that any editor can open a definition in it. Not to be written: a change would mean nothing.
auto written_library() -> std::string {
  const auto folder = cache_folder() / "flowc" / Version;
  std::error_code error;
  for (const auto path : check::standard_paths()) {
    const auto file = folder / path;
    fs::create_directories(file.parent_path(), error);
    if (check::read_from_disk(file.string()).value_or("") == check::standard_text(path)) continue;
    fs::remove(file, error);
    std::ofstream{file, std::ios::binary} << check::standard_text(path);
    fs::permissions(file, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read, error);
  }
  return folder.string();
}

auto write_all(std::string_view text) -> bool {
  while (!text.empty()) {
    const auto n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

auto write_all(const std::vector<std::string>& messages) -> bool {
  return std::ranges::all_of(messages, [](const std::string& message) { return write_all(lsp::framed(message)); });
}

auto is_waiting() -> bool {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 0) > 0;
}

// What came in; nothing: the editor is gone.
auto read_some() -> std::optional<std::string> {
  char buffer[65'536];
  for (;;) {
    const auto n = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (n > 0) return std::string(buffer, static_cast<std::size_t>(n));
    if (n == 0 || errno != EINTR) return std::nullopt;
  }
}

}  // namespace

auto perform(const Lsp&, const Console& console) -> int {
  lsp::Server server{{.workspace = {.read = check::read_from_disk, .stamp = stamp_of, .standard_folder = written_library()}, .list = flows_below, .version = Version}};
  if (::isatty(STDIN_FILENO) && !console.quiet) std::fputs("flowc lsp waits for an editor on its input; docs/editors.md says how to set one up. Ctrl-C ends.\n", stderr);
  lsp::Frames frames;
  while (!server.ended()) {
    const auto message = frames.next();
    if (!message) {
      console.fail({"R0508", fmt::format("what comes in is not what an editor sends: {}", message.error().text), "an editor starts flowc lsp; docs/editors.md says how to set one up"});
      return 1;
    }
    if (*message) {
      if (!write_all(server.take(**message))) return 1;
      continue;
    }
    if (!is_waiting()) {
      const auto more = server.rest();
      if (!write_all(more)) return 1;
      if (!more.empty()) continue;
    }
    const auto bytes = read_some();
    if (!bytes) return server.exit_code();
    frames.put(*bytes);
  }
  return server.exit_code();
}

}  // namespace flow::cli
