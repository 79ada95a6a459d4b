#pragma once
// Waits for files to change.

#include <set>
#include <string>
#include <vector>

namespace flow::cli {

class Watcher {
 public:
  Watcher();
  ~Watcher();
  Watcher(const Watcher&) = delete;
  auto operator=(const Watcher&) -> Watcher& = delete;

  // From now on these files, and every `*.flow` below these folders. A file need not be there yet; its folder must.
  void watch(const std::vector<std::string>& files, const std::vector<std::string>& folders);
  // Blocks until one of them was written, made, moved or deleted and nothing more has happened for a moment, as an editor
  // does several things to save one file. Gives the path, or nothing when the system does not tell any more.
  auto wait() -> std::string;

 private:
  struct Folder {
    int descriptor = -1;
    std::string path;
    bool all_flows = false;
  };
  void add(const std::string& folder, bool all_flows);
  auto read_events() -> std::string;

  int queue_;
  std::vector<Folder> folders_;
  std::set<std::string> files_;
};

}  // namespace flow::cli
