#include "cli/watcher.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace flow::cli {
namespace {

namespace fs = std::filesystem;

constexpr int QuietMs = 50;  // an editor's several steps of saving lie closer together

auto normal(const fs::path& path) -> std::string {
  std::error_code error;
  auto out = fs::absolute(path, error).lexically_normal().string();
  while (out.size() > 1 && out.ends_with('/')) out.pop_back();
  return out;
}

}  // namespace

Watcher::Watcher() : queue_(inotify_init1(IN_CLOEXEC)) {}
Watcher::~Watcher() {
  if (queue_ >= 0) close(queue_);
}

void Watcher::add(const std::string& folder, bool all_flows) {
  const auto known = std::ranges::find(folders_, folder, &Folder::path);
  if (known != folders_.end()) {
    known->all_flows = known->all_flows || all_flows;
    return;
  }
  const auto descriptor = inotify_add_watch(queue_, folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE);
  if (descriptor >= 0) folders_.push_back({descriptor, folder, all_flows});
}

void Watcher::watch(const std::vector<std::string>& files, const std::vector<std::string>& folders) {
  for (const auto& file : files) {
    files_.insert(normal(file));
    add(fs::path{normal(file)}.parent_path().string(), false);
  }
  for (const auto& folder : folders) {
    add(normal(folder), true);
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator{folder, fs::directory_options::skip_permission_denied, error}) {
      if (entry.is_directory(error)) add(normal(entry.path()), true);
    }
  }
}

// The path of the last event that matters; empty if none does.
auto Watcher::read_events() -> std::string {
  alignas(inotify_event) char buffer[16'384];
  std::string changed;
  const auto size = read(queue_, buffer, sizeof buffer);
  for (ssize_t at = 0; at < size;) {
    const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
    at += static_cast<ssize_t>(sizeof(inotify_event)) + event->len;
    const auto folder = std::ranges::find(folders_, event->wd, &Folder::descriptor);
    if (event->len == 0 || folder == folders_.end()) continue;
    const auto path = normal(fs::path{folder->path} / event->name);
    const bool is_folder = (event->mask & IN_ISDIR) != 0;
    if (is_folder && folder->all_flows && (event->mask & (IN_CREATE | IN_MOVED_TO))) add(path, true);
    if (!is_folder && (files_.contains(path) || (folder->all_flows && path.ends_with(".flow")))) changed = path;
  }
  return changed;
}

auto Watcher::wait() -> std::string {
  pollfd waiting{.fd = queue_, .events = POLLIN, .revents = 0};
  std::string changed;
  for (;;) {
    const int ready = poll(&waiting, 1, changed.empty() ? -1 : QuietMs);
    if (ready < 0 || queue_ < 0) return {};
    if (ready == 0) return changed;
    if (auto path = read_events(); !path.empty()) changed = std::move(path);
  }
}

}  // namespace flow::cli
