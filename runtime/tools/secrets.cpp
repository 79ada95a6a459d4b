#include "runtime/tools/secrets.h"

#include <algorithm>

namespace flow::tools {

void Secrets::add(const std::string& secret) {
  if (secret.size() < LengthMin || std::ranges::count(all_, secret) > 0) return;
  const auto longer = [&](const std::string& other) { return other.size() >= secret.size(); };
  all_.insert(std::ranges::find_if_not(all_, longer), secret);
}

auto Secrets::blot(std::string text) const -> std::string {
  constexpr std::string_view Blot = "[secret]";
  for (const auto& secret : all_) {
    for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at + Blot.size())) text.replace(at, secret.size(), Blot);
  }
  return text;
}

}  // namespace flow::tools
