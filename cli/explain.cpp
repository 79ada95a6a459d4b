#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "cli/commands.h"
#include "compiler/diag/nearest.h"
#include "compiler/diag/render.h"
#include "runtime/edge/errors/errors.h"

namespace flow::cli {
namespace {

auto nearest_code(const std::string& code) -> std::optional<std::string_view> {
  std::vector<std::string_view> codes;
  for (const auto& entry : diag::all_entries()) codes.push_back(entry.code);
  for (const auto& row : edge::errors()) codes.push_back(row.code);
  return diag::nearest(code, codes);
}

}  // namespace

auto perform(const Explain& explain, const Console& console) -> int {
  auto code = explain.code;
  std::ranges::transform(code, code.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  auto page = diag::explain(code);
  if (page.empty()) page = edge::explain(code);
  if (!page.empty()) {
    console.print(page);
    return 0;
  }
  const auto meant = nearest_code(code);
  fmt::print(stderr, "flowc: there is no message {}{}\n", explain.code, meant ? fmt::format("; did you mean {}?", *meant) : "");
  return 2;
}

}  // namespace flow::cli
