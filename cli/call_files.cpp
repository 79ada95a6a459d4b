#include "cli/call_files.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace flow::cli {
namespace {

auto cannot_write(const std::string& path, int why) -> tl::unexpected<Error> {
  return failure("R0504", fmt::format("cannot write `{}`: {}", path, std::strerror(why)), "does the folder exist, and is there room?");
}

auto chosen(const std::string& asked, const std::string& usual) -> std::string {
  if (asked == "none") return {};
  return asked.empty() ? usual : asked;
}

}  // namespace

auto call_files(const Run& run, const std::string& time) -> Result<CallFiles> {
  const auto stem = fmt::format("calls/{}-{}", time, std::filesystem::path(run.flow).stem().string());
  CallFiles files{chosen(run.record, stem + ".wav"), chosen(run.journal, stem + ".journal")};
  if (run.record.empty() || run.journal.empty()) {
    std::error_code refused;
    if (std::filesystem::create_directories("calls", refused)) {  // what was said is for its owner
      std::filesystem::permissions("calls", std::filesystem::perms::owner_all, refused);
    }
    if (refused) return cannot_write("calls", refused.value());
  }
  return files;
}

auto time_for_names() -> std::string { return fmt::format("{:%Y%m%d-%H%M%S}", fmt::localtime(std::time(nullptr))); }

auto read_file(const std::string& path) -> Result<std::string> {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad() || std::filesystem::is_directory(path)) {
    return failure("R0502", fmt::format("cannot read `{}`: {}", path, std::strerror(std::filesystem::is_directory(path) ? EISDIR : errno)));
  }
  return text;
}

auto write_file(const std::string& path, const std::string& text) -> Result<void> {
  errno = 0;
  std::ofstream out(path, std::ios::binary);
  if (!(out << text).flush()) return cannot_write(path, errno);
  return {};
}

}  // namespace flow::cli
