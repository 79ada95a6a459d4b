#include "lsp/uri.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

namespace flow::lsp {
namespace {

auto is_plain(char c) -> bool {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view{"/-._~"}.find(c) != std::string_view::npos;
}

}  // namespace

auto path_of(std::string_view uri) -> std::optional<std::string> {
  if (!uri.starts_with("file://")) return std::nullopt;
  uri.remove_prefix(7);
  if (uri.starts_with("localhost/")) uri.remove_prefix(9);
  if (!uri.starts_with('/')) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    unsigned char byte = 0;
    const auto* digits = uri.data() + i + 1;
    if (uri[i] == '%' && i + 2 < uri.size() + 0 && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += uri[i];
    }
  }
  if (out.find('\0') != out.npos) return std::nullopt;
  return std::filesystem::path{out}.lexically_normal().string();
}

auto uri_of(std::string_view path) -> std::string {
  std::string out = "file://";
  for (const char c : path) out += is_plain(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace flow::lsp
