#include "cli/files.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace flow::cli {

auto read_input() -> std::string {
  std::string out;
  char buffer[65'536];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) out.append(buffer, n);
  return out;
}

auto write_file(const std::string& path, std::string_view text) -> Result<void> {
  // A link stays one: what it leads to is replaced.
  std::error_code error;
  const auto real = std::filesystem::exists(path, error) ? std::filesystem::canonical(path, error).string() : path;
  const auto refuse = [&] { return failure("R0504", fmt::format("cannot write {}: {}", path, std::strerror(errno))); };
  auto name = real + ".XXXXXX";
  const int descriptor = mkstemp(name.data());
  if (descriptor < 0) return refuse();
  struct stat old {};
  if (stat(real.c_str(), &old) == 0) {
    if (fchmod(descriptor, old.st_mode & 07777) != 0) errno = 0;  // the text matters more than the mode
  } else {
    fchmod(descriptor, 0644);
  }
  bool good = true;
  for (auto rest = text; good && !rest.empty();) {
    const auto written = write(descriptor, rest.data(), rest.size());
    good = written > 0;
    if (good) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  good = close(descriptor) == 0 && good && std::rename(name.c_str(), real.c_str()) == 0;
  if (good) return {};
  const auto reason = refuse();
  unlink(name.c_str());
  return reason;
}

}  // namespace flow::cli
